"""What a request must be for a directive to apply: named matchers and those in the line."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from ipaddress import ip_address, ip_network

from clearway.fronts.directive import Directive
from clearway.fronts.errors import ConfigurationError
from clearway.fronts.road import Location
from clearway.fronts.unknowable import Unknowable

from . import regex
from .file_matching import FileMatcher
from .path_matching import is_path, lowered
from .request import Request
from .slashes import cleaned
from .url import query_values

Test = Callable[[Request], bool]

_PRIVATE = ("192.168.0.0/16", "172.16.0.0/12", "10.0.0.0/8", "127.0.0.1/8", "fd00::/8", "::1")
_LATE = ("expression", "file", "not")  # asked last: they may not be knowable, or cost


@dataclass(frozen=True)
class Matcher:
    """A set of tests that must all be passed; `paths` are the patterns of its `path`, `title` as people wrote it."""

    title: str
    tests: tuple[Test, ...]
    paths: tuple[str, ...] = ()
    has_host: bool = False
    location: Location | None = None
    key: object = ""  # the same for matchers that say the same

    def matches(self, request: Request) -> bool:
        """Raises Unknowable."""
        unknowable: Unknowable | None = None
        for test in self.tests:
            try:
                if not test(request):
                    return False
            except Unknowable as error:
                unknowable = unknowable or error
        if unknowable:
            raise unknowable
        return True

    @cached_property
    def length(self) -> int:
        """Of its only path, 0 with none or several: what is longer comes first."""
        return len(self.paths[0].encode("utf-8", "surrogateescape")) if len(self.paths) == 1 else 0


def of_path(pattern: str, location: Location) -> Matcher:
    """The short form: one path in the line."""
    patterns = lowered((pattern,))
    key = (("path", (pattern,)),)
    return Matcher(pattern, (lambda request: is_path(request, patterns),), (pattern,), location=location, key=key)


def of_hosts(hosts: tuple[str, ...], path: str, location: Location) -> Matcher:
    """That of a site's addresses."""
    tests: list[Test] = [lambda request: is_host(request, hosts)] if hosts else []
    if path:
        tests.append(lambda request: is_path(request, (path.lower(),)))
    return Matcher(", ".join((*hosts, path)).rstrip(", "), tuple(tests), (), bool(hosts), location, (hosts, path))


def definition(directive: Directive) -> Matcher:
    """`@name …`: a test in the line, or a block of them. Raises ConfigurationError."""
    return _set(directive.name, _lines(directive), directive.location)


def _lines(directive: Directive) -> list[Directive]:
    """The tests: in the line the first word is a name; each line of the block."""
    if directive.words:
        name, *words = directive.words
        return [Directive(name, tuple(words), directive.location, directive.block)]
    return list(directive.block or ())


def _set(title: str, lines: Iterable[Directive], location: Location) -> Matcher:
    by_name: dict[str, list[Directive]] = {}
    for line in lines:
        by_name.setdefault(line.name, []).append(line)
    names = sorted(by_name, key=lambda name: name in _LATE)
    tests = tuple(_test(name, by_name[name]) for name in names)
    paths = tuple(word for line in by_name.get("path", ()) for word in line.words)
    key = tuple((name, _said(name, by_name[name])) for name in sorted(by_name))
    return Matcher(title, tests, paths, "host" in by_name, location, key)


def _said(name: str, lines: Iterable[Directive]) -> object:
    if name in {"path", "host", "method"}:
        return tuple(word for line in lines for word in line.words)
    return tuple((line.words, tuple((each.name, _said("", (each,))) for each in line.block or ())) for line in lines)


def _test(name: str, lines: list[Directive]) -> Test:
    maker = _MAKERS.get(name)
    if maker is None:
        return _unknown(f"What the matcher {name} says is not known here.")
    return maker(lines)


def _unknown(sentence: str) -> Test:
    def test(_: Request) -> bool:
        raise Unknowable(sentence)

    return test


