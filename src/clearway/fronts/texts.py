"""The files of a configuration as texts: edited in memory, and shown as a patch."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from clearway.editing.diff import unified
from clearway.fronts.path_map import PathMap
from clearway.fronts.road import Location

from .directive import Directive


@dataclass(frozen=True)
class Edit:
    """Lines in place of those from `start`, which counts from 0, up to `end`; of none where both are the same."""

    file: str
    start: int
    end: int
    lines: tuple[str, ...] = ()


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
            deeper = indentation(line) + self.step(at.file)
            broken = [f"{head}{{", *(deeper + each for each in lines), deeper + rest.strip()]
            return self._with(at.file, at.line - 1, at.line, broken)
        return self.after(at, lines, deeper=True)

    def after(self, at: Location, lines: Iterable[str], *, deeper: bool = False) -> "Texts":
        """With lines after a line, at its depth or one deeper."""
        line = self.files[at.file][at.line - 1]
        indent = indentation(line) + (self.step(at.file) if deeper else "")
        return self._with(at.file, at.line, at.line, [f"{indent}{each}" if each else "" for each in lines])

    def edited(self, edits: Iterable[Edit]) -> "Texts | None":
        """With all of these, whose places are those of the texts as they are; None where two touch the same line."""
        ordered = sorted(enumerate(edits), key=lambda each: (each[1].file, each[1].start, each[1].end, each[0]))
        last_first: Sequence[Edit] = [each for _, each in reversed(ordered)]
        if any(one.file == other.file and one.start < other.end for one, other in pairwise(last_first)):
            return None
        texts = self
        for each in last_first:
            texts = texts._with(each.file, each.start, each.end, list(each.lines))
        return texts

    def patch(self, before: "Texts") -> list[str]:
        """A unified diff, to be applied with `patch -p0 -d/`, which takes no links."""
        return [
            row
            for name, lines in self.files.items()
            if (old := before.files.get(name, lines)) != lines
            for row in _rows(name, old, lines)
        ]

    def grep(self, pattern: str) -> Iterator[Location]:
        """The lines in which a regular expression is found."""
        for name, lines in self.files.items():
            yield from (Location(name, place) for place, line in enumerate(lines, 1) if re.search(pattern, line))

    def changed_lines(self, before: "Texts") -> int:
        return sum(line[:1] in "+-" for line in self.patch(before))

    def step(self, name: str) -> str:
        """How much deeper the file indents."""
        indents = (indentation(line) for line in self.files[name] if line.strip())
        return min((indent for indent in indents if indent), key=len, default="    ")

    def _with(self, name: str, start: int, end: int, lines: list[str]) -> "Texts":
        old = self.files[name]
        ending = "\r" if old and old[0].endswith("\r") else ""
        new = (line.removesuffix("\r") + ending for line in lines)
        return replace(self, files={**self.files, name: (*old[:start], *new, *old[end:])})


def walk(directives: Iterable[Directive]) -> Iterator[Directive]:
    """Every directive, from the outside in."""
    for each in directives:
        yield each
        yield from walk(each.block or ())


def indentation(line: str) -> str:
    """The white space that a line begins with."""
    return line[: len(line) - len(line.lstrip())]


def _lines(name: str) -> tuple[str, ...]:
    """As the servers count them: what ends a line is a line feed, and nothing else."""
    try:
        text = Path(name).read_bytes().decode("utf-8", "surrogateescape")
    except OSError:
        return ()
    return tuple(text.removesuffix("\n").split("\n")) if text else ()


def _rows(name: str, before: Sequence[str], after: Sequence[str]) -> list[str]:
    """The diff of one file, of which the last line may have no end."""
    last = "" if _is_unended(name) else "\n"
    texts = ("\n".join(lines) + last if lines else "" for lines in (before, after))
    old, new = (re.findall(r"[^\n]*\n|[^\n]+", text) for text in texts)
    return "".join(unified(old, new, _real(name), 2)).removesuffix("\n").split("\n")


def _is_unended(name: str) -> bool:
    try:
        return Path(name).read_bytes()[-1:] not in (b"", b"\n")
    except OSError:
        return False


def _real(name: str) -> str:
    return str(Path(name).resolve()) if Path(name).is_symlink() else name
