"""The files of a configuration as texts: edited in memory, and shown as a patch."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from difflib import unified_diff
from pathlib import Path

from clearway.fronts.path_map import PathMap
from clearway.fronts.road import Location

from .directive import Directive


@dataclass(frozen=True)
class Texts:
    """Lines by file, the main file first; paths are those of this machine."""

    files: dict[str, tuple[str, ...]]
    paths: PathMap

    @classmethod
    def of(cls, main: str, directives: Iterable[Directive], paths: PathMap) -> "Texts":
        """The main file, as the front names it, and every file that one of the directives stands in."""
        names = dict.fromkeys([paths.here(main), *(each.location.file for each in directives)])
        return cls({name: _lines(name) for name in names}, paths)

    def with_file(self, name: str) -> "Texts | None":
        """With one more file, to be included; None where it is not there."""
        return replace(self, files={**self.files, name: _lines(name)}) if Path(name).is_file() else None

    def substituted(self, at: Location, pattern: str, text: str) -> "Texts | None":
        """With a part of a line in another form; None where the line has no such part, or has that form."""
        line = self.files[at.file][at.line - 1]
        changed = re.sub(pattern, lambda _: text, line, count=1)
        return None if changed == line else self._with(at.file, at.line - 1, at.line, [changed])

    def inside(self, at: Location, lines: Iterable[str]) -> "Texts | None":
        """With lines at the beginning of the block that the line opens."""
        line = self.files[at.file][at.line - 1]
        head, brace, rest = line.partition("{")
        if not brace:
            return None
        if rest.strip() and not rest.strip().startswith("#"):
            deeper = line[: len(line) - len(line.lstrip())] + self._step(at.file)
            broken = [f"{head}{{", *(deeper + each for each in lines), deeper + rest.strip()]
            return self._with(at.file, at.line - 1, at.line, broken)
        return self.after(at, lines, deeper=True)

    def after(self, at: Location, lines: Iterable[str], *, deeper: bool = False) -> "Texts":
        """With lines after a line, at its depth or one deeper."""
        line = self.files[at.file][at.line - 1]
        indent = line[: len(line) - len(line.lstrip())] + (self._step(at.file) if deeper else "")
        return self._with(at.file, at.line, at.line, [f"{indent}{each}" if each else "" for each in lines])

    def patch(self, before: "Texts") -> list[str]:
        """A unified diff, to be applied with `patch -p0`."""
        return [
            line
            for name, lines in self.files.items()
            for line in unified_diff(before.files.get(name, lines), lines, name, name, lineterm="", n=2)
        ]

    def grep(self, pattern: str) -> Iterator[Location]:
        """The lines in which a regular expression is found."""
        for name, lines in self.files.items():
            yield from (Location(name, place) for place, line in enumerate(lines, 1) if re.search(pattern, line))

    def changed_lines(self, before: "Texts") -> int:
        return sum(line[:1] in "+-" for line in self.patch(before))

    def _step(self, name: str) -> str:
        """How much deeper the file indents."""
        indents = (line[: len(line) - len(line.lstrip())] for line in self.files[name] if line.strip())
        return min((indent for indent in indents if indent), key=len, default="    ")

    def _with(self, name: str, start: int, end: int, lines: list[str]) -> "Texts":
        old = self.files[name]
        return replace(self, files={**self.files, name: (*old[:start], *lines, *old[end:])})


def walk(directives: Iterable[Directive]) -> Iterator[Directive]:
    """Every directive, from the outside in."""
    for each in directives:
        yield each
        yield from walk(each.block or ())


def _lines(name: str) -> tuple[str, ...]:
    try:
        return tuple(Path(name).read_bytes().decode("utf-8", "surrogateescape").splitlines())
    except OSError:
        return ()
