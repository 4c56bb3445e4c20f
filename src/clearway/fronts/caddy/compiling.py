"""Directives to routes: sorted, grouped, each behind its matcher, as Caddy adapts a Caddyfile."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cmp_to_key
from itertools import count

from clearway.fronts.directive import Directive
from clearway.fronts.errors import ConfigurationError
from clearway.fronts.unknowable import Unknowable

from . import matchers
from .file_matching import FileMatcher
from .matchers import Matcher
from .order import order_of
from .placeholders import long_form
from .request import Request
from .rewriting import Rewrite
from .routes import Handler, Route, run

# These do not handle requests, or nothing that an answer shows.
SILENT = frozenset(
    {"bind", "tls", "log", "handle_errors", "skip_log", "log_skip", "log_append", "log_name", "tracing", "push"}
)
_EXCLUSIVE = ("handle", "root", "rewrite")
_BLOCK = 20  # up to so many, Go's stable sort is one by insertion


@dataclass(frozen=True)
class Value:
    """What a directive has become; some become several."""

    name: str
    route: Route

    @property
    def matcher(self) -> Matcher | None:
        return self.route.matcher

    @property
    def length(self) -> int:
        return self.matcher.length if self.matcher else 0


Maker = Callable[[Directive, "Scope"], Iterable[Handler]]


@dataclass
class Scope:
    """The matchers that have a name here, and what all scopes of a configuration share."""

    makers: Mapping[str, Maker]
    order: Mapping[str, int]
    hidden: tuple[str, ...] = ()
    named: dict[str, Matcher] = field(default_factory=dict)
    groups: "count[int]" = field(default_factory=lambda: count(1))

    @classmethod
    def of(cls, options: Iterable[Directive], makers: Mapping[str, Maker]) -> "Scope":
        """Of a configuration."""
        return cls(makers, order_of(options))

    def inner(self, hidden: tuple[str, ...] | None = None) -> "Scope":
        """A scope within: it sees the names of this one."""
        return replace(self, named=dict(self.named), hidden=self.hidden if hidden is None else hidden)

    # --- blocks

    def sorted_routes(self, directives: Iterable[Directive]) -> tuple[Route, ...]:
        """Of a site, a `handle` or `handle_errors`: in Caddy's order, some of them in groups."""
        values = _sorted(self._values(directives), self.order)
        numbers = {
            name: next(self.groups)
            for name in _EXCLUSIVE
            if name == "rewrite" or sum(value.name == name for value in values) > 1
        }
        return consolidated(_grouped(value.route, numbers.get(value.name, 0)) for value in values)

    def routes(self, directives: Iterable[Directive]) -> tuple[Route, ...]:
        """Of a `route`: in the order of the file."""
        return tuple(value.route for value in self._values(directives))

    def _values(self, directives: Iterable[Directive]) -> list[Value]:
        own = list(directives)
        for each in own:
            if each.name.startswith("@"):
                if each.name in self.named and self.named[each.name].location in {one.location for one in own}:
                    raise ConfigurationError(f"the matcher {each.name} is defined twice", each.location)
                self.named[each.name] = matchers.definition(each)
        acting = (each for each in own if not each.name.startswith("@") and each.name not in SILENT)
        return [value for each in acting for value in self.values(each)]

    # --- directives

    def values(self, directive: Directive) -> list[Value]:
        """What one directive becomes. Raises ConfigurationError."""
        name = directive.name
        if name == "handle_path":
            return [Value("handle", self._handle_path(directive))]
        if name == "try_files":
            return [Value(name, route) for route in self._try_files(directive)]
        matcher, rest = self._matcher(directive)
        if name in {"handle", "route"}:
            inside = self.inner()
            routes = (inside.sorted_routes if name == "handle" else inside.routes)(rest.block or ())
            if rest.words:
                raise ConfigurationError(f"{name} takes one matcher and no other word", directive.location)
            return [Value(name, Route((subroute(rest, matcher, routes),), matcher, directive.location))]
        maker = self.makers.get(name, _unknown)
        return [Value(name, Route((handler,), matcher, directive.location)) for handler in maker(rest, self)]

    def _matcher(self, directive: Directive) -> tuple[Matcher | None, Directive]:
        """The matcher that may stand first in the line, and the directive without it."""
        first = directive.words[0] if directive.words else ""
        if not first.startswith(("*", "/", "@")) or (first[0] == "*" and first != "*"):
            return None, directive
        rest = Directive(directive.name, directive.words[1:], directive.location, directive.block)
        if first == "*":
            return None, rest
        if first.startswith("/"):
            return matchers.of_path(first, directive.location), rest
        if first not in self.named:
            raise ConfigurationError(f"the matcher {first} is not defined", directive.location)
        return self.named[first], rest

    def _handle_path(self, directive: Directive) -> Route:
        pattern = directive.words[0] if directive.words else ""
        if not pattern.startswith("/") or len(directive.words) > 1:
            raise ConfigurationError("handle_path takes one path, which begins with /", directive.location)
        prefix = pattern[:-2] if pattern.endswith("/*") else pattern.removesuffix("*")
        matcher = matchers.of_path(pattern, directive.location)
        strip = Route((Rewrite(strip_prefix=prefix, location=directive.location),), None, directive.location)
        routes = (strip, *self.inner().sorted_routes(directive.block or ()))
        return Route((subroute(directive, matcher, routes),), matcher, directive.location)

    def _try_files(self, directive: Directive) -> Iterable[Route]:
        """A matcher of files and a rewrite to what it found, for each name with a query one of its own."""
        if not directive.words:
            raise ConfigurationError("try_files names no file", directive.location)
        policy = next((line.words[0] for line in directive.block or () if line.name == "policy" and line.words), "")
        tried: list[tuple[tuple[str, ...], str]] = []
        for word in directive.words:
            name, mark, query = word.partition("?")
            if mark:
                tried.append(((name,), mark + query))
            elif tried and not tried[-1][1]:
                tried[-1] = ((*tried[-1][0], name), "")
            else:
                tried.append(((name,), ""))
        group = next(self.groups) if len(tried) > 1 else 0
        for names, query in tried:
            test = FileMatcher(names, policy=policy, location=directive.location)
            matcher = Matcher(" ".join(names), (test.matches,), key=test, location=directive.location)
            rewrite = Rewrite(
                uri="{http.matchers.file.relative}" + query, location=directive.location, name="try_files"
            )
            yield Route((rewrite,), matcher, directive.location, group)


