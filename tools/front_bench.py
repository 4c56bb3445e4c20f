"""What a comparison needs of a front: its real server, its cases, its router, and how they are shown."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from clearway.fronts.road import Road, Visit
from tools.front_asking import Answer
from tools.front_case import Case, Node, Place


class PlacedCase(Protocol):
    """A case on the disk; `refused` is the server's word where it does not take the configuration."""

    @property
    def case(self) -> Case: ...
    @property
    def place(self) -> Place: ...
    @property
    def refused(self) -> str: ...
    @property
    def answers(self) -> list[Answer]: ...
    @property
    def main(self) -> Path: ...
    def lines(self) -> dict[tuple[str, int], Node]: ...


class Server(Protocol):
    """A directory in which batches of cases are run."""

    @property
    def home(self) -> Path: ...
    def answered(self, cases: Sequence[Case]) -> AbstractContextManager[Sequence[PlacedCase]]: ...


def _nothing(_: Path, __: PlacedCase) -> list[str]:
    return []


@dataclass(frozen=True)
class Bench:
    """`opened` starts the server in a directory; `cases` are those of a seed from a number on, so many.

    `refusal` is what a refusal has in common with others; `shown` the configuration of a case for a reader.
    """

    name: str
    is_there: Callable[[], bool]
    opened: Callable[[Path], AbstractContextManager[Server]]
    cases: Callable[[int, int, int], list[Case]]
    router: Callable[[Path, Path], Callable[[Visit], Road]]
    features: Callable[[Case], set[str]]
    label: Callable[[Node], str]
    refusal: Callable[[str], str]
    shown: Callable[[PlacedCase], list[str]]
    logged: Callable[[Path, PlacedCase], list[str]] = _nothing
    trouble: tuple[type[Exception], ...] = ()
    everywhere: frozenset[str] = frozenset()  # names that tell nothing of a kind of failure
