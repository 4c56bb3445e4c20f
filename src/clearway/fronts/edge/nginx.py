"""A configuration of nginx as a cache in front of an origin, without a module that is not in every build.

It has two servers. The one that clients ask keeps answers by path and coding. The other, on loopback, fetches what
is not kept: it tries the encoded variant first, says how long an answer is kept, and unites what origins say of errors.
"""

from collections.abc import Iterator

from clearway.fronts.nginx.blocks import indented, joined, location, map_of
from clearway.fronts.nginx.codings import map_block
from clearway.fronts.nginx.installed import Installed
from clearway.fronts.nginx.quoting import quoted, regex, word
from clearway.fronts.quoting import literal
from clearway.http.decision import ALLOW
from clearway.http.negotiation import SUFFIXES

from .edge import Edge
from .hidden_fields import HIDDEN

FETCHING = "127.0.0.1:8181"
_REFRESH = "/.edge-refresh"
_MISSING = "400 401 403 404 410"
_FAILED = "301 302 303 307 308 405 429 500 501 502 503 504"
_IGNORED = "X-Accel-Redirect X-Accel-Expires X-Accel-Limit-Rate X-Accel-Buffering X-Accel-Charset"


def write(edge: Edge, nginx: Installed, listening: list[str]) -> list[str]:
    """The lines for `http { }`; `listening` is how the server is reached. Raises `UnwritableError`."""
    writer = _Writer(edge, nginx)
    return [*joined(writer.shared()), "", *writer.asked(listening), "", *writer.fetching()]