def subroute(directive: Directive, matcher: Matcher | None, routes: Sequence[Route]) -> Handler:
    """The routes of a block, as a handler that says that they were entered."""
    title = f"{directive.name} {matcher.title}" if matcher else directive.name

    def handler(request: Request) -> bool:
        request.step("handle", title, directive.location)
        return run(routes, request)

    return handler


def written_out(directive: Directive) -> Directive:
    """With the short forms of placeholders in all its words written out."""
    block = None if directive.block is None else tuple(map(written_out, directive.block))
    if block == directive.block and not any("{" in word for word in directive.words):
        return directive
    return Directive(long_form(directive.name), tuple(map(long_form, directive.words)), directive.location, block)


def _unknown(directive: Directive, _: Scope) -> Iterable[Handler]:
    def handler(request: Request) -> bool:
        request.step("handle", directive.name, directive.location)
        raise Unknowable(f"What the directive {directive.name} does is not known here.")

    return (handler,)


def _grouped(route: Route, number: int) -> Route:
    return replace(route, group=number) if number else route


def consolidated(routes: Iterable[Route]) -> tuple[Route, ...]:
    """Neighbours with the same matcher become one: it is asked once, before the first of their handlers."""
    out: list[Route] = []
    for route in routes:
        if out and _key(out[-1]) == _key(route):
            out[-1] = replace(out[-1], handlers=out[-1].handlers + route.handlers)
        else:
            out.append(route)
    return tuple(out)


def _key(route: Route) -> object:
    return route.matcher and route.matcher.key, route.group, route.terminal


def _sorted(values: list[Value], order: Mapping[str, int]) -> list[Value]:
    """By the order of directives; of one directive by the longer path. What cannot be compared stays."""
    if len(values) > _BLOCK:

        def compared(one: Value, two: Value) -> int:
            return _less(two, one, order) - _less(one, two, order)

        return sorted(values, key=cmp_to_key(compared))
    out: list[Value] = []
    for value in values:
        place = len(out)
        while place and _less(value, out[place - 1], order):
            place -= 1
        out.insert(place, value)
    return out


def _less(one: Value, two: Value, order: Mapping[str, int]) -> bool:
    if one.name != two.name:
        return order.get(one.name, -1) < order.get(two.name, -1)
    if one.name == "php_fastcgi" and not (one.matcher and two.matcher):
        return False  # without a matcher it is several routes, which stay together
    both = one.length > 0 and two.length > 0
    if one.name == "vars":  # the later one overwrites, so the more general one comes first
        return one.length < two.length if both else one.matcher is None and two.matcher is not None
    return one.length > two.length if both else one.matcher is not None and two.matcher is None
