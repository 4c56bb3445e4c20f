"""`python -m tools.soak_lanes_gunicorn --seed N --count 1000000 --seconds S`: with the lane and without.

The same octets go to both over real sockets, in the same chunks. What comes back up to the end of the connection, what
the application sees (it answers with that) and the access log have to be the same.
Exit codes: 0 nothing was found, 1 something was.
"""

import argparse
import json
import math
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from gunicorn.workers.gthread import ThreadWorker as PlainWorker

from clearway.gunicorn import ThreadWorker
from clearway.wsgi import Clearway
from tools.lane_gunicorn import Pair, Running
from tools.lane_requests import SETTINGS, Site, Streams, plain

_BATCH = 2000  # streams between two looks at the differences
_ITS_OWN = {"REMOTE_PORT", "SERVER_PORT"}  # differ between the two servers
KNOWN = ("a.css", "a.css", "b.js", "b.js", "deep/c.css", "empty.txt", "a%20b;%C3%A9.svg", "index.html", "large.bin")


class CountingWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """Counts requests that came to the lane, and those that it answered."""

    came = answered = 0

    def _answers(self, connection: Any, data: bytes) -> bool:
        answered: bool = super()._answers(connection, data)
        self.came += 1
        self.answered += answered
        return answered


def echo(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answers with what it sees. Pages differ in whether they read, declare a length, or fail."""
    path = environ["PATH_INFO"]
    body = b"" if path.endswith("/unread") else environ["wsgi.input"].read()
    if path.endswith("/broken"):
        raise RuntimeError("as asked")
    seen = {name: value for name, value in environ.items() if isinstance(value, str) and name not in _ITS_OWN}
    content = json.dumps([sorted(seen.items()), body.decode("latin-1")]).encode()
    if path.endswith("/long"):
        content *= 200
    length = [("Content-Length", str(len(content)))] if environ["QUERY_STRING"] else []
    start_response("200 OK", [("X-Page", "1"), *length])
    return [content[:10], content[10:]]


def files(root: Path) -> Site:
    """Small files with and without variants, one that is sent from the disk, an empty one, one with an odd name."""
    random = Random(0)
    (root / "deep").mkdir(parents=True)
    texts = {"a.css": b"a{}" * 900, "b.js": b"b()" * 9000, "empty.txt": b"", "a b;é.svg": b"<svg/>"}
    texts |= {"large.bin": random.randbytes(270_000), "index.html": b"<p>", "deep/c.css": b"c{}"}
    for name, text in texts.items():
        (root / name).write_bytes(text)
    for suffix in ("br", "gz", "zst"):
        (root / f"a.css.{suffix}").write_bytes(suffix.encode() * 50)
        (root / f"b.js.{suffix}").write_bytes(random.randbytes(20_000))
    dynamic = (b"/", b"/page?x=1", b"/static", b"/staticfiles/a.css", b"/unread", b"/broken", b"/long")
    return Site(tuple(b"/static/" + name.encode() for name in KNOWN), dynamic=dynamic)


def wrapped(root: Path, **options: Any) -> tuple[Pair, Site]:
    """The wrapper around an application that is not Django's; every file in memory, the entity tags known."""
    site = files(root)
    make = partial(Clearway, echo, root=root, prefix="/static/", index_file=True)
    pair = Pair(Running(CountingWorker, make, **options), Running(PlainWorker, make, **options))
    return pair, warmed(pair, site)


def django(root: Path, **options: Any) -> tuple[Pair, Site]:
    """Django, with SecurityMiddleware above Clearway's."""
    site, make = files(root), partial(_django_application, root)
    pair = Pair(Running(CountingWorker, make, **options), Running(PlainWorker, make, **options))
    return pair, warmed(pair, site)


def _django_application(root: Path) -> Any:
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application
    from django.http import HttpResponse
    from django.urls import re_path

    def view(request: Any) -> HttpResponse:
        return HttpResponse(b"".join(echo(request.environ, lambda status, fields: None)), headers={"X-Page": "1"})

    installed = ["clearway", "django.contrib.staticfiles"]
    urls = type("urls", (), {"urlpatterns": [re_path("", view)]})
    settings.configure(**SETTINGS, SECRET_KEY="soak", INSTALLED_APPS=installed, STATIC_ROOT=root, ROOT_URLCONF=urls)
    return get_wsgi_application()


WAYS = {"wrapper": wrapped, "Django": django}


def warmed(pair: Pair, site: Site) -> Site:
    """Each file asked for in each coding on the ordinary road, which is where files are read."""
    tags = []
    for path in sorted(set(site.known)):
        for coding in (b"br", b"gzip", b"zstd", b"identity"):
            asked = b"GET %s HTTP/1.1\r\nAccept-Encoding: %s\r\nConnection: close\r\n\r\n" % (path, coding)
            got, _ = (_ask(server, asked) for server in (pair.without, pair.with_lane))
            tags += [line[6:] for line in got.split(b"\r\n") if line.startswith(b"ETag: ")]
    for server in (pair.without, pair.with_lane):
        server.ask("lines")
    return Site(site.known, site.missing, site.dynamic, (*sorted(set(tags)), b'"none"'))


def _ask(server: Running, octets: bytes) -> bytes:
    with server.connect() as connection:
        connection.sendall(octets)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def compare(pair: Pair, site: Site, seed: int, start: int, count: int, most: int = 5) -> list[str]:
    """At most `most` differences, each with the chunks that make it."""
    streams, found = Streams(seed, site), []
    for first in range(start, start + count, _BATCH):
        numbers = range(first, min(first + _BATCH, start + count))
        batch = [(number, [_first(site, number), *streams.chunks(number)]) for number in numbers]
        for number, difference in zip(numbers, pair.differences(batch, seed), strict=True):
            if difference:
                found.append(f"stream {number} of seed {seed}: {difference}")
        if len(found) >= most:
            break
    return found[:most]


def _first(site: Site, number: int) -> bytes:
    """Before anything odd comes, the lane has mostly answered on the connection."""
    return plain(Random(number), site)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=int(os.environ.get("SEED") or time.time()))
    parser.add_argument("--count", type=int, default=1_000_000, help="streams of each way")
    parser.add_argument("--start", type=int, default=0, help="the number of the first stream")
    parser.add_argument("--seconds", type=float, default=float(os.environ.get("SECONDS") or math.inf), help="for all")
    parser.add_argument("--way", action="append", help=f"only this one, of {', '.join(WAYS)}; may be repeated")
    arguments = parser.parse_args()
    print(f"soak: streams for gunicorn, seed {arguments.seed}", file=sys.stderr, flush=True)
    wanted = {name: make for name, make in WAYS.items() if name in (arguments.way or [name])}
    found: list[str] = []
    with tempfile.TemporaryDirectory() as home:
        for name, make in wanted.items():
            found += _run(name, *make(Path(home) / name), arguments, arguments.seconds / len(wanted))
    print("\n\n".join(found))
    return 1 if found else 0


def _run(name: str, pair: Pair, site: Site, arguments: argparse.Namespace, seconds: float) -> list[str]:
    began, done = time.monotonic(), 0
    found: list[str] = []
    while done < arguments.count and not found and time.monotonic() - began < seconds:
        some = min(_BATCH, arguments.count - done)
        found = compare(pair, site, arguments.seed, arguments.start + done, some)
        done += some
    lane = pair.with_lane.ask("numbers")
    print(
        f"{name}: {done} streams, {done / (time.monotonic() - began):.0f} a second; {lane['answered']} answers of the"
        f" lane, {lane['nr'] - lane['answered']} of the pool; connections left with the lane and without:",
        *pair.stop(),
        flush=True,
    )
    return found


if __name__ == "__main__":
    sys.exit(main())
