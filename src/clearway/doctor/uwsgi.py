"""What uWSGI's own mappings do with STATIC_ROOT and MEDIA_ROOT. Reads `settings` and `tree`."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from os.path import normpath, realpath, relpath
from pathlib import Path
from urllib.parse import urlsplit

from .deployed.deployment import Deployment
from .deployed.uwsgi import StaticMap, static_maps
from .facts import Facts


@dataclass(frozen=True)
class Mappings:
    """Those of a deployment, beside the URL and the directory of `static` or `media`."""

    facts: Facts
    kind: str

    @cached_property
    def deployment(self) -> Deployment:
        return Deployment(self.facts.tree)

    @cached_property
    def all(self) -> tuple[StaticMap, ...]:
        return static_maps(self.deployment)

    @cached_property
    def root(self) -> str:
        """STATIC_ROOT or MEDIA_ROOT as an absolute path; empty where it is not set."""
        written = str(self.facts.settings.get(f"{self.kind.upper()}_ROOT") or "")
        return str(Path(written).absolute()) if written else ""

    @cached_property
    def due(self) -> str:
        """That directory where the server runs."""
        return normpath(self.deployment.inside(self.root))

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """What URLs of files begin with, as visitors and as the application see it."""
        written = urlsplit(str(self.facts.settings.get(f"{self.kind.upper()}_URL") or "")).path
        inner = written.strip("/")
        script = str(self.facts.settings.get("FORCE_SCRIPT_NAME") or "").strip("/")
        seen = [inner] if written.startswith("/") or not script else [f"{script}/{inner}", inner]
        seen += [each.removeprefix(f"{script}/") for each in seen if script]
        return tuple(dict.fromkeys(f"/{each}/" if each else "/" for each in seen))

    @cached_property
    def fitting(self) -> tuple[StaticMap, ...]:
        """Those that are asked for such URLs."""
        return tuple(each for each in self.all if any(path.startswith(each.prefix) for path in self.paths))

    @cached_property
    def meant(self) -> tuple[StaticMap, ...]:
        """Those that are there for such URLs, or for some of them: right or wrong."""
        deeper = (each for each in self.all if any(each.prefix.startswith(path) for path in self.paths if path != "/"))
        return tuple(dict.fromkeys((*self.fitting, *deeper, *((self.misplaced,) if self.misplaced else ()))))

    @cached_property
    def misplaced(self) -> StaticMap | None:
        """One that has the directory below another prefix, where no other is asked and none is right."""
        others = [each for each in self.fitting if not self._is_due(each.directory)]
        if not self.root or self.paths[0] == "/" or others or any(map(self._leads, self.fitting)):
            return None
        return next((each for each in self.all if self._is_due(each.directory)), None)

    def _is_due(self, folder: str | None) -> bool:
        return folder is not None and (folder in (self.root, self.due) or realpath(folder) == realpath(self.root))

    def _leads(self, mapped: StaticMap) -> bool:
        """Whether it looks for the files where they are due."""
        paths = [path for path in self.paths if mapped.directory and path.startswith(mapped.prefix)]
        return any(self._is_due(normpath(mapped.file(path, mapped.directory or ""))) for path in paths)

    def unanswered(self, names: Iterable[str]) -> tuple[StaticMap, str] | None:
        """The mapping of the prefix, and the first of the files that no mapping finds; None where one may find all."""
        to_blame = [each for each in self.fitting if each.prefix.strip("/")]
        if not self.root or not to_blame or any(self._is_due(each.directory) for each in to_blame):
            return None
        local = {each: self._here(each) for each in self.all}
        missing = next((name for name in names if not any(self._may_have(local, name))), None)
        return None if missing is None else (max(to_blame, key=lambda each: len(each.prefix)), missing)

    def _may_have(self, local: Mapping[StaticMap, str], name: str) -> Iterator[bool]:
        """Of each mapping of a file's URL; one to a directory that is not known may have it."""
        for each, folder in local.items():
            for path in self.paths:
                if (path + name).startswith(each.prefix):
                    yield not folder or Path(each.file(path + name, folder)).is_file()

    def _here(self, mapped: StaticMap) -> str:
        """Its directory on this machine; empty where that is not known."""
        folder, deployment = mapped.directory, self.deployment
        if folder is None or self._is_mounted(folder):
            return ""
        inside = deployment.inside(deployment.context)
        moved = normpath(f"{deployment.context}/{relpath(folder, inside)}")
        if Path(folder).is_dir() or not (deployment.image or deployment.platforms or self._is_outside(folder)):
            return folder
        return moved if Path(moved).is_dir() and deployment.inside(moved) == folder else ""

    def _is_mounted(self, folder: str) -> bool:
        """Whether a volume holds it, or a directory of its own of this machine."""
        mount = self.deployment.app.mount_of(folder) if self.deployment.app else None
        inside = self.deployment.inside(self.deployment.context)
        return mount is not None and (mount.is_volume or normpath(mount.target) != inside)

    def _is_outside(self, folder: str) -> bool:
        return not Path(folder).is_relative_to(self.facts.tree.root)
