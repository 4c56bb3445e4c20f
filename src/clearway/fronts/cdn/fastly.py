"""VCL for Fastly: the whole of a service, with the macros that Fastly fills in.

Sources: "VCL reference" and "Accept-Encoding" of Fastly's developer documentation.
"""

from collections.abc import Iterator

from clearway.fronts.quoting import literal
from clearway.http.negotiation import ALIASES, SUFFIXES

from .cdn import Cdn, Printed, shared_notes
from .javascript import extensions

_VCL = """
# Fastly for {origin_of}
sub vcl_recv {{
  #FASTLY recv
{declared}  if (req.restarts == 0) {{
    unset req.http.X-Static-Plain;
  }}
{site}  if (req.method == "OPTIONS") {{
    error 605 "No Content";
  }}
  if (req.method != "GET" && req.method != "HEAD" && req.method != "FASTLYPURGE") {{
    error 606 "Method Not Allowed";
  }}
  if (req.restarts == 0) {{
    if (req.url.path !~ "^{prefix}[^?]*[^/]$" || urldecode(req.url.path) ~ "/\\.") {{
      error 604 "Not Found";
    }}
    set req.url = req.url.path;
    unset req.http.Cookie;
    set req.http.X-Static-Plain = req.url;
{variants}  }}
  return(lookup);
}}

sub vcl_hash {{
  set req.hash += req.url;
  set req.hash += req.http.host;
  #FASTLY hash
  return(hash);
}}

sub vcl_miss {{
  #FASTLY miss
{backend}  return(fetch);
}}

sub vcl_pass {{
  #FASTLY pass
  return(pass);
}}

sub vcl_fetch {{
  #FASTLY fetch
  if (!req.http.X-Static-Plain) {{
    return(pass);
  }}
  unset beresp.http.Set-Cookie;
  if (beresp.status >= 400) {{
    set beresp.cacheable = false;
    set beresp.ttl = 0s;
  }}
  return(deliver);
}}

sub vcl_deliver {{
  #FASTLY deliver
  if (req.http.X-Static-Plain) {{
    if (req.url != req.http.X-Static-Plain && (resp.status == 404 || resp.status == 403) && req.restarts == 0) {{
      set req.url = req.http.X-Static-Plain;
      restart;
    }}
    set resp.http.Access-Control-Allow-Origin = "*";
    set resp.http.X-Content-Type-Options = "nosniff";
    if (resp.status >= 400) {{
      set resp.http.Cache-Control = "no-store";
    }}
{vary}  }}
  return(deliver);
}}

sub vcl_error {{
  #FASTLY error
  if (obj.status == 604) {{
    set obj.status = 404;
    set obj.http.Cache-Control = "no-store";
    set obj.http.Access-Control-Allow-Origin = "*";
    synthetic {{""}};
    return(deliver);
  }}
  if (obj.status == 605 || obj.status == 606) {{
    set obj.http.Allow = "GET, HEAD, OPTIONS";
    set obj.http.Access-Control-Allow-Origin = "*";
    set obj.http.Access-Control-Allow-Methods = "GET, HEAD, OPTIONS";
    set obj.http.Access-Control-Allow-Headers = "*";
    set obj.http.Cache-Control = "no-store";
    if (obj.status == 605) {{
      set obj.status = 204;
    }} else {{
      set obj.status = 405;
    }}
    synthetic {{""}};
    return(deliver);
  }}
}}
"""


def write(cdn: Cdn) -> Printed:
    """The VCL, in one part."""
    passed = f'  if (req.url.path !~ "^{_pattern(cdn.prefix)}") {{\n    return(pass);\n  }}\n' if cdn.has_site else ""
    text = _VCL.format(
        origin_of=cdn.origin_of,
        declared="  declare local var.accepted STRING;\n" if cdn.codings else "",
        site=passed,
        prefix=_pattern(cdn.prefix),
        variants="".join(f"    {line}\n" for line in _variants(cdn)),
        backend="".join(f"  {line}\n" for line in _at_origin(cdn)),
        vary='    set resp.http.Vary = "Accept-Encoding";\n' if cdn.codings else "",
    )
    return Printed({"vcl": text.lstrip()}, _notes(cdn))


def accepting(coding: str) -> str:
    """A regular expression (PCRE) that finds a coding with a weight above zero in a field in lower case.

    `*` is not looked at, and of a coding that is named twice one is enough: the plain file is right, too.
    """
    names = "|".join([coding, *(alias for alias, name in ALIASES.items() if name == coding)])
    others = r"([ \t]*;(?![ \t]*q[ \t]*(=|;|,|$))[^,;]*)*"
    above_zero = r"(1(\.0{0,3})?|0\.(?=[0-9]*[1-9])[0-9]{1,3})"
    return rf"(^|,)[ \t]*({names}){others}([ \t]*;[ \t]*q[ \t]*={above_zero}[ \t]*(;[^,]*)?)?[ \t]*(,|$)"


def _variants(cdn: Cdn) -> Iterator[str]:
    """The first coding in our order that the client named; Fastly itself keeps the field as it was sent."""
    codings = [coding for coding in SUFFIXES if coding in cdn.codings]
    if not codings:
        return
    sent = "req.http.Fastly-Orig-Accept-Encoding"
    yield f"set var.accepted = std.tolower(if({sent}, {sent}, req.http.Accept-Encoding));"
    yield f'if (!req.http.Range && req.url.ext ~ "(?i)^({"|".join(extensions())})$") {{'
    for number, coding in enumerate(codings):
        word = "if" if number == 0 else "} else if"
        yield f'  {word} (var.accepted ~ "{accepting(coding)}") {{'
        yield f'    set req.url = req.url "{SUFFIXES[coding]}";'
    yield "  }"
    yield "}"


def _at_origin(cdn: Cdn) -> list[str]:
    """A shield runs all of this again: only who asks the bucket itself rewrites the request."""
    lines = [*_rewriting(cdn)]
    return ["if (req.backend.is_origin) {", *(f"  {line}" for line in lines), "}"] if lines else []


def _rewriting(cdn: Cdn) -> Iterator[str]:
    """Names in the bucket; the host is told in the backend of the service, with its certificate."""
    if cdn.stripped:
        yield f'set bereq.url = regsub(bereq.url, "^{_pattern(cdn.prefix)}", "/");'
    if cdn.origin.path:
        yield f'set bereq.url = "{_string(cdn.origin.path)}" bereq.url;'
    if cdn.origin.bucket:
        yield f'set bereq.http.Host = "{cdn.origin.host}";'


def _pattern(path: str) -> str:
    """A path in a regular expression."""
    return literal(path).replace("%", r"\x25")


def _string(text: str) -> str:
    """Between double quotes, where % begins an escape."""
    return text.replace("%", "%25").replace('"', "%22")


def _notes(cdn: Cdn) -> list[str]:
    origin = cdn.origin
    usual, tls = (80, "without TLS") if origin.scheme == "http" else (443, "with TLS and this name as SNI")
    notes = [f"backend: {origin.name}, port {origin.port or usual}, {tls}; the VCL is the main one"]
    if cdn.origin.bucket:
        notes.append(f"{cdn.origin.host} is asked without a signature: its objects must be readable by Fastly")
    if cdn.has_site:
        notes.append("requests for the application pass: give it a backend of its own, and a condition for it")
    if cdn.codings:
        notes.append("variants: what is too small to be encoded has none; the request is restarted for the plain file")
    return [*notes, *shared_notes(cdn)]
