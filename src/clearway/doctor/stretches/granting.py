"""What lets a worker read the files that it may not, as commands that give nobody else more than they need."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Fix, Safety
from clearway.doctor.fix.commands import granting, opening
from clearway.fronts.access import SEARCH, right

from .passage import Passage
from .verdict import Verdict

_OWN = 0o700  # a directory that its owner keeps from everybody


def fix(facts: Facts, verdict: Verdict, words: str) -> Fix:
    """The way to the files by access lists; the files themselves by their modes, which are public once collected."""
    passage = verdict.passage
    front = passage.front
    root = Path(front.paths.here(passage.root)) if passage.root else None
    if front.worker.worker.root != "/" or root is None:
        return Fix(words)
    above = list(_closed_above(passage, root))
    commands = [granting(str(each), _user(passage), "x") for each in above]
    if verdict.cause == "perm-file" or not above:
        if not _is_apart(root):
            return Fix(words)
        commands.append(opening(str(root)))
    is_public = os.path.realpath(root) == os.path.realpath(facts.settings["STATIC_ROOT"] or "")
    is_safe = is_public and not any(_is_of_root(each) for each in above)
    return Fix(words, Safety.SAFE if is_safe else Safety.UNSAFE, commands=tuple(commands))


def _is_apart(root: Path) -> bool:
    """Whether it is a directory that holds files for browsers, and neither the project nor a place above it."""
    real = root.resolve()
    return real.is_dir() and not Path.cwd().resolve().is_relative_to(real) and not (real / "manage.py").exists()


def _user(passage: Passage) -> str:
    return passage.front.worker.worker.name


def _closed_above(passage: Passage, root: Path) -> Iterator[Path]:
    """Directories that have to be entered before the files, from the outside in, also those behind links."""
    worker = passage.front.worker.worker
    ways = dict.fromkeys(each for path in (root, Path(os.path.realpath(root))) for each in reversed(path.parents))
    for each in ways:
        try:
            status = each.stat()
        except OSError:
            return
        if not right(worker, status, str(each.resolve()), SEARCH).granted:
            yield each


def _is_of_root(folder: Path) -> bool:
    """Whether it is one such as /root, of which nobody else is meant to know."""
    status = folder.stat()
    return status.st_uid == 0 and stat.S_IMODE(status.st_mode) & ~_OWN == 0