class _Writer:
    def __init__(self, edge: Edge, nginx: Installed) -> None:
        self._edge, self._nginx = edge, nginx
        self._tries = bool(edge.codings) and not edge.coding
        self._prefix = literal(edge.quoted_prefix)

    def _var(self, name: str) -> str:
        return f"{self._edge.name}_edge_{name}"

    def _of(self, name: str) -> str:
        return f"${self._var(name)}"

    # --- http { }

    def shared(self) -> Iterator[list[str]]:
        name = self._edge.name
        yield [
            f"proxy_cache_path /var/cache/{name}-edge levels=1:2 keys_zone={name}_edge:10m max_size=10g inactive=30d",
            "                 use_temp_path=off;",
        ]
        yield from self._upstreams()
        yield self._names()
        if self._tries:
            yield from self._codings()
        yield from self._lifetimes()
        yield from self._fields()
        yield self._purgers()

    def _upstreams(self) -> Iterator[list[str]]:
        host, port = self._edge.origin.connected
        again = "# nginx looks a name up when it starts: where addresses change, let a timer reload it every hour."
        is_name = not host.replace(".", "").isdigit() and not host.startswith("[")
        inside = [f"server {word(f'{host}:{port}')};", "keepalive 32;"]
        yield [*([again] if is_name else []), f"upstream {self._var('origin')} {{", *indented(inside), "}"]
        yield [f"upstream {self._var('fetching')} {{", f"    server {FETCHING};", "    keepalive 32;", "}"]

    def _names(self) -> list[str]:
        name = self._var("name")
        row = regex(rf"~^{self._prefix}(?<{name}>{self._edge.names})(?:\?|$)")
        comment = (
            "# A file is its path. No dotfiles, no records, no escapes that could mean something else to the origin."
        )
        return [comment, *map_of("$request_uri", self._var("object"), [(row, f"${name}")])]

    def _codings(self) -> Iterator[list[str]]:
        rows = [(regex(f"~*^{each}$"), "1") for each in self._edge.encoded_rows]
        yield [
            "# The coding of a text, out of those that a client accepts by name, or by * beside a name; q=0 refuses.",
            *map_of(self._of("object"), self._var("text"), rows),
        ]
        for coding in self._edge.codings:
            yield map_block(self._var(coding), coding, coding, '""')
        source = ":".join(f"{self._of(each)}" for each in self._edge.codings)
        found = [(regex(f"~^1:{'[^:]*:' * at}{each}"), each) for at, each in enumerate(self._edge.codings)]
        parts = f"{self._of('text')}$http_range"  # parts are of the file itself
        yield map_of(f'"{parts}:{source}"', self._var("coding"), found)
        if not self._edge.negotiates:
            suffixes = [(each, SUFFIXES[each]) for each in self._edge.codings]
            yield map_of(self._of("coding"), self._var("suffix"), suffixes)

    def _lifetimes(self) -> Iterator[list[str]]:
        """How long an answer is kept, as X-Accel-Expires has it."""
        age, shared = self._var("age"), self._var("shared")
        rows = [
            ("default", "0"),
            (regex("~*^404 .* refresh$"), "1"),
            (regex("~*^200 .*(?:no-store|no-cache|private)"), "0"),
            (regex(rf'~*^200 (?:.*[ ,])?s-maxage="?(?<{shared}>[0-9]{{1,9}})'), f"${shared}"),
            (regex(rf'~*^200 (?:.*[ ,])?max-age="?(?<{age}>[0-9]{{1,9}})'), f"${age}"),
        ]
        source = '"$status $upstream_http_cache_control $http_x_refresh"'
        yield ["# The origin's lifetime counts; errors are not kept.", *map_of(source, self._var("lifetime"), rows)]
        if self._tries and not self._edge.negotiates:
            short = [("default", self._of("lifetime")), (regex("~^[a-z]+ [0-9]{4,}$"), "3600")]
            source = f'"{self._of("coding")} {self._of("lifetime")}"'
            comment = "# Instead of a variant that may still come: an hour."
            yield [comment, *_volatile(map_of(source, self._var("instead"), short))]

    def _fields(self) -> Iterator[list[str]]:
        """Header fields by status."""
        allowed = [("204", quoted(ALLOW)), ("405", quoted(ALLOW))]
        yield map_of("$status", self._var("allow"), allowed)
        always = {"cache": "$upstream_cache_status", "sniffing": "nosniff"}
        always |= {"any_origin": '"*"'} if self._edge.any_origin else {}
        comment = ["# nginx makes the header of a 416 twice, as a 200 at first."]
        for name, value in always.items():
            yield [*comment, *map_of("$status", self._var(name), [("default", value), ("416", '""')])]
            comment = []
        if self._edge.any_origin:
            for name, value in (("methods", quoted(ALLOW)), ("headers", '"*"'), ("seconds", "86400")):
                yield map_of("$status", self._var(name), [("204", value)])
        yield map_of("$status", self._var("store"), [("default", "no-store"), (regex("~^(?:20[046]|304)$"), '""')])
        if self._varies:
            source = f'"$status {self._of("object")}"'
            rows = [regex(f"~*^(?:200|206|304) {each}$") for each in self._edge.encoded_rows]
            found = [(row, "Accept-Encoding") for row in rows]
            yield map_of(source, self._var("vary"), found)

    @property
    def _varies(self) -> bool:
        return self._tries or self._edge.coding == "gzip"

    def _purgers(self) -> list[str]:
        """PURGE fetches the file again, whatever is kept."""
        rows = [f"    {each} 1;" for each in self._edge.purgers]
        found = [(quoted("PURGE 1"), "1")]
        return [
            "# Who may send PURGE.",
            f"geo {self._of('purger')} {{",
            "    default 0;",
            *rows,
            "}",
            *map_of(f'"$request_method {self._of("purger")}"', self._var("purges"), found),
        ]

    # --- the server that clients ask

    def asked(self, listening: list[str]) -> list[str]:
        inside = joined(
            [
                listening,
                ["gzip off;", *(f"{each} off;" for each in self._nginx.encoders), *self._decoding()],
                list(self._headers()),
                self._static(),
                self._refresh(),
                self._elsewhere(),
            ]
        )
        return ["# Asked by clients.", "server {", *indented(inside), "}"]

    def _decoding(self) -> list[str]:
        return (
            ["gunzip on;  # texts are gzip: decoded for who does not accept it"] if self._edge.coding == "gzip" else []
        )

    def _headers(self) -> Iterator[str]:
        yield f"add_header X-Cache {self._of('cache')} always;"
        yield f"add_header Cache-Control {self._of('store')} always;"
        yield f"add_header Allow {self._of('allow')} always;"
        if self._varies:
            yield f"add_header Vary {self._of('vary')};"
        if self._edge.any_origin:
            yield f"add_header Access-Control-Allow-Origin {self._of('any_origin')} always;"
            yield f"add_header Access-Control-Allow-Methods {self._of('methods')};"
            yield f"add_header Access-Control-Allow-Headers {self._of('headers')};"
            yield f"add_header Access-Control-Max-Age {self._of('seconds')};"
        yield f"add_header X-Content-Type-Options {self._of('sniffing')} always;"

    def _static(self) -> list[str]:
        prefix = self._edge.prefix
        return location(
            f"^~ {word(prefix)}" if prefix != "/" else "^~ /",
            [],
            [
                f'if ({self._of("object")} = "") {{ return 404; }}',
                f"if ({self._of('purges')}) {{ return 418; }}",
                f"error_page 418 = {_REFRESH};  # as GET",
                'if ($request_method !~ "^(?:GET|HEAD|OPTIONS)$") { return 405; }',
                "if ($request_method = OPTIONS) { return 204; }",
            ],
            self._cached(),
        )

    def _elsewhere(self) -> list[str]:
        prefix = self._edge.prefix
        if prefix == "/":
            return []
        bare = word(prefix.rstrip("/"))  # or nginx redirects to the prefix
        return [f"location = {bare} {{ return 404; }}", "location / { return 404; }"]

    def _refresh(self) -> list[str]:
        again = ["proxy_cache_bypass 1;", "proxy_set_header X-Refresh refresh;"]
        return location(f"= {_REFRESH}", [], ["internal;", *again, *self._cached()])

    def _cached(self) -> list[str]:
        coding = self._of("coding") if self._tries else ""
        sent = [f"proxy_set_header Accept-Encoding {self._of('coding')};"] if self._tries else []
        path = quoted(f"http://{self._var('fetching')}{self._edge.quoted_prefix}{self._of('object')}")
        return [
            f"proxy_cache {self._edge.name}_edge;",
            f'proxy_cache_key "{self._of("object")} {coding}";',
            "proxy_cache_lock on;",
            "proxy_cache_lock_timeout 2s;",
            "proxy_cache_use_stale error timeout http_503;",
            "proxy_ignore_headers Cache-Control Expires Set-Cookie Vary;",
            *_clean(),
            *sent,
            "proxy_read_timeout 90s;",
            f"proxy_pass {path};",
        ]

    # --- the server that fetches

    def fetching(self) -> list[str]:
        plain = quoted(f"{self._address}{self._of('object')}")
        first = self._first() if self._tries and not self._edge.negotiates else []
        name = f"@{self._var('plain')}" if first else "/"
        lifetime = self._var("instead" if first else "lifetime")
        errors = [
            f"error_page {_MISSING} =404 @{self._var('missing')};",
            f"error_page {_FAILED} =503 @{self._var('failed')};",
            f"add_header X-Accel-Expires ${lifetime} always;",
        ]
        inside = joined(
            [
                [f"listen {FETCHING};", "access_log off;", "server_tokens off;"],
                list(self._to_origin()),
                first,
                location(name, [], [*errors, *self._coding_for_origin(), f"proxy_pass {plain};"]),
                *(
                    self._told(*each)
                    for each in (("missing", 404, "Not Found"), ("failed", 503, "Service Unavailable"))
                ),
            ]
        )
        return ["# Fetches what is not kept.", "server {", *indented(inside), "}"]

    @property
    def _address(self) -> str:
        origin = self._edge.origin
        word(origin.path)  # a dollar sign would be read
        return f"{'https' if origin.is_tls else 'http'}://{self._var('origin')}{origin.path}"

    def _first(self) -> list[str]:
        """The encoded variant, and the file where there is none."""
        plain = f"@{self._var('plain')}"
        variant = quoted(f"{self._address}{self._of('object')}{self._of('suffix')}")
        return location(
            "/",
            [],
            [
                "recursive_error_pages on;",
                f"error_page 418 {_MISSING} = {plain};",
                f"error_page {_FAILED} =503 @{self._var('failed')};",
                f'if ({self._of("suffix")} = "") {{ return 418; }}',
                f"add_header X-Accel-Expires {self._of('lifetime')} always;",
                f"proxy_pass {variant};",
            ],
        )

    def _coding_for_origin(self) -> list[str]:
        edge = self._edge
        if not edge.negotiates:
            return []
        return [
            *([f"proxy_set_header Accept-Encoding {self._of('coding')};"] if self._tries else []),
            f"proxy_set_header Host {word(edge.origin.field)};",
            'proxy_set_header Connection "";',
            'proxy_set_header Content-Length "";',
            *(f"proxy_set_header {name} {word(value)};" for name, value in edge.sent),
        ]

    def _to_origin(self) -> Iterator[str]:
        origin = self._edge.origin
        yield from [*_clean(), f"proxy_set_header Host {word(origin.field)};"]
        if origin.is_tls:
            yield "proxy_ssl_server_name on;"
            yield f"proxy_ssl_name {word(origin.host)};"
            yield "proxy_ssl_verify on;"
            yield "proxy_ssl_verify_depth 5;"  # nginx's own 1 is too short for a cross-signed root
            yield "proxy_ssl_trusted_certificate /etc/ssl/certs/ca-certificates.crt;"
        yield from ["proxy_connect_timeout 3s;", "proxy_read_timeout 30s;", "proxy_max_temp_file_size 0;"]
        yield from ["proxy_intercept_errors on;", "recursive_error_pages on;", f"proxy_ignore_headers {_IGNORED};"]
        yield "proxy_headers_hash_bucket_size 128;"
        yield from (f"proxy_hide_header {each};" for each in HIDDEN)

    def _told(self, name: str, status: int, text: str) -> list[str]:
        lifetime = f"add_header X-Accel-Expires {self._of('lifetime')} always;"
        inside = ["internal;", "default_type text/plain;", lifetime, f'return {status} "{text}\\n";']
        return location(f"@{self._var(name)}", [], inside)


def _clean() -> list[str]:
    """Nothing of a client changes what is kept."""
    return [
        "proxy_http_version 1.1;",
        "proxy_pass_request_headers off;",
        "proxy_pass_request_body off;",
        'proxy_set_header Connection "";',
        'proxy_set_header Content-Length "";',
    ]


def _volatile(lines: list[str]) -> list[str]:
    """Of a `map` over one that is: the status is not known before the answer is."""
    return [lines[0], "    volatile;", *lines[1:]]
