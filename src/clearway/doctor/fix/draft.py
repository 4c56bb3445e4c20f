"""One file that fixes change: all their changes together, and where they are written."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from clearway.editing.changes import Change, made, together
from clearway.editing.edit import Edit, octets
from clearway.editing.errors import EditError


@dataclass(frozen=True)
class Draft:
    """`source` as it is, what changes in it, and the file to write, which is another one beside a server's own."""

    source: Path
    before: bytes | None
    target: Path
    changes: Sequence[Change] = ()

    def with_changes(self, changes: Sequence[Change]) -> "Draft | None":
        """With more of them; None where they touch the same lines."""
        both = together(self.changes, changes)
        return None if both is None else replace(self, changes=both)

    def edit(self) -> Edit:
        """What is to be written. Raises `EditError` where Python would not be Python any more."""
        after = made(self.before or b"", self.changes)
        if self.source.suffix == ".py":
            _parsed(self.source, self.before or b"", "is not")
            _parsed(self.source, after, "would not be")
        return Edit(self.target, self.before if self.target == self.source else octets(self.target), after)


def _parsed(path: Path, data: bytes, said: str) -> None:
    try:
        ast.parse(data)
    except (SyntaxError, ValueError) as error:
        raise EditError(f"{path} {said} Python: {error}") from None