def _words(lines: list[Directive]) -> tuple[str, ...]:
    return tuple(word for line in lines for word in line.words)


# --- one maker for each kind; each is given all lines of its kind


def _path(lines: list[Directive]) -> Test:
    patterns = lowered(_words(lines))
    return lambda request: is_path(request, patterns)


def _regexp(read: Callable[[Request], str], lines: list[Directive]) -> Test:
    line = lines[0]
    if len(lines) > 1 or len(line.words) not in {1, 2}:
        raise ConfigurationError(f"{line.name} takes one expression, with a name before it or not", lines[-1].location)
    name, pattern = line.words[0] if len(line.words) == 2 else "", line.words[-1]
    return lambda request: _found(request, name, pattern, read(request))


def _found(request: Request, name: str, pattern: str, text: str) -> bool:
    """Whether it matches; its groups become placeholders."""
    match = regex.search(pattern, text)
    if match is None:
        return False
    prefix = f"http.regexp.{name}" if name else "http.regexp"
    request.static |= {f"{prefix}.{number}": group for number, group in enumerate(match.groups)}
    request.static |= {f"{prefix}.{key}": group for key, group in match.named.items()}
    return True


def _path_regexp(lines: list[Directive]) -> Test:
    return _regexp(lambda request: cleaned(request.url.path), lines)


def _host(lines: list[Directive]) -> Test:
    hosts = _words(lines)
    return lambda request: is_host(request, hosts)


def is_host(request: Request, hosts: tuple[str, ...]) -> bool:
    """A star stands for one label."""
    host = request.hostname
    name = host.removeprefix("[").removesuffix("]").lower()
    return any(_is_host(name, request.all(pattern).lower()) for pattern in hosts)


def _is_host(name: str, pattern: str) -> bool:
    if "*" not in pattern:
        return name == pattern
    labels, parts = name.split("."), pattern.split(".")
    return len(labels) == len(parts) and all(part in ("*", label) for part, label in zip(parts, labels, strict=True))


def _method(lines: list[Directive]) -> Test:
    methods = _words(lines)
    return lambda request: request.method in methods


def _query(lines: list[Directive]) -> Test:
    wanted: dict[str, list[str]] = {}
    for line in lines:
        for word in filter(None, line.words):
            name, equals, value = word.partition("=")
            if not equals:
                raise ConfigurationError(f"the query {word!r} has no =", line.location)
            wanted.setdefault(name, []).append(value)
    return lambda request: _has_query(request, wanted)


def _has_query(request: Request, wanted: Mapping[str, list[str]]) -> bool:
    values, is_good = query_values(request.url.query)
    if not is_good:
        return False
    for name, allowed in wanted.items():
        found = values.get(request.all(name))
        if found and any(found[0] == request.all(each) or each == "*" for each in allowed):
            return True
    return not wanted and not values


def _header(lines: list[Directive]) -> Test:
    wanted: dict[str, list[str] | None] = {}
    for line in lines:
        name = line.words[0] if line.words else ""
        if name.startswith("!"):
            wanted[name[1:].lower()] = None
        elif len(line.words) < 2:
            raise ConfigurationError("the matcher header takes a name and a value", line.location)
        else:
            wanted[name.lower()] = [*(wanted.get(name.lower()) or ()), line.words[1]]
    return lambda request: all(_has_header(request, name, allowed) for name, allowed in wanted.items())


def _field(request: Request, name: str) -> str | None:
    return request.host or None if name == "host" else request.fields.get(name)


def _has_header(request: Request, name: str, allowed: list[str] | None) -> bool:
    found = _field(request, name)
    if allowed is None or found is None:
        return allowed is None and found is None
    return any(_is_value(found, request.all(each)) for each in allowed)


