"""Directories of private files that a public URL leads to, through a front."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from os.path import realpath
from posixpath import relpath
from urllib.parse import quote

from clearway.doctor.facts import Facts, PrivateRoot, Sample
from clearway.fronts.directive import Directive

from .grounds import PROBE, grounds
from .passage import Passage, passage, passages


@dataclass(frozen=True)
class Reached:
    """A private directory, a URL path whose file everybody gets, that file, and the line that says where it is."""

    root: PrivateRoot
    url: str
    file: str
    line: Directive | None


def reached(facts: Facts, roots: Sequence[PrivateRoot]) -> Iterator[Reached]:
    """Each root once: by the first URL."""
    page = next(passages(facts, "page"), None)
    if page is None or not roots:
        return
    taken = [each.path.rstrip("/") + "/" for each in facts.handed_off]
    found = [(path, folder, line) for path, folder, line in grounds(page) if not path.startswith(tuple(taken))]
    for root in roots:
        told = (_reached(page, root, *ground) for ground in found)
        yield from [each for each in told if each][:1]


def _reached(page: Passage, root: PrivateRoot, path: str, folder: str, line: Directive | None) -> Reached | None:
    """With a file that is taken to be there."""
    inner = _inner(realpath(folder), realpath(root.path))
    if inner is None:
        return None
    outer = realpath(folder) if not inner else realpath(root.path)
    sample = Sample("media", f"{path}{inner}{PROBE}", PROBE, f"{outer}/{PROBE}", f"{path}{inner}")
    visit = replace(page.visit, target=quote(sample.url))
    found = passage(page.front, replace(page.walked, sample=sample), visit)
    return Reached(root, sample.url, sample.file, line) if found.delivers else None


def _inner(folder: str, root: str) -> str | None:
    """What of a URL leads from a served directory to the private one; None where neither lies in the other."""
    if folder == root or folder.startswith(f"{root.rstrip('/')}/"):
        return ""
    return f"{relpath(root, folder)}/" if root.startswith(f"{folder.rstrip('/')}/") else None
