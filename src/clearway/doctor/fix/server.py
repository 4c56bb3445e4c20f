"""The configuration of a web server: what is mended in it is written beside it, for its owner to install."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from importlib import import_module
from pathlib import Path
from shlex import quote
from typing import Any

from clearway.fronts.front import Front

_SUFFIX = ".clearway"
_TAKEN_IN = re.compile(rb"^\s*(?:include|import|IncludeOptional)\s+[\"']?([^\s;\"']+)", re.MULTILINE | re.IGNORECASE)
_TESTS = {
    "nginx": ("nginx -t", "systemctl reload nginx"),
    "caddy": ("caddy validate --config {main}", "systemctl reload caddy"),
    "apache": ("apachectl configtest", "systemctl reload apache2"),
}


@dataclass(frozen=True)
class Server:
    """Its name, its main file, and all files that it reads, behind their links."""

    name: str
    main: str
    files: frozenset[Path]

    @classmethod
    def of(cls, front: Front) -> "Server":
        """The server whose configuration was read."""
        configuration = front.configuration
        editing: Any = import_module(f"clearway.fronts.{front.name}.editing")
        files = frozenset(Path(name).resolve() for name in editing.texts_of(configuration).files)
        return cls(front.name, front.paths.here(configuration.main), files)

    def reads(self, path: Path) -> bool:
        """Whether the file is one of its configuration."""
        return path.resolve() in self.files

    def beside(self, path: Path) -> Path:
        """Where the mended file is written: never where the server would read it too, or nobody here may write."""
        target = path.resolve()
        place = target.with_name(target.name + _SUFFIX)
        return place if os.access(target.parent, os.W_OK) and not self._takes_in(place) else Path.cwd() / place.name

    def installing(self, path: Path, place: Path) -> list[str]:
        """The commands that put it in place, test it and make the server read it."""
        old, new = (quote(str(each)) for each in (path.resolve(), place))
        tests = (each.format(main=quote(self.main)) for each in _TESTS[self.name])
        return [f"diff -u {old} {new}", f"cp {new} {old}", *tests]

    def _takes_in(self, place: Path) -> bool:
        """Whether a pattern of an include would cover it."""
        return any(fnmatch(place.name, os.path.basename(pattern)) for pattern in self._patterns())  # noqa: PTH119

    def _patterns(self) -> Iterator[str]:
        for file in self.files:
            try:
                yield from (os.fsdecode(found[1]) for found in _TAKEN_IN.finditer(file.read_bytes()))
            except OSError:
                continue
