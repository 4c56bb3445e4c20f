"""The headers that nginx adds to an answer of its own, and those it computes (its chain of header filters)."""

from collections.abc import Callable

from clearway.fronts.directive import Directive
from clearway.fronts.files import Entry
from clearway.fronts.nginx import expires, static, types, variables
from clearway.fronts.nginx.request import Request, Served
from clearway.fronts.nginx.scope import Scope
from clearway.fronts.unknowable import Unknowable
from clearway.http.validators import format_date, lists_tag, parse_date

# `add_header` without `always` and `expires` hold for these only.
SAFE = frozenset({200, 201, 204, 206, 301, 302, 303, 304, 307, 308})
# What changes headers in ways that are not looked into.
_CODE = (
    "header_filter_by_lua", "header_filter_by_lua_block", "header_filter_by_lua_file", "js_header_filter",
    "more_set_headers", "more_clear_headers",
)  # fmt: skip
_DATED = frozenset({200, 206, 304})  # an answer of another status has no Last-Modified
_USUAL_PORTS = {"http": 80, "https": 443}


class Answer:
    """Status, type and headers of an answer of nginx."""

    def __init__(self, request: Request, served: Served, status: int) -> None:
        self.request = request
        self.status = status
        self.media = served.type
        self.coding = served.coding
        self.headers: dict[str, str] = {}
        entry = served.entry
        if entry:
            self._validators(entry)
        self._rules(entry.mtime if entry else None)
        self._gzip(entry.size if entry else served.length)
        self._own()

    # --- filters, in the order in which they run

    def _validators(self, entry: Entry) -> None:
        self.headers["last-modified"] = format_date(entry.mtime)
        if self.request.scope.is_on("etag", default=True):
            self.headers["etag"] = f'"{entry.mtime:x}-{entry.size:x}"'
        if self.status == 200 and self._fails():
            self.status, self.media, self.coding = 412, "text/html", None
            self.headers.clear()
        elif self.status == 200 and self._is_unchanged(entry):
            self.status, self.media, self.coding = 304, None, None

    def _fails(self) -> bool:
        match = self.request.visit.fields.get("if-match")
        return match is not None and not self._names(match, weakly=False)

    def _is_unchanged(self, entry: Entry) -> bool:
        fields = self.request.visit.fields
        since, match = fields.get("if-modified-since"), fields.get("if-none-match")
        if since is None and match is None:
            return False
        if since is not None and not self._is_old(since, entry.mtime):
            return False
        return match is None or self._names(match, weakly=True)

    def _names(self, field: str, *, weakly: bool) -> bool:
        return lists_tag(field, self.headers.get("etag", ""), weakly=weakly)

    def _is_old(self, since: str, modified: int) -> bool:
        mode = self.request.scope.word("if_modified_since", "exact")
        asked = parse_date(since)
        if asked is None or mode == "off":
            return False
        return asked == modified or (mode == "before" and asked >= modified)

    def _rules(self, modified: int | None) -> None:
        """`expires` and `add_header`."""
        request = self.request
        known = {"content-type": self.media or "", **self.headers, "location": request.location or ""}
        request.sent = {name: [value] for name, value in known.items()}
        request.sent["www-authenticate"] = list(request.challenges)
        request.status = self.status
        if self.status not in _DATED:
            self.headers.pop("last-modified", None)
        if self.status in SAFE:
            self._evaluated(request.scope.nearest("expires")[-1:], lambda rule: self._expire(rule, modified))
        for rule in request.scope.nearest(*_CODE)[-1:]:
            request.step("headers", f"{rule.name} may change the headers, in ways that are not looked into", rule)
        rules = [rule for rule in added(request.scope) if self.status in SAFE or "always" in rule.words[2:]]
        self._evaluated(rules, self._add)

    def _evaluated(self, rules: list[Directive], apply: Callable[[Directive], None]) -> None:
        for rule in rules:
            try:
                apply(rule)
            except Unknowable as unknowable:
                self.request.step("headers", f"{rule.name} {' '.join(rule.words)}: {unknowable.sentence}", rule)

    def _expire(self, rule: Directive, modified: int | None) -> None:
        words = [self.request.text(word) for word in rule.words]
        found = expires.headers(words, modified)
        self.headers.update(found)
        self.request.sent.update({name: [value] for name, value in found.items()})

    def _add(self, rule: Directive) -> None:
        name, value = rule.words[0].lower(), self.request.text(rule.words[1])
        if name in {"etag", "last-modified"}:
            self.headers.pop(name, None)
            self.request.sent.pop(name, None)
        if value:
            self.request.sent.setdefault(name, []).append(value)
            self.headers[name] = f"{self.headers[name]}, {value}" if name in self.headers else value

    def _gzip(self, size: int | None) -> None:
        """`gzip` compresses what has no coding yet; the validator becomes weak."""
        request = self.request
        least = int(request.scope.word("gzip_min_length", "20"))
        if (
            not request.scope.is_on("gzip")
            or self.status not in {200, 403, 404}
            or self.coding
            or (size is not None and size < least)
            or not (self.media and types.is_among(request, "gzip_types", self.media, ("text/html",)))
        ):
            return
        request.vary = True
        if static.accepts(request, "gzip"):
            self.coding = "gzip"
            self._weaken()

    def _weaken(self) -> None:
        """The entity tag of what is compressed on the way; one without quotes is dropped."""
        tag = self.headers.pop("etag", "")
        if tag.startswith(('"', "W/")):
            self.headers["etag"] = tag if tag.startswith("W/") else f"W/{tag}"

    def _own(self) -> None:
        request = self.request
        if self.coding:
            self.headers["content-encoding"] = self.coding
        if request.vary and request.scope.is_on("gzip_vary"):
            self.headers["vary"] = ", ".join(filter(None, ["Accept-Encoding", self.headers.get("vary", "")]))
        if self.status == 204:
            self.media = None
        if self.media:
            self.media = types.with_charset(request, self.media, self.status)
            self.headers["content-type"] = ", ".join(filter(None, [self.media, self.headers.get("content-type", "")]))
        if request.location is not None:
            self.headers["location"] = absolute(request, request.location)
        if request.challenges:
            self.headers["www-authenticate"] = ", ".join(request.challenges)


def added(scope: Scope) -> list[Directive]:
    """`add_header` of the nearest level that has any; `add_header_inherit` (1.29.3) joins or cuts them."""
    own = scope.here("add_header")
    mode = scope.word("add_header_inherit", "on")
    if mode == "merge" and scope.parent:
        return [*added(scope.parent), *own]
    if own or mode == "off" or scope.parent is None:
        return own
    return added(scope.parent)


def absolute(request: Request, location: str) -> str:
    """A Location as it is sent: a path gets scheme, host and port (ngx_http_header_filter)."""
    scope, visit = request.scope, request.visit
    if not location.startswith("/") or not scope.is_on("absolute_redirect", default=True):
        return location
    if scope.is_on("server_name_in_redirect"):
        host = variables.server_name(request)
    else:
        host = variables.host(request) if visit.host else visit.address or request.choice.listen.address
    usual = _USUAL_PORTS.get(visit.scheme) == visit.port or not scope.is_on("port_in_redirect", default=True)
    return f"{visit.scheme}://{host}{'' if usual else f':{visit.port}'}{location}"
