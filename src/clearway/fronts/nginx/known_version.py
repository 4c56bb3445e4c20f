"""The version of the nginx that loads a configuration, as far as it is known."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from clearway.fronts.directive import Directive
from clearway.fronts.errors import ConfigurationError
from clearway.fronts.nginx.versions import DIRECTIVES, DROPPED, PREDICATES, Change, Version, parsed
from clearway.fronts.unknowable import Unknowable

_PREDICATE = "location $variable"
_MEANT = {**DIRECTIVES, _PREDICATE: PREDICATES.since}  # the last is not refused before, and means nothing
# What stands in these blocks are keys, or is not of HTTP.
_OTHER = frozenset({"map", "geo", "types", "split_clients", "charset_map", "stream", "mail", "events"})


@dataclass(frozen=True)
class KnownVersion:
    """`exact`, or None where only that it is `least` or later is known."""

    exact: Version | None = None
    least: Version = ()

    def does(self, change: Change) -> bool:
        """Whether it has a change. Raises Unknowable where that is not known."""
        if self.exact is not None:
            return change.is_in(self.exact)
        if self.least >= parsed(change.since):
            return True
        raise Unknowable(
            f"nginx before {change.since} {change.before}, nginx {change.since} {change.now}, "
            "and which of them loads this is not known."
        )


def version_of(directives: Iterable[Directive], *, is_here: bool) -> KnownVersion:
    """Of a configuration of which nobody has told the version; `is_here` where it is one of this machine.

    Directives that the installed nginx does not know mean that another one loads it.
    """
    from clearway.fronts.nginx.installed import installed

    used = {name for name, _ in _used(directives)}
    least = max((parsed(_MEANT[name]) for name in used & _MEANT.keys()), default=())
    here = installed() if is_here else None
    if here is None or not here.is_known or here.version < least:
        return KnownVersion(None, least)
    is_older = all(here.version < parsed(DROPPED[name]) for name in used & DROPPED.keys())
    return KnownVersion(here.version if is_older else None, least)


def check(directives: Iterable[Directive], version: Version) -> None:
    """Raises ConfigurationError for a directive that nginx of this version does not know."""
    shown = ".".join(map(str, version))
    for name, directive in _used(directives):
        since, until = DIRECTIVES.get(name), DROPPED.get(name)
        if since and version < parsed(since):
            raise ConfigurationError(f'unknown directive "{name}": {shown} is before {since}', directive.location)
        if until and version >= parsed(until):
            raise ConfigurationError(f'unknown directive "{name}": {shown} has dropped it', directive.location)


def _used(directives: Iterable[Directive]) -> Iterator[tuple[str, Directive]]:
    """Names as the table has them, with the directive."""
    for each in directives:
        yield each.name, each
        if each.name == "listen":
            yield from ((f"listen {word}", each) for word in each.words[1:])
        elif each.name == "location" and each.words[:1] and each.words[0].startswith("$"):
            yield _PREDICATE, each
        if each.name not in _OTHER:
            yield from _used(each.block or ())
