"""A configuration of Varnish 6 or newer (VCL 4.1) in front of an origin.

An encoding is a variant of the object, by a field of our own in `Vary`, so that one PURGE forgets all of them.
"""

from collections.abc import Iterable, Iterator

from clearway.fronts.accept_encoding import rows
from clearway.fronts.errors import UnwritableError
from clearway.fronts.quoting import literal
from clearway.http.decision import ALLOW
from clearway.http.negotiation import SUFFIXES

from .edge import Edge
from .hidden_fields import HIDDEN

_NO_TLS = (
    "Varnish connects without TLS: give --upstream HOST:PORT of what speaks TLS to {}, such as stunnel or HAProxy,"
    " or an origin by http://"
)
# whatever a client sends of these, an application might answer differently for
_OF_CLIENTS = (
    "Authorization",
    "Available-Dictionary",
    "Cookie",
    "Forwarded",
    "Origin",
    "Path-Info",
    "PATH_INFO",
    "Referer",
    "Script-Name",
    "SCRIPT_NAME",
    "X-Forwarded-Host",
    "X-Forwarded-Port",
    "X-Forwarded-Prefix",
    "X-Forwarded-Proto",
    "X-Forwarded-Protocol",
    "X-Forwarded-Ssl",
    "X-HTTP-Method-Override",
    "X-Original-URL",
    "X-Rewrite-URL",
)
_MISSING = (400, 401, 403, 404, 410)


def write(edge: Edge) -> list[str]:
    """The lines of a file. Raises `UnwritableError`."""
    parts = [_head(edge), _recv(edge), *_fetching(edge), *_answering(edge)]
    return [line for number, part in enumerate(parts) for line in [*([""] if number else []), *part]]


def _head(edge: Edge) -> list[str]:
    if edge.origin.is_tls:
        raise UnwritableError(_NO_TLS.format(edge.origin.host))
    host, port = edge.origin.connected
    purgers = [f"    {_network(each)};" for each in edge.purgers]
    return [
        "vcl 4.1;",
        "",
        "import std;",
        "",
        "backend origin {",
        f'    .host = "{host.strip("[]")}";',
        f'    .port = "{port}";',
        "    .connect_timeout = 3s;",
        "    .first_byte_timeout = 30s;",
        "    .between_bytes_timeout = 30s;",
        "}",
        "",
        "# Who may send PURGE.",
        "acl purgers {",
        *purgers,
        "}",
    ]


def _network(written: str) -> str:
    address, slash, bits = written.partition("/")
    return f'"{address}"{slash}{bits}'


# --- what is asked


def _recv(edge: Edge) -> list[str]:
    prefix = literal(edge.quoted_prefix)
    inside = [
        "if (req.restarts > 0) {",
        "    set req.grace = 1d;  # the origin failed: an old copy is better than none",
        '    set req.http.X-Edge-Again = "yes";',
        "    return (hash);",
        "}",
        "set req.backend_hint = origin;",
        "set req.grace = 0s;",
        "",
        "# A file is its path: no query, no dotfiles, no records, no escapes that an origin could read otherwise.",
        r'set req.url = regsub(req.url, "\?.*$", "");',
        f"if (req.url !~ {_text(f'^{prefix}{edge.names}$')}) {{",
        "    return (synth(404));",
        "}",
        'if (req.method == "PURGE" && client.ip ~ purgers) {',
        "    return (purge);",
        "}",
        'if (req.method == "OPTIONS") {',
        "    return (synth(204));",
        "}",
        'if (req.method != "GET" && req.method != "HEAD") {',
        "    return (synth(405));",
        "}",
        "",
        "# Nothing of a client changes what is kept.",
        *(f"unset req.http.{each};" for each in _OF_CLIENTS),
        "unset req.http.X-Edge-Again;",
        "unset req.http.X-Edge-Coding;",
        f'set req.http.X-Edge-Object = regsub(req.url, {_text(f"^{prefix}")}, "");',
        "",
        "# Names that may change are not waited for: when the origin fails, each request takes the old copy.",
        f"set req.hash_ignore_busy = (req.http.X-Edge-Object !~ {_text(f'^{edge.fixed}$')});",
        *_coding(edge),
        "return (hash);",
    ]
    return _sub("vcl_recv", inside)


