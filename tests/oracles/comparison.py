"""Scripts held against the oracles: how many, and what differs."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tests.oracles.node import Found, Oracle

from clearway.build import js

EXTENSIONS = {".js", ".mjs", ".cjs"}
IMPORTS = {"import", "dynamic import"}  # what es-module-lexer knows


@dataclass
class Tally:
    """What a comparison has seen. Scripts that no parser takes are counted as unparsed and not compared."""

    files: int = 0
    octets: int = 0
    unparsed: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)
    lexer_differences: list[str] = field(default_factory=list)

    @property
    def references(self) -> int:
        return self.kinds.total()


def scripts(root: Path) -> list[Path]:
    """All scripts below a folder."""
    return sorted(path for path in root.rglob("*") if path.suffix in EXTENSIONS and path.is_file())


def ours(data: bytes) -> Found:
    """What Clearway finds."""
    return {(span.start, span.end, span.kind) for span in js.scan(data.decode("latin-1"))}


def compare(oracle: Oracle, paths: Iterable[Path], tally: Tally | None = None) -> Tally:
    """Hold each script against Acorn, and its imports against es-module-lexer."""
    tally = tally or Tally()
    for path in paths:
        data = path.read_bytes()
        found, answer = ours(data), oracle.ask(path=str(path))
        tally.files += 1
        tally.octets += len(data)
        if answer.acorn is None:
            tally.unparsed += 1
        else:
            tally.kinds.update(kind for _, _, kind in answer.acorn)
            tally.differences += _lines(path, data, found, answer.acorn)
        if answer.lexer is not None:
            imports = {each for each in found if each[2] in IMPORTS}
            tally.lexer_differences += _lines(path, data, imports, answer.lexer)
    return tally


def _lines(path: Path, data: bytes, found: Found, expected: Found) -> list[str]:
    return [
        f"{path}: {'missed' if each in expected else 'extra'} {each[2]} {data[max(0, each[0] - 40) : each[1] + 1]!r}"
        for each in sorted(found ^ expected)
    ]