def _is_value(found: str, pattern: str) -> bool:
    if pattern == "*":
        return True
    if pattern.startswith("*") and pattern.endswith("*"):
        return pattern[1:-1] in found
    if pattern.startswith("*"):
        return found.endswith(pattern[1:])
    return found.startswith(pattern[:-1]) if pattern.endswith("*") else found == pattern


def _header_regexp(lines: list[Directive]) -> Test:
    tests = [_of_header(line) for line in lines]
    return lambda request: all(test(request) for test in tests)


def _of_header(line: Directive) -> Test:
    if len(line.words) not in {2, 3}:
        raise ConfigurationError("header_regexp takes a field and an expression", line.location)
    name, field, pattern = line.words if len(line.words) == 3 else ("", *line.words)
    return lambda request: (
        _field(request, field.lower()) is not None
        and _found(request, name, pattern, _field(request, field.lower()) or "")
    )


def _protocol(lines: list[Directive]) -> Test:
    wanted = lines[-1].words[0] if lines[-1].words else ""

    def test(request: Request) -> bool:
        if wanted in {"http", "https"}:
            return request.is_tls == (wanted == "https")
        if wanted == "grpc":
            return request.fields.get("content-type", "").startswith("application/grpc")
        if wanted == "http/1.0+":
            return True
        raise Unknowable(f"Whether the request comes by {wanted} depends on the client.")

    return test


def _remote_ip(lines: list[Directive]) -> Test:
    words = _words(lines)
    ranges = [each for word in words for each in (_PRIVATE if word == "private_ranges" else (word,))]
    try:
        networks = [ip_network(each.partition("%")[0], strict=False) for each in ranges if each != "forwarded"]
    except ValueError as error:
        raise ConfigurationError(f"remote_ip: {error}", lines[0].location) from None
    forwarded = "forwarded" in words

    def test(request: Request) -> bool:
        told = request.fields.get("x-forwarded-for", "").partition(",")[0].strip() if forwarded else ""
        try:
            client = ip_address(told or request.visit.client)
        except ValueError:
            return False
        return any(client in network for network in networks)

    return test


def _not(lines: list[Directive]) -> Test:
    sets = [_set("not", _lines(line), line.location) for line in lines]
    return lambda request: not any(each.matches(request) for each in sets)


def _vars(lines: list[Directive]) -> Test:
    wanted = [(line.words[0], line.words[1:]) for line in lines if line.words]

    def test(request: Request) -> bool:
        for name, allowed in wanted:
            value = _variable(request, name)
            if any(request.all(each) == value for each in allowed):
                return True
        return not wanted

    return test


def _variable(request: Request, name: str) -> str:
    """A placeholder, or a variable by its name."""
    return request.all(name) if name.startswith("{") else request.variables.get(request.all(name), "")


def _vars_regexp(lines: list[Directive]) -> Test:
    """One of several is enough."""
    tests = [_of_variable(line) for line in lines]
    return lambda request: any(test(request) for test in tests)


def _of_variable(line: Directive) -> Test:
    if len(line.words) not in {2, 3}:
        raise ConfigurationError("vars_regexp takes a variable and an expression", line.location)
    name, variable, pattern = line.words if len(line.words) == 3 else ("", *line.words)
    return lambda request: _found(request, name, pattern, _variable(request, variable))


def _file(lines: list[Directive]) -> Test:
    return FileMatcher.parse(lines).matches


def _expression(lines: list[Directive]) -> Test:
    text = " ".join(_words(lines))
    return _unknown(f"The expression {text} is not followed here.")


_MAKERS: Mapping[str, Callable[[list[Directive]], Test]] = {
    "path": _path,
    "path_regexp": _path_regexp,
    "host": _host,
    "method": _method,
    "query": _query,
    "header": _header,
    "header_regexp": _header_regexp,
    "protocol": _protocol,
    "remote_ip": _remote_ip,
    "client_ip": _remote_ip,
    "not": _not,
    "vars": _vars,
    "vars_regexp": _vars_regexp,
    "file": _file,
    "expression": _expression,
}
