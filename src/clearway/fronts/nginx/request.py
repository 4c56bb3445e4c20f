"""One request on its way through nginx: what changes from phase to phase."""

from dataclasses import dataclass
from enum import IntEnum

from clearway.fronts.directive import Directive
from clearway.fronts.files import Entry, Files
from clearway.fronts.nginx import uri, variables
from clearway.fronts.nginx.scope import PASSES, Scope, Server
from clearway.fronts.nginx.servers import Choice
from clearway.fronts.nginx.value import evaluate
from clearway.fronts.nginx.versions import ESCAPED_SLASHES, MORE_ESCAPED, Change
from clearway.fronts.regex import Match
from clearway.fronts.road import Location, Step, Visit
from clearway.fronts.unknowable import Unknowable

CLOSED = 444  # the connection is closed without an answer
MOST_CHANGES = 10  # NGX_HTTP_MAX_URI_CHANGES

# What answers a location as a whole; a static file is served where there is none.
HANDLERS = (*PASSES, "stub_status", "empty_gif", "flv", "mp4", "perl", "js_content")


class Phase(IntEnum):
    """The phases of nginx that decide a road, in their order."""

    SERVER_REWRITE = 0
    FIND_LOCATION = 1
    REWRITE = 2
    POST_REWRITE = 3
    ACCESS = 4
    TRY_FILES = 5
    CONTENT = 6


@dataclass(frozen=True)
class Jump:
    """The request goes on in this phase."""

    phase: Phase


@dataclass(frozen=True)
class Status:
    """The request is to be answered with a status: by an error page, or nginx's own page."""

    code: int


@dataclass(frozen=True)
class Served:
    """The request is answered: with a file, a text of the configuration, or by what stands behind."""

    status: int | None
    by: str = "nginx"
    file: str | None = None
    entry: Entry | None = None
    upstream: str | None = None
    type: str | None = None
    coding: str | None = None
    length: int | None = None  # of a text; None where it is not known before


Ending = Jump | Status | Served