def _coding(edge: Edge) -> Iterator[str]:
    if edge.coding == "gzip":
        yield from ["", "# Texts are gzip: Varnish decodes them for who does not accept it."]
    elif edge.coding:
        yield from ["", f"# Texts are {edge.coding} for everybody: there is nothing else to choose from."]
    elif edge.codings:
        yield from ["", "# The coding, out of those that a client accepts by name, or by * beside a name; q=0 refuses."]
        yield "std.collect(req.http.Accept-Encoding);"
        yield f"if (req.http.X-Edge-Object ~ {_text(f'(?i)^{edge.encoded}$')} && !req.http.Range) {{"
        for number, coding in enumerate(edge.codings):
            yield from _indented(_accepted(coding, is_first=not number))
        yield "}"
        yield "unset req.http.Accept-Encoding;"
        yield 'if (req.http.X-Edge-Coding == "gzip") {'
        yield '    set req.http.Accept-Encoding = "gzip";  # or Varnish would decode it'
        yield "}"


def _accepted(coding: str, *, is_first: bool) -> Iterator[str]:
    """The first expression that matches decides."""
    lines, word = [], "if"
    for pattern, is_good in rows(coding):
        lines.append(f"{word} (req.http.Accept-Encoding ~ {_text(f'(?i){pattern}')}) {{")
        lines += [f'    set req.http.X-Edge-Coding = "{coding}";'] if is_good else ["    # refused"]
        lines.append("}")
        word = "elsif"
    if is_first:
        yield from lines
        return
    yield from ["if (!req.http.X-Edge-Coding) {", *_indented(lines), "}"]


# --- what the origin says


def _fetching(edge: Edge) -> Iterator[list[str]]:
    yield _sub("vcl_hash", ["hash_data(req.url);", "return (lookup);"])
    yield _sub("vcl_backend_fetch", [*_asked(edge), "return (fetch);"])
    yield _sub("vcl_backend_response", [*_errors(edge), "", *_kept(edge), "return (deliver);"])
    yield _sub("vcl_backend_error", _FAILED)


_DELIVER = "return (deliver);"


_FAILED = [
    "if (bereq.is_bgfetch || !bereq.http.X-Edge-Again) {",
    "    return (abandon);  # there may be an old copy",
    "}",
    "set beresp.uncacheable = true;",
    "set beresp.ttl = 1s;",
    _DELIVER,
]


def _asked(edge: Edge) -> Iterator[str]:
    yield f'set bereq.http.Host = "{edge.origin.field}";'
    yield f"set bereq.url = {_text(edge.origin.path)} + bereq.http.X-Edge-Object;"
    yield 'set bereq.http.Accept-Encoding = "identity";'
    yield "unset bereq.http.If-None-Match;  # a 304 without Cache-Control would have another lifetime"
    yield "unset bereq.http.If-Modified-Since;"
    if edge.negotiates:
        yield from (f"set bereq.http.{name} = {_text(value)};" for name, value in edge.sent)
        yield from ["if (bereq.http.X-Edge-Coding) {", "    set bereq.http.Accept-Encoding = bereq.http.X-Edge-Coding;"]
        yield "}"
    elif not edge.coding and edge.codings:
        yield "if (bereq.retries == 0) {"
        for number, coding in enumerate(edge.codings):
            yield f'    {"els" if number else ""}if (bereq.http.X-Edge-Coding == "{coding}") {{'
            yield f'        set bereq.url = bereq.url + "{SUFFIXES[coding]}";'
            yield "    }"
        yield "}"


def _errors(edge: Edge) -> Iterator[str]:
    yield "# A store says 403 for what is not there to who may not list it. Nothing of this is kept."
    yield f"if ({_one_of('beresp.status', _MISSING)}) {{"
    if not edge.negotiates and not edge.coding and edge.codings:
        yield "    if (bereq.http.X-Edge-Coding && bereq.retries == 0) {"
        yield "        return (retry);  # without its suffix"
        yield "    }"
    yield from ["    set beresp.uncacheable = true;", "    set beresp.ttl = 1s;", "    return (deliver);", "}"]
    yield from ["if (beresp.status != 200) {", *_indented(_FAILED), "}"]


