"""Files held against the oracles: how many, and what differs."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.oracles import drawings, style_sheets
from tests.oracles.node import Found, Oracle
from tests.oracles.style_sheets import Place

from clearway.build import js, references

SCRIPTS = {".js", ".mjs", ".cjs"}
IMPORTS = {"import", "dynamic import"}  # what es-module-lexer knows


@dataclass
class Tally:
    """What a comparison has seen. Files that no oracle takes are counted as unparsed and not compared."""

    files: int = 0
    octets: int = 0
    unparsed: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)
    lexer_differences: list[str] = field(default_factory=list)

    @property
    def references(self) -> int:
        return self.kinds.total()

    def read(self, path: Path) -> bytes:
        data = path.read_bytes()
        self.files += 1
        self.octets += len(data)
        return data


def files(root: Path, extensions: set[str]) -> list[Path]:
    """All files below a folder that have one of these extensions."""
    return sorted(path for path in root.rglob("*") if path.suffix.lower() in extensions and path.is_file())


def ours(data: bytes) -> Found:
    """What Clearway finds in a script."""
    return {(span.start, span.end, span.kind) for span in js.scan(data.decode("latin-1"))}


def ours_in_sheet(data: bytes) -> list[Place]:
    """What Clearway finds in a style sheet. NUL is what CSS reads as U+FFFD."""
    found = references.find("a.css", data)
    return [Place(each.start, each.end, each.kind, each.url.replace("\0", "\ufffd")) for each in found]


def compare_scripts(oracle: Oracle, paths: Iterable[Path]) -> Tally:
    """Hold each script against Acorn, and its imports against es-module-lexer."""
    tally = Tally()
    for path in paths:
        data = tally.read(path)
        found, answer = ours(data), oracle.ask(path=str(path))
        if answer.acorn is None:
            tally.unparsed += 1
        else:
            tally.kinds.update(kind for _, _, kind in answer.acorn)
            tally.differences += _lines(path, data, found, answer.acorn)
        if answer.lexer is not None:
            imports = {each for each in found if each[2] in IMPORTS}
            tally.lexer_differences += _lines(path, data, imports, answer.lexer)
    return tally


def compare_sheets(paths: Iterable[Path]) -> Tally:
    """Hold each style sheet against tinycss2."""
    tally = Tally()
    for path in paths:
        data = tally.read(path)
        expected = style_sheets.expected(data)
        tally.kinds.update(place.kind for place in expected)
        tally.differences += _lines(path, data, set(ours_in_sheet(data)), set(expected))
    return tally


def compare_drawings(paths: Iterable[Path]) -> Tally:
    """Hold each SVG against expat; and again, when all its references were edited."""
    tally = Tally()
    for path in paths:
        data = tally.read(path)
        expected = drawings.expected(data)
        if expected is None:
            tally.unparsed += 1
            continue
        tally.kinds["SVG"] += len(expected)
        tally.differences += [f"{path}: {line}" for line in drawing_differences(data, expected)]
    return tally


def drawing_differences(data: bytes, expected: list[str]) -> list[str]:
    """What is found is expected, and an edit changes it and nothing else that expat sees."""
    found = references.find("a.svg", data)
    if [each.url for each in found] != expected:
        return [f"found {[each.url for each in found]}, expected {expected}"]
    marks = [f"mark{number}" for number in range(len(found))]
    edited = references.edited(data, [each.edit(mark) for each, mark in zip(found, marks, strict=True)])
    seen = drawings.expected(edited)
    return [] if seen == marks else [f"after an edit: {seen}"]


def _lines(path: Path, data: bytes, found: set[Any], expected: set[Any]) -> list[str]:
    return [
        f"{path}: {'missed' if each in expected else 'extra'} {each[2]} {data[max(0, each[0] - 40) : each[1] + 1]!r}"
        for each in sorted(found ^ expected)
    ]
