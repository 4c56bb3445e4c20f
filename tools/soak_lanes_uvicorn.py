"""`python -m tools.soak_lanes_uvicorn --seed N --count 1000000 --seconds S`: with the lane and without.

The same octets go into both protocols, in the same chunks, at the same times; what comes back, what the application
sees, the access log and the state of the connection have to be the same. There are no sockets and no waiting.
Exit codes: 0 nothing was found, 1 something was.
"""

import argparse
import logging
import math
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from clearway.asgi import Clearway
from clearway.catalog import directory_files
from clearway.uvicorn import Protocol
from tools.lane_differences import Application, Log, Pair, Subject, subject
from tools.lane_loop import Loop
from tools.lane_requests import SETTINGS, Site, Streams

_BATCH = 500  # streams between two looks at the clock
WAYS: dict[str, dict[str, Any]] = {
    "wrapper": {},
    "wrapper below a path": {"root_path": "/static"},
    "wrapper behind any proxy": {"forwarded_allow_ips": "*", "root_path": "/sub/"},
    "wrapper behind no proxy": {"proxy_headers": False},
    "wrapper with limits": {"limit_concurrency": 2},
    "wrapper without a log": {"access_log": False},
}


class Counting(Protocol):  # type: ignore[misc]  # what it is depends on what is installed
    """The protocol with the lane, which counts its answers."""

    answers = 0

    def _send(self, *args: Any) -> None:
        Counting.answers += 1
        super()._send(*args)

    def _answers_once(self, *args: Any) -> bool:
        answered: bool = super()._answers_once(*args)
        Counting.answers += answered
        return answered


PROTOCOLS = (HttpToolsProtocol, Counting)


def files(root: Path) -> Site:
    """Small files with and without variants, one that is sent from the disk, an empty one, one with an odd name."""
    random = Random(0)
    (root / "deep").mkdir(parents=True, exist_ok=True)
    contents = {"a.css": b"a{}" * 900, "b.js": b"b()" * 9000, "empty.txt": b"", "a b;é.svg": b"<svg/>"}
    contents |= {"large.bin": random.randbytes(300_000), "index.html": b"<p>", "deep/c.css": b"c{}"}
    for suffix in ("br", "gz", "zst"):
        contents |= {f"a.css.{suffix}": suffix.encode() * 50, f"b.js.{suffix}": random.randbytes(20_000)}
    for name, text in contents.items():
        (root / name).write_bytes(text)
        os.utime(root / name, (1_700_000_000, 1_700_000_000))
    often = (b"a.css", b"b.js", b"deep/c.css", b"empty.txt", b"a%20b;%C3%A9.svg")
    dynamic = (b"/", b"/page?x=1", b"/static", b"/staticfiles/a.css", b"/unread", b"/broken", b"/long")
    known = (b"/static/" + name for name in (*often, *often, b"index.html", b"large.bin"))
    return Site((*known,), dynamic=dynamic)


@contextmanager
def wrapped(root: Path, **options: Any) -> Iterator[Pair]:
    """The wrapper around an application that is not Django's."""
    site, loop, log = files(root), Loop(), Log()

    def made(protocol: type) -> Subject:
        inner = Application()
        application = Clearway(inner, root=root, prefix="/static/", index_file=True)
        return subject(protocol, application, inner, loop, log, **options)

    without, with_lane = map(made, PROTOCOLS)
    with closing(Pair(site, with_lane, without)) as pair:
        made_ready = warmed(pair)
        if options.get("access_log") is False:
            logging.getLogger("uvicorn.access").handlers = []
        yield made_ready


