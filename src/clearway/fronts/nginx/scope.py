"""The blocks of a configuration as levels: what each says itself, what it inherits, which locations it holds."""

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from clearway.fronts.directive import Directive
from clearway.fronts.errors import ConfigurationError
from clearway.fronts.regex import Regex
from clearway.fronts.road import Location as Place

if TYPE_CHECKING:
    from clearway.fronts.nginx.reading import Configuration

# Content handlers that take a whole location and redirect `/name` to `/name/` (ngx_http_*_pass set auto_redirect).
PASSES = ("proxy_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass", "grpc_pass", "memcached_pass")


_OCTET = 255


class Scope:
    """One level: `http`, a server, a location, an `if` or a `limit_except`.

    A directive is inherited from the nearest level that has it; several of one level stay together.
    """

    def __init__(self, directive: Directive, parent: "Scope | None", configuration: "Configuration") -> None:
        self.directive = directive
        self.parent = parent
        self.configuration = configuration
        self._inner: dict[int, Scope] = {}

    @property
    def kind(self) -> str:
        """The name of its directive."""
        return self.directive.name

    @property
    def place(self) -> Place:
        """Where it begins."""
        return self.directive.location

    @cached_property
    def own(self) -> dict[str, list[Directive]]:
        """What is written in the block itself, by name."""
        found: dict[str, list[Directive]] = {}
        for each in self.directive.block or ():
            found.setdefault(each.name, []).append(each)
        return found

    def here(self, *names: str) -> list[Directive]:
        """Directives of these names in the block itself, in order."""
        if len(names) == 1:
            return self.own.get(names[0], [])
        return [each for each in self.directive.block or () if each.name in names]

    def nearest(self, *names: str) -> list[Directive]:
        """Directives of these names on the nearest level that has any of them."""
        level = self.holder(*names)
        return level.here(*names) if level else []

    def holder(self, *names: str) -> "Scope | None":
        """The nearest level that has any of these names."""
        level: Scope | None = self
        while level and not any(name in level.own for name in names):
            level = level.parent
        return level

    def word(self, name: str, default: str = "") -> str:
        """The first word of the inherited directive."""
        found = self.nearest(name)
        return found[-1].words[0] if found and found[-1].words else default

    def is_on(self, name: str, default: bool = False) -> bool:
        """Whether the inherited flag is on."""
        return self.word(name, "on" if default else "off").lower() == "on"

    def inner(self, directive: Directive) -> "Scope":
        """The level of an `if` or `limit_except` in the block."""
        return self._inner.setdefault(id(directive), Scope(directive, self, self.configuration))

    @property
    def location(self) -> "Location | None":
        """The location that this level is, or lies in."""
        if isinstance(self, Location):
            return self
        return self.parent.location if self.parent else None


class Location(Scope):
    """`location modifier name { }`."""

    def __init__(self, directive: Directive, parent: Scope, configuration: "Configuration") -> None:
        super().__init__(directive, parent, configuration)
        self.modifier, self.name = _written(directive)
        self.regex = Regex(self.name, self.modifier == "~*") if self.modifier in {"~", "~*"} else None
        self.is_named = not self.modifier and self.name.startswith("@")
        self.depends = not self.modifier and self.name.startswith("$")  # a predicate location

    @property
    def title(self) -> str:
        """As it is written."""
        return f"location {self.modifier} {self.name}" if self.modifier else f"location {self.name}"

    @cached_property
    def redirects(self) -> bool:
        """Whether the name without its slash is sent to the name with it."""
        return self.name.endswith("/") and any(name in self.own for name in PASSES)

    @cached_property
    def locations(self) -> "Locations":
        """Those within."""
        return Locations(self)


class Server(Scope):
    """`server { }`."""

    @cached_property
    def locations(self) -> "Locations":
        """Those on its own level."""
        return Locations(self)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Of `server_name`, in order; without one the empty name."""
        return tuple(word for each in self.here("server_name") for word in each.words) or ("",)


class Locations:
    """The locations of one level, sorted as they are searched."""

    def __init__(self, level: Scope) -> None:
        self.exact: dict[str, Location] = {}
        self.prefixes: dict[str, Location] = {}
        self.regexes: list[Location] = []
        self.named: dict[str, Location] = {}
        self.predicates: list[Location] = []
        for directive in level.own.get("location", ()):
            self._sort(Location(directive, level, level.configuration))

    def __bool__(self) -> bool:
        return bool(self.exact or self.prefixes or self.regexes or self.predicates)

    @cached_property
    def has_long_prefix(self) -> bool:
        """Whether the name of one, exact ones included, is longer than an octet can count."""
        return any(len(name) > _OCTET for name in (*self.exact, *self.prefixes))

    def longest_prefix(self, path: str) -> Location | None:
        """The prefix location with the longest name that begins the path."""
        best = max((name for name in self.prefixes if path.startswith(name)), key=len, default=None)
        return None if best is None else self.prefixes[best]

    def _sort(self, location: Location) -> None:
        if location.regex:
            self.regexes.append(location)
        elif location.depends:
            self.predicates.append(location)
        else:
            table = self.exact if location.modifier == "=" else self.named if location.is_named else self.prefixes
            if location.name in table:
                raise ConfigurationError(f'duplicate location "{location.name}"', location.place)
            table[location.name] = location


class Http(Scope):
    """The `http` block."""

    @classmethod
    def of(cls, configuration: "Configuration") -> "Http":
        """The block of the configuration; a file without one is taken for what such a block includes."""
        found = [each for each in configuration.directives if each.name == "http"]
        bare = Directive("http", (), Place(configuration.main, 1), configuration.directives)
        return cls(found[0] if found else bare, None, configuration)

    @cached_property
    def servers(self) -> tuple[Server, ...]:
        """In the order of their reading."""
        return tuple(Server(each, self, self.configuration) for each in self.here("server"))

    @cached_property
    def upstreams(self) -> dict[str, Directive]:
        """The `upstream` blocks by name."""
        return {each.words[0]: each for each in self.here("upstream") if each.words}

    @cached_property
    def definitions(self) -> dict[str, Directive]:
        """Blocks that define a variable, by its name without the dollar sign."""
        blocks = self.here("map", "geo", "split_clients")
        return {each.words[-1].lstrip("$").lower(): each for each in blocks if each.words}

    @cached_property
    def declared(self) -> frozenset[str]:
        """Variables that exist though they may have no value: of `set`, and named groups."""
        return frozenset(name.lower() for name in _declared(self.directive))


def _written(directive: Directive) -> tuple[str, str]:
    """Modifier and name; they may stand together (`=/a`, `~\\.css$`)."""
    words = directive.words
    if len(words) == 2:
        if words[0] not in {"=", "^~", "~", "~*"}:
            raise ConfigurationError(f'invalid location modifier "{words[0]}"', directive.location)
        return words[0], words[1]
    if len(words) != 1:
        raise ConfigurationError('invalid number of arguments in "location" directive', directive.location)
    for modifier in ("=", "^~", "~*", "~"):
        if words[0].startswith(modifier):
            return modifier, words[0].removeprefix(modifier)
    return "", words[0]


def _declared(directive: Directive) -> Iterator[str]:
    for each in directive.block or ():
        if each.name in {"set", "auth_request_set"} and each.words:
            yield each.words[0].lstrip("$")
        for word in (each.name, *each.words):
            if "(?" in word:
                yield from Regex(word).names
        yield from _declared(each)
