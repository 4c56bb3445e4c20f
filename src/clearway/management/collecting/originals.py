"""The unhashed originals below STATIC_ROOT: copies or links of the sources, for other servers.

Whether a copy is right is decided by what it holds. Here a look at its size is enough: where sizes agree, the build
compares digests and writes what differs.
"""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from stat import S_ISLNK

from clearway.build.sources import Source
from clearway.stores.batch import Batch
from clearway.stores.directory import Directory
from clearway.stores.parts import map_parts


@dataclass(frozen=True)
class Wanted:
    """One original: its name, size and octets; `size` None compares all of it now."""

    source: Source
    read: Callable[[], bytes]
    size: int | None = None


@dataclass
class Placing:
    """What was found, and what is to be done."""

    missing: list[Wanted] = field(default_factory=list)


def look(root: str, wanted: Iterable[Wanted], links: bool) -> Placing:
    """Which originals are missing or visibly not what they should be."""
    placing = Placing()
    for each in wanted:
        path = os.path.join(root, each.source.name)  # noqa: PTH118  # thousands of them
        try:
            found = os.lstat(path)
        except (FileNotFoundError, NotADirectoryError):
            placing.missing.append(each)
            continue
        is_link = S_ISLNK(found.st_mode)
        is_right = _is_link_to(path, each) if links else not is_link and _may_hold(path, found.st_size, each)
        if is_link != links or not is_right:
            placing.missing.append(each)
    return placing


def copy(store: Directory, missing: Iterable[Wanted]) -> None:
    """Write the originals, each in one step."""
    with Batch(store) as batch, ThreadPoolExecutor(os.cpu_count()) as pool:
        for _ in map_parts(pool, lambda each: batch.swap(each.source.name, each.read()), missing):
            pass
    store.flush()


def link(store: Directory, missing: Iterable[Wanted]) -> None:
    """Put symbolic links to the sources, each in one step. Raises `OSError` where the system has none."""
    for each in missing:
        store.link(each.source.name, each.source.path)
    store.flush()


def _is_link_to(path: str, wanted: Wanted) -> bool:
    return os.path.islink(path) and os.readlink(path) == wanted.source.path  # noqa: PTH114, PTH115


def _may_hold(path: str, size: int, wanted: Wanted) -> bool:
    if wanted.size is not None:
        return size == wanted.size
    return Path(path).read_bytes() == wanted.read()
