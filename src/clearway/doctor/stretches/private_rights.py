"""Whether a front's worker may read the private files that the application hands to it."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from clearway.doctor.facts import Facts
from clearway.fronts.front import Front
from clearway.fronts.permission import judge

from .relation import related

_MOST = 200  # files of a directory that are looked at


@dataclass(frozen=True)
class Closed:
    """A path that the worker may not read: what keeps it out, whether that is a directory, and who the worker is."""

    root: str
    path: str
    reason: str
    is_above: bool
    user: str
    known_by: str


def closed(facts: Facts) -> Iterator[Closed]:
    """One for each directory that is here; none where nothing says who the worker is."""
    front = related(facts)
    if front.worker.is_guess or front.worker.worker.root != "/":
        return
    for root in dict.fromkeys(each.root.rstrip("/") for each in facts.handed_off if each.root.startswith("/")):
        if Path(root).is_dir():
            yield from islice(_of_root(front, root), 1)


def _of_root(front: Front, root: str) -> Iterator[Closed]:
    user, known_by = front.worker.worker.name, front.worker.known_by
    for path, wanted in ((root, "x"), *_files(root)):
        verdict = judge(front.worker.worker, front.paths.here(front.paths.there(path)), wanted)
        if verdict.allowed is False and verdict.error:
            is_above = path == root or verdict.blocking != path
            yield Closed(root, path, verdict.reason, is_above, user, known_by)


def _files(root: str) -> Iterator[tuple[str, str]]:
    found = (str(Path(folder, name)) for folder, _, names in os.walk(root) for name in sorted(names))
    return ((path, "r") for path in islice((each for each in found if "/." not in each), _MOST))
