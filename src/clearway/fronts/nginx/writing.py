"""A configuration of nginx for a project: maps for `http { }`, and what stands in `server { }`.

Encoded variants lie beside hashed names. Which of them is sent is decided by `map` and `if (-f …)` with `set` in it,
which are safe together; the URI stays as it is, so that the media type is that of the name.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from clearway.fronts.handing import ACCEL, remark
from clearway.fronts.quoting import literal
from clearway.fronts.site import Place, Private, RootFiles, Site
from clearway.fronts.too_large import page
from clearway.http.decision import ALLOW
from clearway.http.header_rules import FOREVER
from clearway.http.negotiation import SUFFIXES
from clearway.policy.media import DOCUMENT, SHOWN

from .blocks import directory, hidden, indented, joined, location, map_of, no_links, path_of, with_variables
from .codings import map_block
from .forwarded import OF_SCHEME
from .handing import accelerated
from .installed import Installed
from .quoting import either, quoted, regex, word
from .types_block import types_block

HASHED = r"(?s:.*)\.[0-9a-f]{12}(?:\.[^./]+)?"  # as Django names files by their content
_PREFERENCE = list(reversed(SUFFIXES))  # the last that fits is sent
_OPTIONS = "if ($request_method = OPTIONS) { return 204; }"


@dataclass(frozen=True)
class Written:
    """What belongs into `http { }`, into `server { }`, and around the latter."""

    maps: list[str]
    inside: list[str]
    listening: list[str]
    before: list[str]

    @property
    def server(self) -> list[str]:
        """A server block."""
        return ["server {", *indented(self.listening), "", *indented(self.inside), "}"]


def write(site: Site, nginx: Installed, certificate: tuple[str, str] | None = None) -> Written:
    """The parts of a configuration. Raises `UnwritableError`."""
    writer = _Writer(site, nginx)
    return Written(
        maps=joined(writer.maps()),
        inside=joined(writer.inside()),
        listening=list(listening(site, nginx, certificate)),
        before=redirecting(site) if certificate else [],
    )


def listening(site: Site, nginx: Installed, certificate: tuple[str, str] | None) -> Iterator[str]:
    """How the server of a site's hosts is reached; without a certificate, how HTTPS is added."""
    names = " ".join(word("_" if host == "*" else host) for host in site.hosts) or "_"
    plain, on = ("" if nginx.has_http2_directive else " http2"), "http2 on;"
    if certificate:
        yield from (f"listen {at}443 ssl{plain};" for at in ("", "[::]:"))
        yield from [on] if nginx.has_http2_directive else []
        yield f"server_name {names};"
        yield f"ssl_certificate {word(certificate[0])};"
        yield f"ssl_certificate_key {word(certificate[1])};"
        yield "server_tokens off;"
        return
    yield from ("listen 80;", "listen [::]:80;", f"server_name {names};", "server_tokens off;", "")
    yield "# HTTPS: fill in the two files, and let a second server { } on port 80 redirect to this one."
    yield from (f"# listen {at}443 ssl{plain};" for at in ("", "[::]:"))
    yield from [f"# {on}"] if nginx.has_http2_directive else []
    yield "# ssl_certificate /etc/letsencrypt/live/NAME/fullchain.pem;"
    yield "# ssl_certificate_key /etc/letsencrypt/live/NAME/privkey.pem;"


def redirecting(site: Site) -> list[str]:
    """A server that leads to HTTPS."""
    names = " ".join(word("_" if host == "*" else host) for host in site.hosts) or "_"
    inside = ["listen 80;", "listen [::]:80;", f"server_name {names};", "return 301 https://$host$request_uri;"]
    return ["server {", *indented(inside), "}"]


