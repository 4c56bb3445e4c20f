"""Why a worker may not read the due file."""

from pathlib import Path

from clearway.fronts.permission import judge

from .passage import Passage
from .verdict import Verdict


def verdict(passage: Passage) -> Verdict | None:
    """Of a due file that is there; None where the worker is not known, or may read it."""
    front, file = passage.front, passage.sample.file
    there = Path(file)
    if front.worker.is_guess or not there.is_absolute():
        return None
    has_own_mounts = front.worker.worker.root != "/" and not front.paths.pairs
    if has_own_mounts and there.exists() and not front.files.look(passage.due).exists:
        return _hidden(passage)
    judged = judge(front.worker.worker, front.paths.here(passage.due))
    if judged.allowed is not False or not judged.error:
        return None
    who = f"({front.worker.known_by})"
    if not there.exists() and not there.is_symlink():
        return _above(passage, judged.blocking or "", f"{judged.reason} {who}")
    cause = "perm-file"
    if judged.blocking and judged.blocking != file:
        cause = "perm-parent" if file.startswith(judged.blocking.rstrip("/") + "/") else _behind_link(passage)
    return Verdict(cause, passage, told=(f"{judged.reason} {who}",))


def _above(passage: Passage, blocking: str, reason: str) -> Verdict | None:
    """A file that is not there, below a directory that is closed besides."""
    if not passage.sample.file.startswith(blocking.rstrip("/") + "/") or not Path(blocking).exists():
        return None
    return Verdict("perm-parent", passage, told=(reason,))


def _behind_link(passage: Passage) -> str:
    """A link of the collected file itself, or one above STATIC_ROOT such as `current`."""
    root = passage.sample.file.removesuffix(f"/{passage.sample.name}")
    links = [link.path for link in passage.front.files.links(passage.due)]
    return "symlink-broken" if any(link.startswith(f"{root}/") for link in links) else "perm-parent"


def _hidden(passage: Passage) -> Verdict:
    worker = passage.front.worker
    told = f"{passage.sample.file} is there, and process {worker.worker.pid} does not see it: it has mounts of its own"
    return Verdict("sandbox", passage, told=(told,))
