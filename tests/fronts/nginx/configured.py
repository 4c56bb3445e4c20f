"""A configuration from its text, without a file; and the road of a URL through it."""

from collections.abc import Mapping

from tests.helpers.fake_files import FakeFiles

from clearway.fronts.nginx.reading import Configuration
from clearway.fronts.nginx.routing import route
from clearway.fronts.nginx.tree import parse
from clearway.fronts.nginx.versions import Version
from clearway.fronts.road import Road, Visit

FILES = FakeFiles(
    [
        *("/srv/index.html", "/srv/404.html", "/srv/secret.txt", "/srv/media/c.png", "/srv/private/d.css"),
        *(
            "/srv/static/a.css",
            "/srv/static/a.css.gz",
            "/srv/static/alone.css.gz",
            "/srv/static/index.html",
            "/srv/static/js/b.js",
        ),
        *("/srv/static/e.css", "/usr/share/nginx/html/index.html"),
    ],
    denied=["/srv/private", "/srv/static/e.css"],
)


VERSION = (1, 22, 1)


def configuration(http: str, version: Version = VERSION) -> Configuration:
    """Of the text of an http block."""
    directives = parse(f"http {{ {http}\n}}", "nginx.conf", lambda _, __: ())
    return Configuration("/etc/nginx/nginx.conf", directives, given_prefix="/usr/share/nginx", given_version=version)


def server(text: str, before: str = "", version: Version = VERSION) -> Configuration:
    """Of the text of a server block, and what stands before it."""
    return configuration(f"{before} server {{ listen 80; root /srv; {text} }}", version)


def visit(
    target: str, host: str = "localhost", method: str = "GET", fields: Mapping[str, str] | None = None, port: int = 80
) -> Visit:
    """A plain request."""
    return Visit(method, "http", host, port, target, "127.0.0.1", fields or {})


def road(
    text: str,
    target: str,
    before: str = "",
    method: str = "GET",
    fields: Mapping[str, str] | None = None,
    version: Version = VERSION,
) -> Road:
    """Of a URL through one server."""
    return route(server(text, before, version), visit(target, method=method, fields=fields), FILES)
