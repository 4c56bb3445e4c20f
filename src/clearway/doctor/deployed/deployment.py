"""A deployment as the files of a project describe it."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from clearway.doctor.facts import Tree

from . import compose, dockerfile, platform, running
from .command import Command, Phase, with_scripts
from .compose import Service
from .dockerfile import Dockerfile
from .documents import documents
from .platform import Platform

_COMPOSE = r"(?:[\w./-]*/)?(?:docker-)?compose[\w.-]*\.ya?ml|(?:local|production|staging)\.yml"
_FOR_WORK = re.compile(r"\b(local|dev|devel|development|override|test|tests|ci|debug)\b|devcontainer")
SERVERS = re.compile(r"\b(gunicorn|uvicorn|daphne|hypercorn|granian|uwsgi|waitress-serve|mod_wsgi-express|runserver)\b")


@dataclass(frozen=True)
class Deployment:
    """Read on demand from the tree; what is for development only is left out."""

    tree: Tree

    @cached_property
    def platforms(self) -> tuple[Platform, ...]:
        """Where it is deployed."""
        return tuple(platform.platforms(self.tree))

    @cached_property
    def compose_file(self) -> str:
        """The compose file of production, or the only one; empty where there is none."""
        names = [name for name in self.tree.texts if re.fullmatch(_COMPOSE, name) and not _FOR_WORK.search(name)]
        return min(names, key=lambda name: ("prod" not in name, name.count("/"), name), default="")

    @cached_property
    def services(self) -> tuple[Service, ...]:
        """Of that compose file; none where it runs Django's server for development and no web server."""
        name = self.compose_file
        read = documents(self.tree, re.escape(name)) if name else iter(())
        found = next((compose.services(document) for _, document in read), ())
        is_for_work = any("runserver" in text for each in found for text, _ in each.commands)
        return () if is_for_work and not any(each.is_front for each in found) else found

    @cached_property
    def app(self) -> Service | None:
        """The service that runs Django's server."""
        ours = [each for each in self.services if each.dockerfile and not each.is_front]
        return next((each for each in ours if self._starts_server(each)), ours[0] if ours else None)

    @cached_property
    def image(self) -> Dockerfile | None:
        """The Dockerfile of that service; without compose that of production, or the only one."""
        if self.app:
            return self.image_of(self.app)
        names = [name for name in self._dockerfiles if not _FOR_WORK.search(name)]
        best = min(names, key=lambda name: (name != "Dockerfile", "prod" not in name, name), default="")
        return self._dockerfiles.get(best)

    def image_of(self, service: Service) -> Dockerfile | None:
        """The Dockerfile that a service is built from, where it is one of the project."""
        beside = posixpath.dirname(self.compose_file)
        written = posixpath.normpath(posixpath.join(beside, service.context or ".", service.dockerfile))
        return self._dockerfiles.get(written) or self._dockerfiles.get(posixpath.normpath(service.dockerfile or "."))

    @cached_property
    def context(self) -> str:
        """The directory on this machine that the image is built from."""
        inner = ""
        if self.app:
            inner = posixpath.join(posixpath.dirname(self.compose_file), self.app.context)
        elif self.image and "manage.py" not in self.tree.texts:
            inner = posixpath.dirname(self.image.file)
        return posixpath.normpath(posixpath.join(self.tree.root, inner))

    @cached_property
    def _dockerfiles(self) -> Mapping[str, Dockerfile]:
        named = [name for name in self.tree.texts if "dockerfile" in posixpath.basename(name).lower()]
        read = {name: dockerfile.parse(name, self.tree.texts[name]) for name in named if "ignore" not in name}
        return {name: found for name, found in read.items() if found}

    @cached_property
    def commands(self) -> tuple[Command, ...]:
        """All that is run, with the lines of the scripts that are started."""
        direct = [*running.commands(self.tree), *self._of_images(), *self._of_services()]
        return tuple(each for command in direct for each in with_scripts(command, self.tree))

    def has_elsewhere(self, root: str) -> str:
        """The file by which the content of STATIC_ROOT is in an image, on a platform or on a volume; empty for none."""
        if self.image and self.inside(self.context) == self.context:
            return ""  # this is the inside of the image
        mount = self.app.mount_of(self.inside(root)) if self.app else None
        if mount and mount.is_volume:
            return self.compose_file
        own = [each.location.file for each in self.platforms if each.collects]
        run = [each.location.file for each in self.commands if each.collects and each.phase != Phase.RELEASE]
        found = [file for file in (*own, *run) if not file.endswith(".service")]
        return posixpath.relpath(found[0], self.tree.root) if found else ""

    def inside(self, path: str) -> str:
        """Where a path of this machine is in the image: below the project it moves with it."""
        relative = posixpath.relpath(path, self.context)
        if relative.startswith(".."):
            return path
        if self.image:
            return self.image.place(relative)
        return posixpath.join(self.app.working_dir, relative) if self.app and self.app.working_dir else path

    def _starts_server(self, service: Service) -> bool:
        image = self.image_of(service)
        where = self.tree.location(self.compose_file, service.line)
        texts = [
            *(text for text, _ in service.commands),
            *(each.command for each in (image.started() if image else ())),
        ]
        commands = (Command(text, Phase.START, where) for text in texts)
        return any(SERVERS.search(line.text) for each in commands for line in with_scripts(each, self.tree))

    def _of_images(self) -> Iterator[Command]:
        """What RUN says, and ENTRYPOINT and CMD unless compose has another command."""
        built = [(image, each) for each in self.services if (image := self.image_of(each))]
        replaced = {image.file for image, _ in built} - {image.file for image, each in built if not each.commands}
        for image in dict.fromkeys([*(image for image, _ in built), *([self.image] if self.image else [])]):
            for stage in image.reached:
                for each in stage.instructions:
                    if each.name == "RUN":
                        yield Command(each.command, Phase.BUILD, self.tree.location(image.file, each.line))
            for each in image.started():
                if each.name == "ENTRYPOINT" or image.file not in replaced:
                    yield Command(each.command, Phase.START, self.tree.location(image.file, each.line))

    def _of_services(self) -> Iterator[Command]:
        for service in self.services:
            for text, line in service.commands:
                yield Command(text, Phase.START, self.tree.location(self.compose_file, line))
