"""Which location takes a path: exact, longest prefix, regular expressions in order, and the same within it."""

from collections.abc import Iterator
from dataclasses import dataclass

from clearway.fronts.nginx.scope import Location, Locations, Scope, Server
from clearway.fronts.nginx.versions import LONG_LOCATIONS, PREDICATES
from clearway.fronts.regex import Match
from clearway.fronts.unknowable import Unknowable


@dataclass
class Found:
    """The level that takes the path, and why it wins."""

    scope: Scope
    reason: str = ""
    match: Match | None = None
    matched_regex: bool = False
    redirects: bool = False  # the path is the location's name without its last slash

    @property
    def is_final(self) -> bool:
        """No regular expression of an outer level is asked any more."""
        return self.redirects or self.matched_regex


def find(server: Server, path: str) -> tuple[Found, list[Match | None]]:
    """The location of a path, and every match that was made on the way. Raises Unknowable."""
    tried: list[Match | None] = []
    found = _within(server, server.locations, path, tried)
    return found or Found(server, "no location fits: the server itself answers"), tried


def _within(level: Scope, locations: Locations, path: str, tried: list[Match | None]) -> Found | None:
    """None where nothing on this level fits."""
    if not locations:
        return None
    _no_long_prefix(level, locations)
    if locations.predicates and level.configuration.does(PREDICATES):
        first = locations.predicates[0]
        raise Unknowable(f"{first.title} ({first.place.file}:{first.place.line}) is chosen by a condition.")
    exact = locations.exact.get(path)
    if exact:
        return Found(exact, f"{exact.title} is the path exactly", matched_regex=True)
    prefix = _by_prefix(locations, path, tried)
    if prefix and prefix.is_final:
        return prefix
    outer = locations.longest_prefix(path)
    if outer and outer.modifier == "^~":
        return prefix
    return _by_regex(locations, path, tried, prefix) or prefix


def _no_long_prefix(level: Scope, locations: Locations) -> None:
    """The tree of prefixes kept their lengths in one octet."""
    if locations.has_long_prefix and not level.configuration.does(LONG_LOCATIONS):
        raise Unknowable(f"nginx before {LONG_LOCATIONS.since} {LONG_LOCATIONS.before}.")


def _by_prefix(locations: Locations, path: str, tried: list[Match | None]) -> Found | None:
    location = locations.longest_prefix(path)
    if location is None or location.name != path:
        slashed = _slashed(locations, path)
        if slashed:
            return Found(
                slashed, f"{slashed.title} hands to another server, so its name gets its slash", redirects=True
            )
    if location is None:
        return None
    return _within(location, location.locations, path, tried) or Found(location, _prefix_reason(location))


def _slashed(locations: Locations, path: str) -> Location | None:
    """The location that the path names but for the last slash, where such a one redirects."""
    exact, prefix = locations.exact.get(path + "/"), locations.prefixes.get(path + "/")
    if any(each and each.redirects for each in (exact, prefix)):
        return exact or prefix
    return None


def _prefix_reason(location: Location) -> str:
    if location.modifier == "^~":
        return f"{location.title} is the longest prefix, and ^~ keeps regular expressions away"
    return f"{location.title} is the longest prefix that fits"


def _by_regex(locations: Locations, path: str, tried: list[Match | None], prefix: Found | None) -> Found | None:
    for location, match in _matches(locations, path):
        tried.append(match)
        inner = _within(location, location.locations, path, tried)
        found = inner or Found(location, _regex_reason(location, prefix), match)
        found.matched_regex, found.redirects = True, False
        return found
    return None


def _matches(locations: Locations, path: str) -> Iterator[tuple[Location, Match]]:
    for location in locations.regexes:
        match = location.regex.match(path) if location.regex else None
        if match:
            yield location, match


def _regex_reason(location: Location, prefix: Found | None) -> str:
    if prefix is None or not isinstance(prefix.scope, Location):
        return f"{location.title} is the first regular expression that matches"
    beaten = prefix.scope
    return (
        f"{location.title} wins over {beaten.title} (line {beaten.place.line}): a regular expression that matches "
        "beats a prefix without ^~"
    )
