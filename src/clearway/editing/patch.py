"""Reading a unified diff, strictly: every line that it names must stand where it says."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import names
from .changes import Change, made
from .diff import UNENDED
from .edit import Edit, lines, octets
from .errors import PatchError

_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


@dataclass(frozen=True)
class Hunk:
    """Lines with their ends, each behind ` `, `-` or `+`; `start` counts from 0 in the file before."""

    start: int
    rows: Sequence[tuple[str, bytes]]

    @property
    def before(self) -> list[bytes]:
        return [line for sign, line in self.rows if sign != "+"]

    def changes(self) -> Iterator[Change]:
        """Without the lines that stay."""
        at, first = self.start, self.start
        gone: list[bytes] = []
        come: list[bytes] = []
        for sign, line in (*self.rows, (" ", b"")):
            if sign == " ":
                if gone or come:
                    yield Change(first, tuple(gone), tuple(come))
                at += 1
                first, gone, come = at, [], []
            elif sign == "-":
                gone.append(line)
                at += 1
            else:
                come.append(line)


@dataclass(frozen=True)
class Patch:
    """What a diff says of one file; `is_new` where it must not be there yet."""

    name: str
    is_new: bool
    hunks: Sequence[Hunk]

    def changes(self, before: bytes | None) -> list[Change]:
        """Where and how the file changes. Raises `PatchError` where it is another file than the diff was made of."""
        if self.is_new != (before is None):
            raise PatchError(f"{self.name} {'is there already' if self.is_new else 'is not there'}")
        there = lines(before or b"")
        for hunk in self.hunks:
            if there[hunk.start : hunk.start + len(hunk.before)] != hunk.before or hunk.start > len(there):
                raise PatchError(f"{self.name} is not as the diff has it at line {hunk.start + 1}")
        return [change for hunk in self.hunks for change in hunk.changes()]


def apply(patch: Patch, before: bytes | None) -> bytes:
    """The file after. Raises `PatchError`."""
    return made(before or b"", patch.changes(before))


def edits(text: str, here: Path) -> list[Edit]:
    """What a diff does to the files as they are; names are from `here`. Raises `PatchError` and `EditError`.

    Where a file comes twice, the later part is about what the earlier one makes.
    """
    found: dict[Path, Edit] = {}
    for patch in parse(text):
        path = here / patch.name
        before = found[path].before if path in found else octets(path)
        after = apply(patch, found[path].after if path in found else before)
        found[path] = Edit(path, before, after)
    return list(found.values())


def parse(text: str) -> list[Patch]:
    """The parts of a unified diff, one for each file. Raises `PatchError`."""
    rows = text.split("\n")
    if not rows[-1]:
        del rows[-1]
    found, at = list[Patch](), 0
    while at < len(rows):
        name, is_new = _head(rows, at)
        hunks, at = _hunks(rows, at + 2)
        if not hunks and not is_new:
            raise PatchError(f"the diff changes nothing in {name}")
        found.append(Patch(name, is_new, hunks))
    return found


def _head(rows: Sequence[str], at: int) -> tuple[str, bool]:
    if not rows[at].startswith("--- ") or at + 1 >= len(rows) or not rows[at + 1].startswith("+++ "):
        raise PatchError(f"line {at + 1} of the diff is no beginning of a file")
    old, new = (names.read(rows[place][4:]) for place in (at, at + 1))
    if old not in (new, names.ABSENT) or new == names.ABSENT:
        raise PatchError(f"the diff makes {new} of {old}")
    return new, old == names.ABSENT


def _hunks(rows: Sequence[str], at: int) -> tuple[list[Hunk], int]:
    found = list[Hunk]()
    end = 0
    while at < len(rows) and (head := _HUNK.match(rows[at])):
        hunk, at = _hunk(rows, at + 1, head)
        if hunk.start < end:
            raise PatchError(f"line {at} of the diff goes back in the file")
        end = hunk.start + len(hunk.before)
        found.append(hunk)
    return found, at


def _hunk(rows: Sequence[str], at: int, head: "re.Match[str]") -> tuple[Hunk, int]:
    start, old, new = int(head[1]), int(head[2] or 1), int(head[4] or 1)
    found = list[tuple[str, bytes]]()
    while (old, new) != (0, 0) or (at < len(rows) and rows[at] == UNENDED):
        row = rows[at] if at < len(rows) else ""
        if row == UNENDED and found:
            found[-1] = found[-1][0], found[-1][1].removesuffix(b"\n")
        else:
            sign, line = _row(row, at)
            found.append((sign, line))
            old, new = old - (sign != "+"), new - (sign != "-")
        if min(old, new) < 0:
            raise PatchError(f"line {at + 1} of the diff is one more than its head says")
        at += 1
    return Hunk(start - (1 if any(sign != "+" for sign, _ in found) else 0), found), at


def _row(row: str, at: int) -> tuple[str, bytes]:
    if row[:1] not in (" ", "-", "+") or not row:
        raise PatchError(f"line {at + 1} of the diff is not of the hunk that it stands in")
    return row[0], row[1:].encode("utf-8", "surrogateescape") + b"\n"
