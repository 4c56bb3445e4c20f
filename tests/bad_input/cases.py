"""The table of bad requests: what is sent, and which status codes may come back.

A server may refuse a request that Clearway never sees, so `REFUSED` stands beside what Clearway would say. Whatever
the status, `judge.py` has the rules that hold for every answer.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from tests.bad_input.site import FORGED, LONG, Site

OK, PART, UNCHANGED, MISS, NOT_ALLOWED, FAILED, BEYOND = 200, 206, 304, 404, 405, 412, 416
REFUSED = frozenset({400, 403, 411, 413, 414, 417, 431, 501, 505})  # by the server, before any application
LINES = tuple[bytes, ...]


@dataclass(frozen=True)
class Case:
    """`target` and `lines` may hold `@css@`, `@large@` and `@home@`; `raw` is sent instead of a composed request."""

    target: bytes
    want: frozenset[int]
    lines: LINES = ()
    method: bytes = b"GET"
    version: bytes = b"HTTP/1.1"
    raw: bytes = b""
    only_wrappers: bool = False

    def request(self, site: Site) -> bytes:
        head = b"%s %s %s\r\n" % (self.method, self.target, self.version)
        fields = (b"Host: 127.0.0.1", *self.lines, b"Connection: close")
        made = self.raw or head + b"".join(line + b"\r\n" for line in fields) + b"\r\n"
        names = {b"@css@": site.css, b"@large@": site.large, b"@home@": str(site.home)}
        for mark, text in names.items():
            made = made.replace(mark, text.encode())
        return made

    def __str__(self) -> str:
        return ascii(self.raw or b" ".join((self.method, self.target, *self.lines)))[2:100]


def miss(*targets: bytes, only_wrappers: bool = False) -> Iterator[Case]:
    return (Case(target, REFUSED | {MISS}, only_wrappers=only_wrappers) for target in targets)


def asked(target: bytes, lines: Iterable[bytes], *want: int, refused: bool = True) -> Iterator[Case]:
    """One case for each header line."""
    return (Case(target, frozenset(want) | (REFUSED if refused else frozenset()), (line,)) for line in lines)


# --- paths

CLIMBS = (
    b"..", b"%2e%2e", b".%2E", b"%252e%252e", b"%25252e%25252e", b"%c0%ae%c0%ae", b"%e0%80%ae%e0%80%ae",
    b"%uff0e%uff0e", b"%ef%bc%8e%ef%bc%8e", b"..;", b"..%00", b"..%0d", b"...", b"%2e%2e%3b", b"\xc0\xae\xc0\xae",
)  # fmt: skip
SLASHES = (
    b"/", b"\\", b"%2f", b"%5c", b"%252f", b"%255c", b"%c0%af", b"%c1%9c", b"%ef%bc%8f", b"//", b"/./", b"\\/",
    b"%2f%5C"
)  # fmt: skip
# (prefix, how many steps lead from there to a directory with a canary)
DOORS = ((b"/static/", 1), (b"/static/plain/", 2), (b"/static/CACHE/", 2), (b"/", 1))
DOORS_OF_WRAPPERS = ((b"/docs/", 1), (b"/live/", 1))


def traversal() -> Iterator[Case]:
    for (prefix, depth), climb, slash in product(DOORS, CLIMBS, SLASHES):
        yield from miss(prefix + (climb + slash) * depth + b"canary.txt")
    for (prefix, depth), climb, slash in product(DOORS_OF_WRAPPERS, CLIMBS, SLASHES):
        yield from miss(prefix + (climb + slash) * depth + b"canary.txt", only_wrappers=True)


def other_places() -> Iterator[Case]:
    absolute = (
        b"@home@/canary.txt", b"/@home@/canary.txt", b"%2fetc%2fpasswd", b"/etc/passwd", b"//etc/passwd",
        b"proc/self/environ", b"/proc/self/environ", b"~root/.profile", b"C:/Windows/win.ini",
        b"C:%5cWindows%5cwin.ini",
        b"c|/Windows/win.ini", b"file:///etc/passwd", b"file:%2f%2f%2fetc%2fpasswd", b"%5c%5chost%5cshare",
        b"\\\\host\\share", b"//?/C:/x", b"//./nul", b"%2f%2fhost%2fshare", b"/dev/stdin", b"dev/fd/0",
    )  # fmt: skip
    for (prefix, _), name in product(DOORS, absolute):
        yield from miss(prefix + name)
    yield from miss(
        b"/static_private/canary.txt", b"/app-evil/canary.txt", b"/static-evil/canary.txt", b"/staticcanary.txt",
        b"/static/-evil/canary.txt", b"/static-evil/../canary.txt", b"/static../canary.txt", b"/static./canary.txt",
        b"/static..%2fcanary.txt", b"/static/../app-evil/canary.txt", b"/static/..-evil/canary.txt",
        b"/static/../app_private/canary.txt", b"/static;/canary.txt", b"/static/plain/../canary.txt",
        b"/static/plain-evil/canary.txt", b"/STATIC/@css@", b"//static/@css@", b"/./static/@css@",
    )  # fmt: skip


def odd_names() -> Iterator[Case]:
    ends = (
        b"%00", b"%00.png", b"%0a", b"%0d%0a", b"%0A%0AX", b"%0d%0a" + FORGED + b":%201", b"%20", b".", b"/",
        b"//", b"/.",
        b"/..", b"::$DATA", b":", b":x", b";x", b"%3fx", b"%23x", b"%09", b"%ff", b"%c3", b"%ed%a0%80", b"%",
        b"%zz", b"~",
        b".bak", b".gz/", b"%e2%80%8b", b"%ef%bb%bf",
    )  # fmt: skip
    for stem, end in product((b"/static/plain/a.css", b"/static/@css@", b"/static/CACHE/a.css", b"/robots.txt"), ends):
        yield from miss(stem + end)
    yield from miss(
        b"/static/plain/A.CSS", b"/static/plain/a.CSS", b"/STATIC/plain/a.css", b"/static/Plain/a.css",
        b"/ROBOTS.TXT",
        b"/static/plain/d", b"/static/plain/d/", b"/static/plain", b"/static/plain/", b"/static", b"/static/",
        b"/static/plain/./a.css", b"/static/plain//a.css", b"/static/plain/d/../a.css", b"/static//plain/a.css",
        b"/static/plain/u%cc%88.css", b"/static/plain/%c3%a9.css", b"/static/plain/\xc3\xa9.css",
        b"/static/plain/%fc.css",
        b"/static/plain/" + b"n" * 300 + b".css", b"/static/" + b"a/" * 2000, b"/static/" + b"%2f" * 1000,
        b"/static/" + b"n" * 1_000_000, b"/static/" + b"%41" * 300_000, b"/static/CACHE/" + b"a/" * 500_000,
        b"/" + b"/" * 100_000, b"/static/plain/loop/" * 2, b"/static/" + b"%f0%9f%92%a9" * 50_000,
        b"/static/plain/" + b"%ef%b7%ba" * 300, b"/%ff%fe", b"/static/\xff\xfe", b"/static/\x01", b"/static/a\x7fb",
    )  # fmt: skip
    devices = (
        b"NUL",
        b"nul.css",
        b"CON.txt",
        b"con%20",
        b"aux.",
        b"PRN",
        b"COM%c2%b9",
        b"LPT1.css",
        b"CONIN$",
        b"d/NUL",
    )
    yield from miss(*(b"/static/plain/" + name for name in devices))


def hidden() -> Iterator[Case]:
    """What lies in the tree and is not for serving; that it is there must not show either."""
    entries = (
        b"link.txt", b"linked", b"linked/canary.txt", b"climbing/canary.txt", b"device.css", b"process.css",
        b"self.css",
        b"dangling.css", b"fifo.css", b"socket.css", b"locked.css", b"lockeddir/x.css", b".hidden/x.css", b"d/.env",
        b"loop/loop/loop/nothing.css", b"d/b.css.br",
    )  # fmt: skip
    for tree, entry in product((b"/static/plain/", b"/static/CACHE/"), entries):
        yield Case(tree + entry, frozenset({MISS}))
    for entry in entries:
        yield Case(b"/live/" + entry, frozenset({MISS}), only_wrappers=True)
    top = (b".env", b".git/config", b".clearway/current", b".clearway/history.json", b".clearway/", b"staticfiles.json")
    yield from (Case(b"/static/" + entry, frozenset({MISS})) for entry in top)
    yield from (Case(b"/static/" + entry.replace(b".", b"%2e"), frozenset({MISS})) for entry in top)
    yield from miss(b"/.env", b"/%2eenv", b"/.well-known/", b"/.well-known/../.env", b"/docs/.hidden/")


def good_names() -> Iterator[Case]:
    """Odd, and right: a strict server is not a deaf one."""
    names = (
        b"CON", b"nul.txt", b"aux.tar.gz", b"COM1.css", b"a%20b.css", b"%c3%bc.css", b"e%cc%81.css", b"%252e%252e",
        b"a;b.css", b"x.css%20", b"n%0aewline.css", b"%61.css", b"a.css?../../canary.txt", b"a.css?\\..\\",
        b"within.css",
        b"empty.css", b"old.css", b"zero.css", b"far.css", b"half.css", LONG.encode(),
    )  # fmt: skip
    for tree, name in product((b"/static/plain/", b"/static/CACHE/"), names):
        yield Case(tree + name, frozenset({OK}))
    yield Case(b"/.well-known/x.txt", frozenset({OK}))
    yield Case(b"/docs/a%250d%250a" + FORGED + b"/", frozenset({OK}), only_wrappers=True)
    for name in (
        b"a.css",
        b"a%20b.css",
        b"%c3%bc.css",
        b"n%0aewline.css",
        b"within.css",
    ):  # with a careless add_headers
        yield Case(b"/live/" + name, frozenset({OK}), only_wrappers=True)


def redirects() -> Iterator[Case]:
    found = frozenset({302})
    for target in (
        b"/docs/d", b"/docs/d?//evil.example", b"/docs/d?next=http://evil.example", b"/docs/evil.example",
        b"/docs/index.html", b"/docs/d/index.html", b"/docs/a%0d%0a" + FORGED + b":%201",
        b"/docs/a%250d%250a" + FORGED, b"/docs/d?%0d%0a" + FORGED + b":1",
    ):  # fmt: skip
        yield Case(target, found, only_wrappers=True)
    yield Case(b"/docs/d?\xff\x80", found | REFUSED, only_wrappers=True)
    yield from miss(
        b"//evil.example", b"//evil.example/", b"//evil.example/docs/d", b"/\\evil.example", b"/\\evil.example/d",
        b"/%5cevil.example", b"/%2f%2fevil.example", b"///evil.example/..", b"/docs//evil.example",
        b"/docs/%2fevil.example",
        b"/docs/%5cevil.example", b"/static//evil.example", b"/static/%2f/evil.example/..%2f",
    )  # fmt: skip


# --- request lines


def targets_of_other_forms() -> Iterator[Case]:
    anything = frozenset({OK, MISS, 204, NOT_ALLOWED, 301, 302}) | REFUSED
    for target in (b"@evil", b"@evil/static/@css@", b"http://evil.example/static/@css@", b"http://evil.example",
                   b"http://evil.example/../canary.txt", b"http://evil.example/static/../canary.txt", b"https://",
                   b"x:",
                   b"//", b"*", b"?", b"#", b"static/@css@", b"..", b"../canary.txt", b"/static/@css@#x",
                   b"http://127.0.0.1@evil.example/static/plain/a.css", b"http:///static/plain/a.css",
                   b"http://[::1/static/", b"/static/@css@?x=%", b"evil.example:80"):  # fmt: skip
        yield Case(target, anything)
        yield Case(target, anything, method=b"OPTIONS")
        yield Case(target, anything | REFUSED, method=b"CONNECT")
    for version in (b"HTTP/1.0", b"HTTP/0.9", b"HTTP/2.0", b"HTTP/9.9", b"http/1.1", b"HTTP/1.1 x", b"X", b""):
        yield Case(b"/static/@css@", anything, version=version)


def methods() -> Iterator[Case]:
    for target in (b"/static/@css@", b"/static/plain/a.css", b"/static/plain/big.bin"):
        yield Case(target, frozenset({OK}), method=b"HEAD")
        yield Case(target, frozenset({204}), method=b"OPTIONS")
        for method in (b"TRACE", b"POST", b"PUT", b"PATCH", b"DELETE", b"PROPFIND", b"FOO"):
            yield Case(target, frozenset({NOT_ALLOWED}) | REFUSED, (b"X-Echo: me",), method=method)
        for method in (b"get", b"CONNECT", b"GE\tT", b"G\0ET", b"M" * 100_000, b"PRI", b"\xff", b"GET,GET"):
            yield Case(target, frozenset({NOT_ALLOWED, OK}) | REFUSED, method=method)
    yield Case(b"/static/none.css", frozenset({MISS, NOT_ALLOWED}), method=b"DELETE")


# --- header fields

MANY, LONG_NUMBER = 10_000, 100_000


def range_fields() -> Iterator[Case]:
    odd = (
        b"", b"bytes", b"bytes=", b"bytes=-", b"bytes=--1", b"bytes=1", b"bytes=a-b", b"bytes=2-1", b"bytes=0-0,1-1",
        b"bytes=0-0,,0-0", b"bytes=0-0;x", b"bytes=+1-2", b"bytes=0x0-0x9", b"bytes=1e3-", b"bytes=0.5-1",
        b"octets=0-1",
        b"bytes=0-1\x00", b"bytes=\xb2-\xb3", b"bytes: 0-1", b"=0-1", b"bytes=0 - 1", b"bytes=-0-0",
        b"bytes=" + b"0-0," * MANY, b"bytes=" + b"-1," * MANY + b"0-", b"bytes=" + b" " * MANY + b"0-1x",
        b"bytes=" + b"\t," * MANY, b"bytes=" + b"9" * LONG_NUMBER + b"-", b"bytes=0-" + b"9" * LONG_NUMBER + b"x",
        b"bytes=-" + b"9" * LONG_NUMBER + b"x", b"b" * LONG_NUMBER + b"=0-1", b"bytes=" + b"0" * LONG_NUMBER + b"1-x",
    )  # fmt: skip
    yield from asked(b"/static/@css@", (b"Range: " + value for value in odd), OK, BEYOND)
    parts = (b"0-0", b"-1", b"0-", b"1259-", b"-99999", b"0-99999999999999999999999", b"000-0001", b" 0-1", b",0-1")
    yield from asked(b"/static/@css@", (b"Range: bytes=" + value for value in parts), PART, refused=False)
    yield from asked(b"/static/@css@", [b"Range: bytes=0-" + b"," * MANY], PART)
    beyond = (b"1260-", b"99999-99999999", b"-0", b"9" * 30 + b"-")
    yield from asked(b"/static/@css@", (b"Range: bytes=" + value for value in beyond), BEYOND, refused=False)
    yield from asked(b"/static/plain/empty.css", (b"Range: bytes=0-", b"Range: bytes=-1"), BEYOND, refused=False)
    sparse = (b"Range: bytes=5368709119-", b"Range: bytes=-3", b"Range: bytes=5000000000-5000000009")
    yield from asked(b"/static/plain/sparse.bin", sparse, PART, refused=False)
    yield Case(b"/static/plain/sparse.bin", frozenset({OK}), method=b"HEAD")
    yield Case(b"/static/@css@", frozenset({OK, PART}) | REFUSED, (b"Range: bytes=0-1", b"Range: bytes=4-5"))
    yield Case(b"/static/@css@", frozenset({OK}), (b"Range: bytes=0-1", b'If-Range: "' + b"x" * 4000 + b'"'))
    yield Case(b"/static/@css@", frozenset({OK}) | REFUSED, (b"Range: bytes=0-1",) * MANY)


def validator_fields() -> Iterator[Case]:
    names = (b"If-None-Match", b"If-Match", b"If-Modified-Since", b"If-Unmodified-Since", b"If-Range")
    odd = (
        b"", b"*", b"**", b"*, *", b'"', b'""', b'W/""', b'w/"x"', b'W/"', b'"a" "b"', b'"a\x00b"', b'"\xff"',
        b"x" * 3000,
        b"," * MANY, b'"x",' * MANY, b'W/"x", ' * MANY, b'"' * MANY, b" " * MANY + b"x",
        b'"' + b"a" * LONG_NUMBER + b'"',
        b'"x"' + b" " * MANY + b";", b"\t," * MANY + b'"x', b"9" * LONG_NUMBER, b"Thu, 99 Xxx 9999 99:99:99 GMT",
        b"Thu, 01 Jan 1970 00:00:00 GMT", b"Fri, 31 Dec 9999 23:59:59 GMT", b"Sat, 00 Jan 0000 00:00:00 GMT",
        b"Thursday, 01-Jan-70 00:00:00 GMT", b"-1", b"0", b"\xe2\x80\x8b", b"Thu, 01 Jan 1970 00:00:00 GMT" * 400,
    )  # fmt: skip
    for target in (b"/static/@css@", b"/static/plain/a.css"):
        for name in names:
            yield from asked(target, (name + b": " + value for value in odd), OK, UNCHANGED, FAILED)
    yield Case(b"/static/@css@", frozenset({OK}) | REFUSED, (b'If-None-Match: "x"',) * MANY)


def coding_fields() -> Iterator[Case]:
    odd = (
        b"", b"*", b"*;q=0", b"identity;q=0", b"identity;q=0, *;q=0", b"gzip;q=0, br;q=0, zstd;q=0, identity;q=0",
        b"gzip;q=",
        b"gzip;q=2", b"gzip;q=-1", b"gzip;q=nan", b"gzip;q=inf", b"gzip;q=1e9", b"gzip;q=0.0000000001", b"gzip;;q=1",
        b"gzip;" + b"x=1;" * 1000 + b"q=1", b"gzip, " * 700, b"x" * 4000, b"gzip, " * MANY, b"*;q=0.1, " * MANY,
        b";" * MANY, b"," * LONG_NUMBER, b"gzip;q=0." + b"0" * LONG_NUMBER, b"gzip;q=1" + b" " * MANY + b"x",
        b"../../canary",
        b"\xff\xfe", b"gzip\x00", b"BR", b"br;Q=1", b"/../../../canary.txt", b"identity, identity;q=0",
    )  # fmt: skip
    for target in (b"/static/@css@", b"/static/plain/a.css"):
        yield from asked(target, (b"Accept-Encoding: " + value for value in odd), OK)
    yield Case(b"/static/@css@", frozenset({OK}) | REFUSED, (b"Accept-Encoding: gzip",) * MANY)


def other_fields() -> Iterator[Case]:
    """Fields by which another layer may be told where to look; and those that look like the ones that count."""
    lines = (
        b"X_Accel_Redirect: /canary.txt", b"X-Accel-Redirect: /canary.txt", b"X-Sendfile: @home@/canary.txt",
        b"X_Sendfile: @home@/canary.txt", b"X-Original-URL: /canary.txt", b"X-Rewrite-URL: /../canary.txt",
        b"X-Forwarded-Path: /../canary.txt", b"X_Forwarded_Prefix: /..", b"X-Script-Name: /..",
        b"X-HTTP-Method-Override: DELETE", b"If_None_Match: *", b"If_Match: \"x\"", b"Range_: bytes=0-1",
        b"If_Modified_Since: Fri, 31 Dec 9999 23:59:59 GMT", b"Accept_Encoding: br", b"Content_Length: 5",
        b"Transfer_Encoding: chunked", b"Path_Info: /../canary.txt", b"X-Y: " + b"y" * 7000,
        b"Cookie: " + b"a=b;" * 1500,
        b"Origin: null", b"Origin: http://evil.example\x00", b"Referer: \xff", b"Upgrade: h2c", b"Upgrade: websocket",
        b"Authorization: Basic " + b"=" * 3000, b"Content-Type: " + b"a/b;" + b"c=d;" * 1500,
    )  # fmt: skip
    yield from asked(b"/static/@css@", lines, OK)
    # gunicorn takes this one from addresses that it trusts, and its own answer is 500 where the path begins otherwise
    yield from asked(b"/static/@css@", [b"SCRIPT_NAME: /.."], OK, 500)
    hosts = (
        b"127.0.0.1/../static",
        b"evil.example",
        b"127.0.0.1\\@evil",
        b"a b",
        b"",
        b"[::1",
        b"x" * 3000,
        b"127.0.0.1\x00",
    )
    yield from asked(b"/static/@css@", (b"Host: " + host for host in hosts), OK)
    broken = (
        b" Folded: x",
        b": no name",
        b"No colon",
        b"Space : x",
        b"N\x00me: x",
        b"Bare: a\rb",
        b"Bare: a\nForged: b",
    )
    yield from asked(b"/static/@css@", broken, OK)
    yield Case(b"/static/@css@", frozenset({OK}) | REFUSED, tuple(b"X-%d: y" % number for number in range(MANY)))


GROUPS = {
    "traversal": traversal,
    "other places": other_places,
    "odd names": odd_names,
    "hidden": hidden,
    "good names": good_names,
    "redirects": redirects,
    "targets of other forms": targets_of_other_forms,
    "methods": methods,
    "Range": range_fields,
    "validators": validator_fields,
    "Accept-Encoding": coding_fields,
    "other fields": other_fields,
}
