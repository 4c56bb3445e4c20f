"""A configuration of httpd as texts that can be edited, and read again."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from clearway.fronts.directive import Directive
from clearway.fronts.errors import ConfigurationError
from clearway.fronts.road import Location
from clearway.fronts.texts import Edit, Texts, indentation, walk

from .reading import Configuration, reread

Edits = tuple[Edit, ...]


def texts_of(configuration: Configuration) -> Texts:
    """Every file that a directive of the configuration stands in."""
    return Texts.of(configuration.main, walk(configuration.directives), configuration.paths)


def read_again(texts: Texts, original: Configuration) -> Configuration:
    """The configuration of these texts. Raises `ConfigurationError`."""
    again = reread(original, {name: "\n".join([*rows, ""]) for name, rows in texts.files.items()})
    if len(again.problems) > len(original.problems):
        raise again.problems[-1]
    if lacking := again.unloaded - original.unloaded:
        raise ConfigurationError(f"{', '.join(sorted(lacking))} is not loaded", Location(original.main, 1))
    return again


@dataclass(frozen=True)
class Editor:
    """Changes to the texts of a configuration; None where a line cannot be changed.

    That is so in an `.htaccess`, which is no part of the texts, and in a macro that is used more than once. Lines are
    given with four spaces for each depth, and indented as their file is.
    """

    configuration: Configuration
    texts: Texts

    def text(self, each: Directive) -> str:
        """A directive as it is written, on one line."""
        rows = self.texts.files.get(each.location.file, ())[each.location.line - 1 : self._end(each.location)]
        return "".join(row.rstrip("\r").removesuffix("\\") for row in rows).strip()

    def rewritten(self, each: Directive, *lines: str) -> Edits | None:
        """Lines in place of a directive, or of the first line of a section."""
        at = each.location
        if not self._may_change(at):
            return None
        return (Edit(at.file, at.line - 1, self._end(at), self._indented(at, lines)),)

    def before(self, at: Location, lines: Iterable[str]) -> Edits | None:
        """Lines before a line."""
        place = at.line - 1
        return (Edit(at.file, place, place, self._indented(at, lines)),) if self._may_change(at) else None

    def after(self, at: Location, lines: Iterable[str]) -> Edits | None:
        """Lines behind a directive."""
        if not self._may_change(at):
            return None
        return (Edit(at.file, self._end(at), self._end(at), self._indented(at, lines)),)

    def at_start(self, section: Directive, lines: Iterable[str]) -> Edits | None:
        """Lines at the beginning of a section."""
        if not self._may_change(section.location):
            return None
        place = self._end(section.location)
        return (Edit(section.location.file, place, place, self._deeper(section, lines)),)

    def at_end(self, section: Directive, lines: Iterable[str]) -> Edits | None:
        """Lines at the end of a section."""
        place = self._closing(section)
        if place is None or not self._may_change(section.location):
            return None
        return (Edit(section.location.file, place, place, self._deeper(section, lines)),)

    def behind(self, section: Directive, lines: Iterable[str]) -> Edits | None:
        """Lines behind the end of a section."""
        place = self._closing(section)
        if place is None or not self._may_change(section.location):
            return None
        return (Edit(section.location.file, place + 1, place + 1, self._indented(section.location, lines)),)

    def at_end_of_main(self, lines: Iterable[str]) -> Edits:
        """Lines at the end of the main file."""
        main = next(iter(self.texts.files))
        place = len(self.texts.files[main])
        return (Edit(main, place, place, tuple(lines)),)

    # --- places

    @cached_property
    def _uses(self) -> dict[tuple[str, int], set[Location | None]]:
        found: dict[tuple[str, int], set[Location | None]] = defaultdict(set)
        for each in walk(self.configuration.directives):
            found[each.location.file, each.location.line].add(each.location.used)
        return found

    def _may_change(self, at: Location) -> bool:
        return at.file in self.texts.files and len(self._uses[at.file, at.line]) < 2

    def _end(self, at: Location) -> int:
        """The place behind a line and those that continue it."""
        rows = self.texts.files.get(at.file, ())
        place = at.line
        while 0 < place < len(rows) and re.search(r"(?<!\\)\\\r?\Z", rows[place - 1]):
            place += 1
        return place

    def _closing(self, section: Directive) -> int | None:
        rows = self.texts.files.get(section.location.file, ())
        depth = 0
        for place in range(self._end(section.location), len(rows)):
            found = re.match(rf"\s*<(/?){section.name}(?:\s|>)", rows[place], re.IGNORECASE)
            if found and found[1] and not depth:
                return place
            depth += (1 if not found[1] else -1) if found else 0
        return None

    def _indented(self, at: Location, lines: Iterable[str]) -> tuple[str, ...]:
        return self._at_depth(at.file, indentation(self.texts.files[at.file][at.line - 1]), lines)

    def _deeper(self, section: Directive, lines: Iterable[str]) -> tuple[str, ...]:
        """As what is in the section already, else a step deeper than it."""
        file = section.location.file
        rows = self.texts.files[file]
        inside = next((each for each in section.block or () if each.location.file == file), None)
        outside = indentation(rows[section.location.line - 1])
        margin = indentation(rows[inside.location.line - 1]) if inside else outside + self.texts.step(file)
        return self._at_depth(file, margin, lines)

    def _at_depth(self, file: str, margin: str, lines: Iterable[str]) -> tuple[str, ...]:
        step = self.texts.step(file)
        return tuple(margin + step * (len(indentation(line)) // 4) + line.lstrip() for line in lines)
