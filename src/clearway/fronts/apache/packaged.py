"""What the main file of packages says before any site: who reads a site's file alone has to know it."""

from collections.abc import Iterable

from clearway.fronts.directive import Directive
from clearway.fronts.road import Location

NOWHERE = Location("", 0)  # no line of a file that was read
_MAIN_ONLY = frozenset({"listen", "serverroot", "loadmodule"})


def before(own: Iterable[Directive]) -> tuple[Directive, ...]:
    """The sections of Debian's and Red Hat's main files that deny the disk; none before a main file."""
    for each in own:
        denies = each.name == "directory" and each.words[-1:] == ("/",)
        if each.name in _MAIN_ONLY or denies:
            return ()
    return _SECTIONS


def _section(path: str, *words: str) -> Directive:
    return Directive("directory", (path,), NOWHERE, (Directive("require", words, NOWHERE),))


_SECTIONS = (
    _section("/", "all", "denied"),
    _section("/usr/share", "all", "granted"),
    _section("/var/www", "all", "granted"),
)
