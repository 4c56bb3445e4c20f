"""Lines of saved logs and answers in which something was refused."""

import re
from collections.abc import Iterator
from posixpath import basename

from clearway.doctor.facts import Tree
from clearway.fronts.road import Location

NO_ACLS = r"AccessControlListNotSupported|does not allow ACLs|uniform bucket-level access is enabled"
_TOLD = re.compile(r".*\.(?:log(?:\.\d+)?|txt|xml|out|err|http|headers|html?)", re.IGNORECASE)
_LONGEST = 200  # characters of a line that is shown


def lines(papers: Tree, pattern: str) -> Iterator[tuple[str, Location]]:
    """Whole lines that match, with where they are; those of plans and manifests are none."""
    sought = re.compile(pattern)
    for name in papers.texts:
        if _TOLD.fullmatch(basename(name)):
            yield from ((line, papers.location(name, at)) for at, line in papers.lines(name) if sought.search(line))


def first(papers: Tree, pattern: str) -> tuple[str, Location] | None:
    """The first of them, shortened to what is around the match."""
    for line, where in lines(papers, pattern):
        found = re.search(pattern, line)
        begun = max(0, (found.start() if found else 0) - _LONGEST // 2)
        return line[begun : begun + _LONGEST].strip(), where
    return None
