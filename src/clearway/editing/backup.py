"""What a backup is called: beside the original, under a name that nothing has yet."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

SUFFIX = ".clearway-backup"
Named = Callable[[Path], Iterator[Path]]


def beside(path: Path) -> Iterator[Path]:
    """`NAME.clearway-backup`, then `NAME.clearway-backup-2` and so on, without end."""
    yield path.with_name(f"{path.name}{SUFFIX}")
    yield from (path.with_name(f"{path.name}{SUFFIX}-{number}") for number in count(2))


def hidden(path: Path) -> Iterator[Path]:
    """The same behind a dot, for a directory that collectstatic publishes: it takes nothing that begins with one."""
    return beside(path.with_name(f".{path.name}"))
