"""A compose file: its services, with what is mounted where."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .yaml import Document

_FRONTS = re.compile(r"(?:^|/)(?:[\w.-]*-)?(nginx|caddy|httpd|apache|openresty|angie)[\w.-]*(?::|@|$)")


@dataclass(frozen=True)
class Mount:
    """`source` is the name of a volume, or a path of this machine, which starts with `.`, `/` or `~`."""

    source: str
    target: str
    line: int

    @property
    def is_volume(self) -> bool:
        """Whether the engine keeps it; else it is a directory of this machine."""
        return self.source[:1] not in (".", "/", "~", "$")

    def covers(self, path: str) -> bool:
        """Whether a path in the container lies on it."""
        return path == self.target or path.startswith(f"{self.target.rstrip('/')}/")


@dataclass(frozen=True)
class Service:
    """A service; `dockerfile` is empty where an image is taken as it is."""

    name: str
    image: str
    context: str
    dockerfile: str
    mounts: tuple[Mount, ...]
    commands: tuple[tuple[str, int], ...]
    environment: Mapping[str, str]
    working_dir: str
    line: int

    @property
    def is_front(self) -> bool:
        """Whether it is a web server that serves files."""
        if self.image:
            return bool(_FRONTS.search(self.image.lower())) and "proxy" not in self.image.lower()
        return bool(_FRONTS.search((posixpath.basename(self.context.rstrip("/.")) or self.name).lower()))

    def mount_of(self, path: str) -> Mount | None:
        """The mount that a path lies on: the deepest."""
        found = [mount for mount in self.mounts if mount.covers(path)]
        return max(found, key=lambda mount: len(mount.target), default=None)


def services(document: Document) -> tuple[Service, ...]:
    """Of a compose file; what has another form is left out."""
    found = document.get("services")
    return tuple(
        _service(document, str(name), entry)
        for name, entry in (found.items() if isinstance(found, dict) else ())
        if isinstance(entry, dict)
    )


def _service(document: Document, name: str, entry: Mapping[str, Any]) -> Service:
    build = entry.get("build")
    context, dockerfile = "", ""
    if isinstance(build, str):
        context, dockerfile = build, "Dockerfile"
    elif isinstance(build, dict):
        context, dockerfile = str(build.get("context") or "."), str(build.get("dockerfile") or "Dockerfile")
    here = ("services", name)
    return Service(
        name,
        _text(entry.get("image")),
        _text(context),
        dockerfile,
        tuple(_mounts(document, name, entry.get("volumes"))),
        tuple((_joined(entry[key]), document.line(*here, key)) for key in ("entrypoint", "command") if entry.get(key)),
        _environment(entry.get("environment")),
        _text(entry.get("working_dir")),
        document.line(*here),
    )


def _mounts(document: Document, name: str, volumes: Any) -> Iterator[Mount]:
    for place, each in enumerate(volumes if isinstance(volumes, list) else ()):
        line = document.line("services", name, "volumes", place)
        if isinstance(each, dict) and each.get("target"):
            yield Mount(_text(each.get("source")), _directory(each["target"]), line)
        elif isinstance(each, str):
            source, colon, rest = _text(each).partition(":")
            yield Mount(source, _directory(rest.partition(":")[0]), line) if colon else Mount("", source, line)


def _directory(text: Any) -> str:
    return posixpath.normpath(_text(text))


def _environment(given: Any) -> dict[str, str]:
    if isinstance(given, dict):
        return {str(name): _text(value) for name, value in given.items()}
    pairs = (str(each).partition("=") for each in given) if isinstance(given, list) else ()
    return {name: _text(value) for name, _, value in pairs}


def _joined(command: Any) -> str:
    return " ".join(map(str, command)) if isinstance(command, list) else str(command)


def _text(value: Any) -> str:
    """With the defaults of variables that are not set here."""
    return re.sub(r"\$\{\w+(?::?-([^}]*))?\}", lambda found: found[1] or found[0], str(value)) if value else ""