class Request:
    """The state of a request; names in brackets are those of nginx's source."""

    def __init__(self, visit: Visit, choice: Choice, files: Files, target: uri.Target, steps: list[Step]) -> None:
        self.visit: Visit = visit
        self.choice: Choice = choice
        self.files: Files = files
        self.target: uri.Target = target
        self.steps: list[Step] = steps
        self.server: Server = self.choice.server
        self.scope: Scope = self.server  # [loc_conf]
        self.method: str = self.visit.method
        self.path: str = self.target.path  # [uri]
        self.arguments: str = self.target.arguments  # [args]
        self.client: str = self.visit.client
        self.handler: str | None = None  # [content_handler]
        self.internal = False
        self.valid_location = True
        self.valid_unparsed = not self.target.spaced
        self.path_changed = False  # [uri_changed]
        self.changes_left = MOST_CHANGES + 1  # [uri_changes]
        self.adds_path_to_alias = False
        self.error_status = 0  # [err_status]
        self.on_error_page = False  # [error_page]
        self.location: str | None = None  # the header
        self.challenges: list[str] = []  # WWW-Authenticate
        self.kept_type = ""  # of the application's answer, behind X-Accel-Redirect
        self.is_subrequest: bool = False
        self.script: tuple[str, str] | None = None  # of fastcgi_split_path_info
        self.vary = False
        self.sent: dict[str, list[str]] = {}  # header fields of the answer, as far as they are known
        self.status: int | None = None  # of the answer
        self.quotes = False  # [quote] of the rules' engine
        self.captures: tuple[str, ...] = ()
        self.values: dict[str, str | Unknowable] = {}
        if self.choice.match:
            self.matched(self.choice.match)

    # --- steps

    def step(self, layer: str, decision: str, at: Directive | Scope | Location | None = None, ok: bool = True) -> None:
        """Note a decision and where it is written."""
        place = at.place if isinstance(at, Scope) else at.location if isinstance(at, Directive) else at
        self.steps.append(Step(layer, decision, place, ok))

    # --- variables

    def matched(self, match: Match | None) -> None:
        """A regular expression was tried: captures of an earlier one are gone either way."""
        self.captures = match.groups if match else ()
        if match:
            self.values.update({name.lower(): text for name, text in match.named.items()})

    def capture(self, number: int) -> str:
        """`$1` to `$9`."""
        return self.captures[number - 1] if number <= len(self.captures) else ""

    def variable(self, name: str) -> str:
        """By lower-case name. Raises Unknowable."""
        value = self.values.get(name)
        if isinstance(value, Unknowable):
            raise value
        return variables.value(self, name) if value is None else value

    def text(self, word: str) -> str:
        """A word of the configuration with its variables. Raises Unknowable."""
        return evaluate(word, self)

    def rule_text(self, word: str) -> str:
        """A word of a rule: captures in it are escaped until a rewrite of the same phase has matched."""
        return evaluate(word, self, self.escaped if self.quotes else str)

    def escaped(self, capture: str) -> str:
        """A capture as it is written into arguments, where the request's path had something to decode."""
        if not (self.target.quoted or self.target.plus):
            return capture
        return uri.escaped_argument(capture, few=self._escapes_few(capture))

    def escaped_path(self, path: str) -> str:
        """A path as it is written into a request line or a Location."""
        return uri.escaped(path, few=self._escapes_few(path))

    def location_of(self, path: str) -> str:
        """The Location that sends to a path whose last slash was missing, with the arguments."""
        escaped = self.escaped_path(path)
        is_escaped = escaped == path or self.does(ESCAPED_SLASHES)
        return (escaped if is_escaped else path) + (f"?{self.arguments}" if self.arguments else "")

    def _escapes_few(self, text: str) -> bool:
        return uri.has_doubtful(text) and not self.does(MORE_ESCAPED)

    def does(self, change: Change) -> bool:
        """Whether the version of nginx has a change. Raises Unknowable."""
        return self.server.configuration.does(change)

    # --- movement

    def enter(self, scope: Scope) -> None:
        """Take a level's configuration (ngx_http_update_location_config)."""
        self.scope = scope
        for directive in scope.here("limit_except"):
            if not _excepted(directive, self.method):
                self.scope = scope.inner(directive)
                self.step("access", f"{self.method} is not among the methods of limit_except", directive)
        own = own_handler(self.scope)
        if own:
            self.handler = own

    def redirect(self, path: str, arguments: str) -> Ending:
        """An internal redirect: the request begins anew within its server."""
        self.changes_left -= 1
        if self.changes_left == 0:
            return self.cycle(f"an internal redirect to {path}")
        self.path, self.arguments, self.script = path, arguments, None
        self.enter(self.server)
        self.internal = self.valid_location = True
        self.valid_unparsed = self.adds_path_to_alias = self.vary = False
        return Jump(Phase.SERVER_REWRITE)

    def go_to_named(self, name: str) -> Ending:
        """To a named location; the path stays."""
        self.changes_left -= 1
        if self.changes_left == 0:
            return self.cycle(f"the way to {name}")
        location = self.server.locations.named.get(name)
        if location is None or not self.path:
            self.step("location", f"there is no named location {name}: 500", self.server, ok=False)
            return Status(500)
        self.step("location", f"named location {name}", location)
        self.internal, self.handler, self.path_changed = True, None, False
        self.enter(location)
        return Jump(Phase.REWRITE)

    def cycle(self, where: str) -> Status:
        """The eleventh change of the path ends the request."""
        self.step("rewrite", f"rewrite or internal redirection cycle at {where}: 500", self.scope, ok=False)
        return Status(500)


def own_handler(scope: Scope) -> str | None:
    """The content handler that a level sets; `limit_except` keeps that of its location."""
    for name in HANDLERS:
        if name in scope.own:
            return name
    return own_handler(scope.parent) if scope.kind == "limit_except" and scope.parent else None


def _excepted(directive: Directive, method: str) -> bool:
    methods = {word.upper() for word in directive.words}
    return method in methods or (method == "HEAD" and "GET" in methods)
