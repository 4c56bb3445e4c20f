"""Streams of request octets for the lanes: plain, odd, broken and hostile ones, and the chunks in which they arrive.

A stream is made of its seed and its number alone, so that a difference is had again by naming both.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random
from typing import Any

HOST = b"Host: shop.example\r\n"
_MANY = 1_000_003  # streams of one seed are kept apart from those of the next

Part = Callable[[Random], bytes]
SETTINGS: dict[str, Any] = {
    "ALLOWED_HOSTS": ["*"],
    "MIDDLEWARE": ["django.middleware.security.SecurityMiddleware", "clearway.middleware.ClearwayMiddleware"],
    "STATIC_URL": "/static/",
    "SECURE_HSTS_SECONDS": 60,
    "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
}


@dataclass(frozen=True)
class Site:
    """What a server has: paths of static files, paths that nobody has, those of the application, entity tags."""

    known: Sequence[bytes]
    missing: Sequence[bytes] = (b"/static/none.css", b"/static/", b"/static/a/../b.css")
    dynamic: Sequence[bytes] = (b"/", b"/page?x=1", b"/static", b"/staticfiles/a.css")
    tags: Sequence[bytes] = (b'"none"',)


@dataclass(frozen=True)
class Streams:
    """`count` streams are `[streams.chunks(number) for number in range(count)]`."""

    seed: int
    site: Site

    def chunks(self, number: int) -> list[bytes]:
        """The octets that a connection brings, as they arrive."""
        random = Random(self.seed * _MANY + number)
        return split(random, requests(random, self.site))


def requests(random: Random, site: Site) -> list[bytes]:
    """One to five requests, one after another; the later ones are not always requests."""
    dice = random.random()
    count = 1 if dice < 0.4 else 2 if dice < 0.7 else random.randint(3, 5)
    kind = random.random()
    made = [plain(random, site) if random.random() < 0.75 else application(random, site) for _ in range(count)]
    if kind > 0.45:
        made[random.randrange(count)] = odd(random, site)
    if kind > 0.85:
        place = random.randrange(count)
        made[place] = damaged(random, made[place])
    return made


def split(random: Random, parts: Sequence[bytes]) -> list[bytes]:
    """In the chunks that a kernel may make of them: by request, all at once, at one place, at some, at each."""
    dice = random.random()
    if dice < 0.45:
        return [part for part in parts if part]
    whole = b"".join(parts)
    if dice < 0.65 or len(whole) < 3:
        return [whole] if whole else []
    if dice < 0.97:
        places = sorted(random.sample(range(1, len(whole)), min(len(whole) - 1, 1 if dice < 0.85 else 5)))
        return [whole[start:end] for start, end in pairwise((0, *places, len(whole)))]
    return [whole[place : place + 1] for place in range(len(whole))]


# --- requests


def request(method: bytes, target: bytes, fields: bytes = HOST, body: bytes = b"") -> bytes:
    return b"%s %s HTTP/1.1\r\n%s\r\n%s" % (method, target, fields, body)


def plain(random: Random, site: Site) -> bytes:
    """What a browser asks for a static file."""
    dice = random.random()
    target = random.choice(site.known if dice < 0.85 else site.missing)
    if dice < 0.1:
        target += random.choice((b"?v=1", b"?", b"?a?b", b"?next=%2f&x=;"))
    return request(b"HEAD" if random.random() < 0.1 else b"GET", target, fields(random, site))


def fields(random: Random, site: Site) -> bytes:
    """What may stand in a plain head, in any order."""
    lines = [HOST, b"%s: %s\r\n" % (_cased(random, b"Accept-Encoding"), random.choice(CODINGS))]
    dice = random.random()
    if dice < 0.3:
        lines.append(random.choice(CONDITIONS) % random.choice(site.tags))
    if dice < 0.15 or dice > 0.9:
        lines.append(b"Range: %s\r\n" % random.choice(RANGES))
    if random.random() < 0.2:
        lines.append(random.choice(HARMLESS))
    if random.random() < 0.15:
        lines.append(random.choice(PERSISTENCE))
    random.shuffle(lines)
    return b"".join(lines)


def application(random: Random, site: Site) -> bytes:
    """What only the application answers, with and without a body."""
    target = random.choice(site.dynamic)
    if random.random() < 0.6:
        return request(b"GET", target, fields(random, site))
    body = random.choice((b"", b"a=b", b"GET /static/a.css HTTP/1.1\r\n\r\n", b"x" * 300))
    if random.random() < 0.7:
        return request(b"POST", target, HOST + b"Content-Length: %d\r\n" % len(body), body)
    chunk = b"%x\r\n%s\r\n" % (len(body), body) if body else b""
    return request(b"POST", target, HOST + b"Transfer-Encoding: chunked\r\n", chunk + b"0\r\n\r\n")


def odd(random: Random, site: Site) -> bytes:
    """A request with one thing in it that is not plain: its line, its fields, or what follows them."""
    target = random.choice((*site.known, *site.dynamic))
    return random.choice((_odd_line, _odd_line, _odd_fields, _odd_fields, _odd_fields, _smuggling))(random, target)


def damaged(random: Random, octets: bytes) -> bytes:
    """With an octet changed, left out, put in or doubled, or with its end missing."""
    if not octets:
        return octets
    place = random.randrange(len(octets))
    new = random.choice(OCTETS)
    kinds = (
        octets[:place] + new + octets[place + 1 :],
        octets[:place] + octets[place + 1 :],
        octets[:place] + new + octets[place:],
        octets[: place + 1] + octets[place:],
        octets[:place],
        octets.replace(b"\r\n", b"\n", random.randint(1, 3)),
    )
    return random.choice(kinds)


def _cased(random: Random, name: bytes) -> bytes:
    dice = random.random()
    return name if dice < 0.7 else name.lower() if dice < 0.9 else name.upper()


def _odd_line(random: Random, target: bytes) -> bytes:
    if random.random() < 0.5:
        return random.choice(LINES) % target + b"\r\n" + HOST + b"\r\n"
    path = target.lstrip(b"/")
    return request(b"GET", random.choice(TARGETS).replace(b"@", path))


def _odd_fields(random: Random, target: bytes) -> bytes:
    more = b"".join(random.sample(FIELDS, random.choice((1, 1, 1, 2))))
    return request(random.choice((b"GET", b"GET", b"HEAD", b"POST")), target, _around(random, more))


def _smuggling(random: Random, target: bytes) -> bytes:
    framing, body = random.choice(SMUGGLED)
    return request(random.choice((b"GET", b"GET", b"HEAD", b"POST")), target, _around(random, framing), body)


def _around(random: Random, more: bytes) -> bytes:
    return HOST + more if random.random() < 0.8 else more + HOST


# --- what they are made of

CODINGS = (
    b"gzip, deflate, br, zstd",
    b"gzip, deflate, br",
    b"br",
    b"gzip",
    b"zstd;q=0.5, br;q=0",
    b"identity",
    b"*",
    b"",
    b"identity;q=0, br;q=0",
    b"GZIP ; q=1.0",
    b"br, \t gzip  ",
    b"gzip;q=nonsense",
)
CONDITIONS = (
    b"If-None-Match: %s\r\n",
    b"If-None-Match: W/%s\r\n",
    b'If-None-Match: "a", %s\r\n',
    b"If-Match: %s\r\n",
    b"If-Range: %s\r\n",
    b"if-none-match: *\r\nX: %s\r\n",
    b"If-Modified-Since: Thu, 01 Jan 2037 00:00:00 GMT\r\nX: %s\r\n",
    b"If-Modified-Since: yesterday\r\nX: %s\r\n",
    b"If-Unmodified-Since: Thu, 01 Jan 1970 00:00:00 GMT\r\nX: %s\r\n",
)
RANGES = (
    b"bytes=0-9",
    b"bytes=-5",
    b"bytes=100-",
    b"bytes=0-0",
    b"bytes=999999999-",
    b"bytes=0-1,3-4",
    b"bytes=9-1",
    b"lines=1-2",
    b"bytes=",
    b" bytes=1-2 ",
)
HARMLESS = (
    b"Cookie: a=b; c=d\r\n",
    b"User-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\n",
    b"Accept: text/css,*/*;q=0.1\r\nAccept-Language: de,en;q=0.5\r\n",
    b"X-Forwarded-For: 192.0.2.7\r\nX-Forwarded-Proto: https\r\n",
    b"X-Forwarded-Proto: HTTPS \r\n",
    b"X-Empty:\r\n",
    b"X-Latin: \xe9\r\n",
    b"Sec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: style\r\n",
    b"Access-Control-Request-Method: GET\r\nOrigin: https://other.example\r\n",
    b"X-Long: " + b"y" * 5000 + b"\r\n",
    b"".join(b"X-%d: %d\r\n" % (each, each) for each in range(60)),
)
PERSISTENCE = (
    b"Connection: keep-alive\r\n",
    b"Connection: close\r\n",
    b"connection: Close\r\n",
    b"Connection: close, keep-alive\r\n",
    b"Connection: keep-alive, x\r\n",
    b"Connection:\r\n",
    b"Proxy-Connection: close\r\n",
)
LINES = (
    b"GET %s HTTP/1.0",
    b"GET %s HTTP/1.0\r\nConnection: keep-alive",
    b"GET %s HTTP/0.9",
    b"GET %s",
    b"GET %s HTTP/2.0",
    b"GET %s HTTP/1.2",
    b"GET %s HTTP/1.10",
    b"GET %s http/1.1",
    b"GET %s HTTP/1.1 ",
    b"GET  %s HTTP/1.1",
    b"GET\t%s\tHTTP/1.1",
    b" GET %s HTTP/1.1",
    b"\r\nGET %s HTTP/1.1",
    b"\r\n\r\n\nGET %s HTTP/1.1",
    b"get %s HTTP/1.1",
    b"GETS %s HTTP/1.1",
    b"OPTIONS %s HTTP/1.1",
    b"TRACE %s HTTP/1.1",
    b"CONNECT %s HTTP/1.1",
    b"DELETE %s HTTP/1.1",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n%s",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03%s",
    b"PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\nGET %s HTTP/1.1",
)
TARGETS = (  # `@` is the path, less its first slash
    b"http://shop.example/@",
    b"https://shop.example:8000/@?q",
    b"HTTP://SHOP.EXAMPLE/@",
    b"//@",
    b"//shop.example/@",
    b"@",
    b"*",
    b"shop.example:80",
    b"/./@",
    b"/x/../@",
    b"/%2e%2e/@",
    b"/..%2f@",
    b"/%2f@",
    b"/@%2f",
    b"/@/",
    b"/@;v=1",
    b"/;@",
    b"/@%00",
    b"/@\x00",
    b"/@%",
    b"/@%zz",
    b"/@%ff",
    b"/@%C3%A9",
    b"/@\xc3\xa9",
    b"/@#top",
    b"/@#",
    b"/@?a#b",
    b"/@\\",
    b"/\\@",
    b"/@ x",
    b"/@\t",
    b"/@?" + b"q" * 5000,
    b"/" + b"a" * 5000,
    b"/@?\xe9",
    b"/@?a b",
    b"/%73tatic/a.css",
    b"/static%2fa.css",
    b"/STATIC/a.css",
    b"?@",
    b"/?/@",
    b'/@|{}^`<>"',
)
_KEY = b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n"
FIELDS = (
    HOST,
    b"Host: other.example\r\n",
    b"Host:\r\n",
    b"Host : a\r\n",
    b"HOST: a, b\r\n",
    b"Content-Length: 0\r\n",
    b"Content-Length: 00\r\n",
    b"Content-Length: -1\r\n",
    b"Content-Length: +1\r\n",
    b"Content-Length:\r\n",
    b"Content-Length: 0\r\nContent-Length: 0\r\n",
    b"Content-Length: 99999999999999999999\r\n",
    b"Transfer-Encoding: identity\r\n",
    b"Transfer-Encoding:\r\n",
    b"TE: trailers\r\n",
    b"Trailer: X\r\n",
    b"Expect: 100-continue\r\n",
    b"Expect: nothing\r\n",
    b"Upgrade: websocket\r\nConnection: Upgrade\r\n%s" % _KEY,
    b"Upgrade: websocket\r\nConnection: upgrade\r\n",
    b"Upgrade: websocket\r\n",
    b"Connection: Upgrade\r\n",
    b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n",
    b"Keep-Alive: timeout=5\r\n",
    b"If-None-Match: *\r\nIf-None-Match: *\r\n",
    b"If_None_Match: *\r\n",
    b"If-None_Match: *\r\n",
    b"Range: bytes=0-1\r\nrange: bytes=2-3\r\n",
    b"X_Forwarded_Proto: https\r\n",
    b"X-Forwarded-Proto: https\r\nX-Forwarded-Proto: http\r\n",
    b"X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-For: 192.0.2.2, 127.0.0.1\r\n",
    b"Accept-Encoding: br\r\naccept-encoding: gzip;q=0\r\n",
    b"X-Folded: a\r\n b\r\n",
    b"Range: bytes=0-\r\n 1\r\n",
    b" Accept-Encoding: br\r\n",
    b"\tX: y\r\n",
    b"X-Space : a\r\n",
    b"X-NUL: a\x00b\r\n",
    b"X-CR: a\rb\r\n",
    b"X-LF: a\nY: b\r\n",
    b"X-DEL: a\x7fb\r\n",
    b"X No Colon\r\n",
    b": no name\r\n",
    b"X~Y!#$%&'*+.^`|: a\r\n",
    b"X(Y): a\r\n",
    b"\xe9: a\r\n",
    b"X-End: a\n",
    b"\r\nX-After-The-End: a\r\n",
    b"Connection: close\r\nConnection: keep-alive\r\n",
    b"Method: POST\r\nX-HTTP-Method-Override: DELETE\r\n",
)
_SECOND = b"GET /static/none.css HTTP/1.1\r\nHost: smuggled\r\n\r\n"
SMUGGLED: tuple[tuple[bytes, bytes], ...] = (
    (b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n" + _SECOND),
    (b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", b"0\r\n\r\n" + _SECOND),
    (b"Content-Length: %d\r\n" % len(_SECOND), _SECOND),
    (b"Content-Length: 3\r\n", b"abc"),
    (b"Content-Length: 3\r\n", b"ab"),
    (b"Content-Length: 3\r\nContent-Length: 4\r\n", b"abcd"),
    (b"Content-Length: 3, 3\r\n", b"abc"),
    (b"Content-Length: 0x3\r\n", b"abc"),
    (b"Content-Length : 3\r\n", b"abc"),
    (b"Content_Length: 3\r\n", b"abc"),
    (b"Transfer-Encoding: chunked\r\n", b"0\r\n\r\n" + _SECOND),
    (b"Transfer-Encoding: chunked\r\n", b"3;x=y\r\nabc\r\n0\r\nX-Trailer: a\r\n\r\n"),
    (b"Transfer-Encoding: chunked\r\n", b"-1\r\n\r\n"),
    (b"Transfer-Encoding: chunked\r\n", b"3\nabc\n0\n\n"),
    (b"Transfer-Encoding: chunked\r\n", b"ffffffffffffffff1\r\nabc\r\n0\r\n\r\n"),
    (b"Transfer-Encoding: xchunked\r\n", _SECOND),
    (b"Transfer-Encoding : chunked\r\n", b"0\r\n\r\n"),
    (b"Transfer-Encoding: gzip, chunked\r\n", b"0\r\n\r\n"),
    (b"Transfer-Encoding: chunked, identity\r\n", b"0\r\n\r\n" + _SECOND),
    (b"Transfer-Encoding:\r\n chunked\r\n", b"0\r\n\r\n"),
    (b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", b"0\r\n\r\n"),
    (b"", b"\r\n" + _SECOND),
    (b"", b"abc"),
    (b"", b"\n"),
    (b"", b"\r"),
    (b"", b"\x00"),
)
OCTETS = tuple(bytes((octet,)) for octet in b'\0\t\n\r !"#%&+,-./09:;<=?@AZ[\\]_az{|}~\x7f\x80\xc3\xff')