@contextmanager
def django(root: Path, script_name: str | None = None) -> Iterator[Pair]:
    """Django with SecurityMiddleware above Clearway's, also with a FORCE_SCRIPT_NAME."""
    from django.core.handlers.asgi import ASGIHandler
    from django.http import HttpRequest, HttpResponse
    from django.test import override_settings
    from django.urls import re_path

    site, loop, log, inner = files(root), Loop(), Log(), Application()

    async def view(request: HttpRequest) -> HttpResponse:
        seen = {name: value for name, value in request.META.items() if isinstance(value, str)}
        inner.seen.append((request.method, request.get_full_path(), request.scheme, seen, request.body))
        return HttpResponse(b"from Django")

    urls = type("urls", (), {"urlpatterns": [re_path("", view)]})
    if script_name:
        site = replace(
            site, known=tuple(prefix + path for path in site.known for prefix in (b"", script_name.encode()))
        )
    with override_settings(**SETTINGS, STATIC_ROOT=root, ROOT_URLCONF=urls, FORCE_SCRIPT_NAME=script_name):
        without, with_lane = (
            subject(protocol, ASGIHandler(), inner, loop, log, takes_threads=True) for protocol in PROTOCOLS
        )
        with closing(Pair(site, with_lane, without)) as pair:
            yield warmed(pair)


def warmed(pair: Pair) -> Pair:
    """With every file in memory, and the entity tags known."""
    directory_files.FRESH_FOR = math.inf  # so that nothing depends on the clock
    pair.with_lane.log.install()
    tags = []
    for path in pair.site.known:
        for coding in (b"br", b"gzip", b"zstd", b"identity"):
            octets = b"GET %s HTTP/1.1\r\nHost: a\r\nAccept-Encoding: %s\r\n\r\n" % (path, coding)
            for side in (pair.with_lane, pair.without):
                sent = side.run([octets], 1)["sent"]
            tags += [line[6:] for line in sent.split(b"\r\n") if line.startswith(b"etag: ")]
    return replace(pair, site=replace(pair.site, tags=(*tags, b'"none"')))


def compare(pair: Pair, seed: int, count: int, start: int = 0, most: int = 3) -> list[str]:
    """At most `most` differences, each with the chunks that make it."""
    streams, found = Streams(seed, pair.site), []
    for number in range(start, start + count):
        chunks = streams.chunks(number)
        if difference := pair.difference(chunks, number):
            found.append(f"stream {number} of seed {seed}: {chunks!r:.3000}\n{difference}")
            if len(found) >= most:
                break
    return found


def ways(home: Path) -> dict[str, Callable[[], AbstractContextManager[Pair]]]:
    """How the application may be served."""
    from django.conf import settings

    if not settings.configured:
        settings.configure(SECRET_KEY="soak", INSTALLED_APPS=["clearway", "django.contrib.staticfiles"])
        __import__("django").setup()
    made: dict[str, Callable[[], AbstractContextManager[Pair]]] = {
        name: lambda options=options: wrapped(home / "wrapped", **options)  # type: ignore[misc]
        for name, options in WAYS.items()
    }
    made["Django"] = lambda: django(home / "django")
    made["Django with a script name"] = lambda: django(home / "django below", "/sub")
    return made


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=int(os.environ.get("SEED") or time.time()))
    parser.add_argument("--count", type=int, default=1_000_000, help="streams of each way")
    parser.add_argument("--seconds", type=float, default=float(os.environ.get("SECONDS") or math.inf), help="for all")
    parser.add_argument("--start", type=int, default=0, help="the number of the first stream")
    parser.add_argument("--way", action="append", help="only this one; may be repeated")
    arguments = parser.parse_args()
    failed = False
    print(f"soak: streams for uvicorn, seed {arguments.seed}", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory() as home:
        wanted = {name: make for name, make in ways(Path(home)).items() if name in (arguments.way or [name])}
        for name, make in wanted.items():
            began, until = time.process_time(), time.monotonic() + arguments.seconds / len(wanted)
            with make() as pair:
                found: list[str] = []
                done = 0
                while done < arguments.count and not found and time.monotonic() < until:
                    some = min(_BATCH, arguments.count - done)
                    found = compare(pair, arguments.seed, some, arguments.start + done)
                    done += some
            rate = done / (time.process_time() - began)
            print(
                f"{name}: {done} streams, {rate:.0f} per second of processor time, {pair.asked} requests, "
                f"{pair.answered} answered by the lane, {len(found)} differences",
                flush=True,
            )
            for each in found:
                print(each, file=sys.stderr)
            failed = failed or bool(found)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
