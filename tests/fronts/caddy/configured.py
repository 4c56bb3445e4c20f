"""A Caddyfile from its text, without a file; and the road of a URL through it."""

from collections.abc import Mapping

from tests.helpers.fake_files import FakeFiles

from clearway.fronts.caddy.lexing import tokens
from clearway.fronts.caddy.parsing import Block, parse
from clearway.fronts.caddy.reading import Configuration
from clearway.fronts.caddy.routing import route
from clearway.fronts.road import Outcome, Road, Visit

FILES = FakeFiles(
    [
        *("/srv/index.html", "/srv/404.html", "/srv/secret.txt", "/srv/media/c.png", "/srv/private/d.css"),
        *("/srv/static/a.css", "/srv/static/a.css.gz", "/srv/static/a.css.br", "/srv/static/js/b.js"),
        *("/srv/static/e.css", "/srv/app/index.html", "/srv/app/page.html", "/srv/static/x.map", "/srv/static/.hidden"),
    ],
    denied=["/srv/private", "/srv/static/e.css"],
)


def blocks(text: str, environ: Mapping[str, str] | None = None) -> tuple[Block, ...]:
    """Of a text that imports nothing."""
    return parse(tokens(text, "Caddyfile", environ or {}), lambda _, __: ())


def configuration(text: str) -> Configuration:
    """Of a whole Caddyfile."""
    found = blocks(text)
    has_options = bool(found) and not found[0].keys
    options = found[0].directives if has_options else ()
    return Configuration("/etc/caddy/Caddyfile", options, found[1:] if has_options else found)


def site(text: str) -> Configuration:
    """Of the inside of a site on port 80."""
    return configuration(f":80 {{\nroot * /srv\n{text}\n}}\n")


def visit(
    target: str, host: str = "localhost", method: str = "GET", fields: Mapping[str, str] | None = None, port: int = 80
) -> Visit:
    """A plain request."""
    return Visit(method, "http", host, port, target, "127.0.0.1", fields or {})


def road(text: str, target: str, method: str = "GET", fields: Mapping[str, str] | None = None) -> Road:
    """Of a URL through one site."""
    return route(site(text), visit(target, method=method, fields=fields), FILES)


def outcome(text: str, target: str, method: str = "GET", fields: Mapping[str, str] | None = None) -> Outcome:
    """Where that ends."""
    return road(text, target, method, fields).outcome