def _kept(edge: Edge) -> Iterator[str]:
    yield "# The origin's lifetime counts; without one, or where it says so, nothing is kept."
    yield 'if (beresp.http.Cache-Control !~ "(?i)max-?age" ||'
    yield '        beresp.http.Cache-Control ~ "(?i)no-store|no-cache|private") {'
    yield from ["    set beresp.uncacheable = true;", "    set beresp.ttl = 1s;", "}"]
    yield "if (bereq.retries > 0 && beresp.ttl > 1h) {"
    yield from ["    set beresp.ttl = 1h;  # instead of a variant that may still come", "}"]
    yield from ["set beresp.grace = 1d;", "set beresp.keep = 0s;"]
    yield from (f"unset beresp.http.{each};" for each in HIDDEN)
    if edge.codings or edge.coding == "gzip":
        yield f"if (bereq.http.X-Edge-Object ~ {_text(f'(?i)^{edge.encoded}$')}) {{"
        yield from ['    set beresp.http.Vary = "X-Edge-Coding";', "}"]


# --- what is answered


def _answering(edge: Edge) -> Iterator[list[str]]:
    yield _sub("vcl_deliver", list(_delivered(edge)))
    yield _sub("vcl_purge", ['return (synth(200, "Purged"));'])
    yield _sub("vcl_synth", list(_made(edge)))


def _delivered(edge: Edge) -> Iterator[str]:
    yield f"if ({_one_of('resp.status', _MISSING)}) {{"
    yield from ["    return (synth(404));", "}"]
    yield "if (resp.status != 200 && resp.status != 206 && resp.status != 304) {"
    yield from ["    return (synth(503));", "}"]
    yield from ["if (resp.http.Vary) {", '    set resp.http.Vary = "Accept-Encoding";', "}"]
    yield from ['set resp.http.X-Cache = "MISS";', "if (obj.hits > 0) {", '    set resp.http.X-Cache = "HIT";', "}"]
    yield from ["unset resp.http.Via;", "unset resp.http.X-Varnish;", *_shared(edge), _DELIVER]


def _made(edge: Edge) -> Iterator[str]:
    yield "if (resp.status == 503 && req.restarts == 0) {"
    yield from ["    return (restart);", "}"]
    yield from ["unset resp.http.Retry-After;", "unset resp.http.Via;", "unset resp.http.X-Varnish;", *_shared(edge)]
    yield "if (resp.status == 204 || resp.status == 405) {"
    yield from [f'    set resp.http.Allow = "{ALLOW}";', "}"]
    if edge.any_origin:
        yield "if (resp.status == 204) {"
        yield f'    set resp.http.Access-Control-Allow-Methods = "{ALLOW}";'
        yield '    set resp.http.Access-Control-Allow-Headers = "*";'
        yield from ['    set resp.http.Access-Control-Max-Age = "86400";', "}"]
    yield "if (resp.status != 204) {"
    yield '    set resp.http.Cache-Control = "no-store";'
    yield '    set resp.http.Content-Type = "text/plain; charset=utf-8";'
    yield from ["    set resp.body = resp.reason;", "}", _DELIVER]


def _shared(edge: Edge) -> Iterator[str]:
    yield 'set resp.http.X-Content-Type-Options = "nosniff";'
    if edge.any_origin:
        yield 'set resp.http.Access-Control-Allow-Origin = "*";'


# --- the language


def _one_of(name: str, numbers: Iterable[int]) -> str:
    return " || ".join(f"{name} == {each}" for each in numbers)


def _text(text: str) -> str:
    """A string, of which Varnish reads nothing. Raises `UnwritableError`."""
    if '"}' in text or any(ord(character) < 32 for character in text):
        raise UnwritableError(f"{text!r} cannot be written in a configuration of Varnish: rename the directory")
    return '{"' + text + '"}'


def _sub(name: str, inside: Iterable[str]) -> list[str]:
    return [f"sub {name} {{", *_indented(inside), "}"]


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"    {line}" if line else "" for line in lines]
