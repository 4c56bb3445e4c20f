"""A request on its way through httpd: what was decided about it so far."""

from dataclasses import dataclass, field

from clearway.fronts.directive import Directive
from clearway.fronts.files import Entry, Files
from clearway.fronts.road import Location, Step, Visit
from clearway.fronts.unknowable import Unknowable

from .reading import Configuration
from .scope import Layer, Scope
from .servers import Server

PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Served:
    """Who answers, and with what; `by` is `application` where the request is handed on."""

    status: int | None
    by: str = "apache"
    file: str = ""
    entry: Entry | None = None
    upstream: str | None = None
    body: str = ""


@dataclass
class Request:
    """One request, a subrequest (`main` is set), or what an internal redirect makes of one (`previous`)."""

    configuration: Configuration
    visit: Visit
    server: Server
    files: Files
    steps: list[Step]
    path: str
    arguments: str | None
    raw: str
    method: str
    main: "Request | None" = None
    previous: "Request | None" = None
    status: int = 200
    filename: str = ""
    path_info: str = ""
    entry: Entry | None = None
    scope: Scope = field(default_factory=Scope)
    handler: str = ""
    upstream: str = ""
    type: str | None = None
    charset: str = ""
    encodings: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    vary: list[str] = field(default_factory=list)
    walked: tuple[str, list[Layer]] | None = None  # the directory, and what DirectoryMatch added
    environ: dict[str, str] = field(default_factory=dict)
    location: str = ""
    challenge: list[str] = field(default_factory=list)  # at most one, and the same list for the pages of errors
    context: tuple[str, str] | None = None  # the prefix and the directory of the alias that fitted
    script: bool = False
    pending: tuple[str, str | None] | None = None  # where the rules of a directory lead
    ended: bool = False  # RewriteRule [END]
    redirects: int = 0

    def step(self, layer: str, decision: str, rule: Directive | None = None, *, ok: bool = True) -> None:
        """One decision; those of a subrequest are not told."""
        if self.main is None:
            where: Location | None = rule.location if rule and rule.location.line else None
            self.steps.append(Step(layer, decision, where, ok))

    def base(self) -> Scope:
        """What holds at the level of the server."""
        own = [Layer(self.configuration.servers.main.directives)]
        if self.server is not self.configuration.servers.main:
            own.append(Layer(self.server.directives))
        return Scope(tuple(own))

    def of_server(self, name: str) -> tuple[str, ...] | None:
        """The words of a directive of the virtual host, else of the main server."""
        return self.server.words(name) or self.configuration.servers.main.words(name)

    def has(self, module: str) -> bool:
        return self.configuration.modules.has(module)

    @property
    def root(self) -> str:
        """DocumentRoot without a slash at the end."""
        given = self.of_server("documentroot") or ("htdocs",)
        return self.configuration.full(given[0]).rstrip("/")

    @property
    def origin(self) -> str:
        """Scheme, host and port as they are written into a Location (ap_construct_url)."""
        visit, host = self.visit, self.visit.host.lower().removesuffix(".")
        if (self.of_server("usecanonicalname") or ("off",))[0].lower() != "off" or not host:
            host = self.server.name or self.configuration.servers.main.name
            if not host:
                raise Unknowable("The name of this server is asked of the system: ServerName is not set.")
        at = visit.port if self.main is None else self.server.port or PORTS[visit.scheme]
        return f"{visit.scheme}://{host}{'' if at == PORTS[visit.scheme] else f':{at}'}"

    def look(self, path: str) -> Entry:
        """What a path is for the worker. Raises Unknowable where that cannot be told."""
        found = self.files.look(path)
        if found.kind == "unknown":
            raise Unknowable(f"Whether {path} can be reached cannot be told from here: {found.reason}.")
        return found