class _Writer:
    """The blocks for one site; every variable of it begins with the site's name."""

    def __init__(self, site: Site, nginx: Installed) -> None:
        self._site, self._nginx = site, nginx
        self._codings = [coding for coding in _PREFERENCE if coding in site.codings]

    def _var(self, name: str) -> str:
        return f"{self._site.name}_{name}"

    # --- http { }

    def maps(self) -> Iterator[list[str]]:
        if self._site.static:
            yield from self._codings_maps()
            yield self._cache_map(self._site.static)
            yield from self._method_maps()
        if self._site.hsts:
            yield map_of("$https", self._var("hsts"), [("on", quoted(self._site.hsts))])
        if self._site.scheme_value not in OF_SCHEME:
            yield map_of("$https", self._var("secure"), [("on", quoted(self._site.scheme_value))])
        if self._site.media:
            yield self._disposition_map()
        if self._site.websockets:
            rows = [("default", "upgrade"), ('""', '""')]
            yield ["# WebSockets.", *map_of("$http_upgrade", self._var("connection"), rows)]
        if self._nginx.has_early_hints:
            rows = [("navigate", "$http2$http3")]
            yield [
                "# 103 Early Hints, where a page is loaded.",
                *map_of("$http_sec_fetch_mode", self._var("early"), rows),
            ]
        yield self._upstream()

    def _codings_maps(self) -> Iterator[list[str]]:
        comment = ["# Codings that a client accepts: by name, or by * beside a name; a weight of 0 refuses (RFC 9110)."]
        for coding in self._codings:
            yield [*comment, *map_block(self._var(coding), coding, SUFFIXES[coding], "/")]
            comment = []
        if self._codings:
            rows = [(f"200{SUFFIXES[coding]}", coding) for coding in self._codings]
            yield map_of(f"$status${self._var('suffix')}", self._var("coding"), rows)

    def _method_maps(self) -> Iterator[list[str]]:
        """Allow, and the answer to a CORS preflight request, which is any OPTIONS here."""
        allowed = [("204", quoted(ALLOW)), ("405", quoted(ALLOW))]
        yield ["# Methods that a file has, and who may use them.", *map_of("$status", self._var("allow"), allowed)]
        if self._site.any_origin:
            for name, value in (("methods", quoted(ALLOW)), ("fields", '"*"'), ("seconds", "86400")):
                yield map_of("$status", self._var(name), [("204", value)])

    def _unchanging(self) -> list[str]:
        """Names of files that never change: a hash in the name, or a directory of a bundler that names them so."""
        return [*either([HASHED, *(f"{literal(folder)}/[^/]+" for folder in self._site.unchanging)])]

    def _cache_map(self, place: Place) -> list[str]:
        site = self._site
        short = f"max-age={site.max_age}, public" if site.max_age is not None else ""
        rows = [
            ("default", "no-store"),
            ('"~^204 "', '""'),
            *(
                (regex(f"~^(?:200|206|304) {literal(place.prefix)}{names}$"), quoted(FOREVER))
                for names in self._unchanging()
            ),
            ('"~^(?:200|206|304) "', quoted(short)),
        ]
        return [
            "# Names with a hash never change; errors are not kept.",
            *map_of('"$status $uri"', self._var("cache"), rows),
        ]

    def _disposition_map(self) -> list[str]:
        kinds = "|".join(each.rstrip("/") for each in SHOWN)
        named = "|".join(map(literal, self._site.policy.inline))
        rows = [
            ("default", "attachment"),
            *([(regex(rf"~*^(?:{named})[ \t]*(?:;|$)"), "inline")] if named else []),
            (regex(rf"~*^(?:{kinds})/[^;]*{literal(DOCUMENT)}[ \t]*(?:;|$)"), "attachment"),
            (regex(f"~*^(?:{kinds})/"), "inline"),
        ]
        comment = "# Users' files: pictures, sound and video are shown, everything else is a download."
        return [comment, *map_of("$sent_http_content_type", self._var("disposition"), rows)]

    def _upstream(self) -> list[str]:
        server = f"server {word(self._site.upstream)} fail_timeout=0;"
        # A connection is not used again: what is no GET cannot be repeated when the application just closed it.
        return [f"upstream {self._var('application')} {{", f"    {server}", "}"]

    # --- server { }

    def inside(self) -> Iterator[list[str]]:
        site = self._site
        yield [f"# {site.upload_reason}", f"client_max_body_size {site.upload};", *self._refused()]
        if site.static:
            yield self._static(site.static)
        for files in site.root_files:
            yield self._root_files(files)
        if site.media:
            yield self._media(site.media)
        if site.private:
            yield self._private(site.private)
        yield self._application()
        if site.static or site.media:
            comment = "# Media types: the table beside nginx lacks mjs, map, webmanifest and others."
            yield [comment, *types_block(site.types, site.charset)]

    def _static(self, place: Place) -> list[str]:
        manifest = f"location = {word(place.prefix + 'staticfiles.json')} {{ return 404; }}"
        asked = [f"error_page 404 = @{self._var('application')};"] if self._site.asks else []
        return location(
            f"^~ {word(place.prefix)}" if place.prefix != "/" else "/",
            ["# Static files: everything below STATIC_URL, whatever regular expressions stand elsewhere."],
            [f"alias {path_of(place.root, '/')};", *asked],
            [*self._links(place), *self._static_headers()],
            ["if (-d $request_filename) { return 404; }", _OPTIONS],
            [
                "# No dotfiles, no directories: .clearway holds Clearway's own records.",
                *hidden(),
                manifest,
                *self._bare(),
            ],
            *self._variants(place),
        )

    def _links(self, place: Place) -> list[str]:
        return [] if self._site.follows_links else [no_links(place.root)]

    def _bare(self) -> list[str]:
        """Variants are no files of their own."""
        suffixes = "|".join(SUFFIXES[coding][1:] for coding in self._codings)
        return [f'location ~ "[.][0-9a-f]{{12}}[.][^./]+[.](?:{suffixes})$" {{ return 404; }}'] if suffixes else []

    def _static_headers(self) -> list[str]:
        site = self._site
        coding = [f"add_header Content-Encoding ${self._var('coding')};"] if self._codings else []
        return [
            "gzip off;",
            *(f"{encoder} off;" for encoder in self._nginx.encoders),
            "if_modified_since before;",
            f"add_header Cache-Control ${self._var('cache')} always;",
            *coding,
            *(["add_header Vary Accept-Encoding;"] if coding else []),
            f"add_header Allow ${self._var('allow')} always;",
            *self._shared_headers(),
            *(self._cors() if site.any_origin else []),
        ]

    def _cors(self) -> list[str]:
        return [
            'add_header Access-Control-Allow-Origin "*" always;',
            f"add_header Access-Control-Allow-Methods ${self._var('methods')};",
            f"add_header Access-Control-Allow-Headers ${self._var('fields')};",
            f"add_header Access-Control-Max-Age ${self._var('seconds')};",
        ]

    def _shared_headers(self) -> list[str]:
        hsts = [f"add_header Strict-Transport-Security ${self._var('hsts')} always;"] if self._site.hsts else []
        return ["add_header X-Content-Type-Options nosniff always;", *hsts]

    def _variants(self, place: Place) -> list[list[str]]:
        """The encoded variant beside a file where there is one that the client accepts, else the file."""
        comment = ["# Encoded variants may lie beside names with a hash: the last that is there and accepted is sent."]
        names = self._unchanging() if self._codings else []
        return [self._variants_of(place, each, [] if number else comment) for number, each in enumerate(names)]

    def _variants_of(self, place: Place, names: str, comment: list[str]) -> list[str]:
        name, suffix = self._var("file"), self._var("suffix")
        path = f"{directory(place.root)}/${name}"
        tests = [
            f"if (-f {with_variables(path + '$' + self._var(coding))}) {{ set ${suffix} {SUFFIXES[coding]}; }}"
            for coding in self._codings
        ]
        return location(
            f"~ {regex(f'^{literal(place.prefix)}(?<{name}>{names})$')}",
            comment,
            [
                f"alias {with_variables(path + '$' + suffix)};",
                "open_file_cache max=4096 inactive=60s;",
                "open_file_cache_valid 60s;",
            ],
            [f'set ${suffix} "";', *tests, f'if ($http_range) {{ set ${suffix} ""; }}  # parts are of the file itself'],
            [_OPTIONS],
        )

    def _root_files(self, files: RootFiles) -> list[str]:
        """Locations, one unless there are many names."""
        names = [*(f"{literal(name)}$" for name in files.files), *(f"{literal(name)}/." for name in files.directories)]
        return [*chain.from_iterable(self._root_files_of(files, each) for each in either(names))]

    def _root_files_of(self, files: RootFiles, names: str) -> list[str]:
        caching = [f"add_header Cache-Control ${self._var('cache')} always;"] if self._site.static else []
        return location(
            f"~ {regex('^/(?!.+/[.])' + names)}",
            ["# Files at the site's root."],
            [f"root {path_of(files.root)};", *self._links(Place("/", files.root))],
            [*caching, *self._shared_headers()],
        )

    def _media(self, place: Place) -> list[str]:
        headers = self._site.policy.shared
        return location(
            f"^~ {word(place.prefix)}",
            ["# Users' files: what they may do to a browser."],
            [f"alias {path_of(place.root, '/')};"],
            [*self._links(place), "if (-d $request_filename) { return 404; }"],
            [
                f"add_header Content-Disposition ${self._var('disposition')};",
                *(f"add_header {name} {quoted(value)} always;" for name, value in headers.items()),
            ],
            hidden(),
        )

    def _private(self, private: Private) -> list[str]:
        return remark(private, ACCEL) or accelerated(private, self._site, self._nginx)

    def _of_scheme(self) -> dict[str, str]:
        """The fields that tell of HTTPS: the usual one, and Django's own in its own word."""
        value = OF_SCHEME.get(self._site.scheme_value, f"${self._var('secure')}")
        return {"X-Forwarded-Proto": "$scheme", self._site.scheme_field: value}

    def _refused(self) -> list[str]:
        """The page of what is too large."""
        if not self._site.upload:
            return []
        name = f"@{self._var('too_large')}"
        answer = f'types {{ }} default_type "text/html; charset=utf-8"; return 413 {quoted(page(self._site))};'
        return [f"error_page 413 {name};", f"location {name} {{ {answer} }}"]

    def _application(self) -> list[str]:
        site, name = self._site, self._var("application")
        headers = [
            "proxy_set_header Host $host;",
            "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;",
            *(f"proxy_set_header {field} {value};" for field, value in self._of_scheme().items()),
            *(["proxy_set_header X-Forwarded-Host $host;"] if site.forwards_host else []),
        ]
        if site.websockets:
            headers += [
                "proxy_set_header Upgrade $http_upgrade;",
                f"proxy_set_header Connection ${self._var('connection')};",
            ]
        early = [f"early_hints ${self._var('early')};"] if self._nginx.has_early_hints else []
        inside = ["proxy_http_version 1.1;", *headers, "proxy_redirect off;", *early, f"proxy_pass http://{name};"]
        comment = ["# Everything else is the application's."]
        named = location(f"@{name}", [], inside) if site.asks else []
        if site.static and site.static.prefix == "/":
            return named
        return [*location("/", comment, inside), *(["", *named] if named else [])]
