"""How each server is started with the same site, and what it says of itself that the tests must know."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.system import apache

BIN = Path(sys.executable).parent
Command = Callable[[Path], list[str]]


@dataclass(frozen=True)
class Kind:
    """One server with one way to run an application.

    keeps_open   connections serve more than one request; "mostly": not beyond an answer without content
    pipelines    requests that are sent before the answer to the first have all their answers
    h2           speaks HTTP/2 in clear text with a client that begins in it
    bears        downloads that nobody reads, beside which a page is still answered
    bounded      waits for a slow client instead of keeping all of the answer in memory
    missing      why this system cannot run it
    """

    command: Command
    keeps_open: bool | str = True
    pipelines: bool = True
    h2: bool = False
    bears: int = 8
    bounded: bool = True
    missing: Callable[[], str | None] = lambda: None


def python(*words: str) -> Command:
    return lambda home: [sys.executable, "-m", *(word.replace("{home}", str(home)) for word in words)]


def gunicorn(worker: str, app: str, *options: str) -> Command:
    common = ["--no-control-socket", "--log-level=warning", "--graceful-timeout=1", "--keep-alive=5"]
    return python("gunicorn", f"--worker-class={worker}", *common, *options, "--bind=127.0.0.1:{port}", app)


def uvicorn(app: str, *options: str) -> Command:
    return python("uvicorn", "--log-level=warning", "--port={port}", *options, app)


def granian(interface: str, app: str, *options: str) -> Command:
    common = ["--no-ws", "--log-level=error", "--host=127.0.0.1", "--port={port}"]
    return python("granian", f"--interface={interface}", *common, *options, app)


def hypercorn(worker: str, app: str, *options: str) -> Command:
    common = ["--log-level=WARNING", "--graceful-timeout=1", f"--worker-class={worker}"]
    return python("hypercorn", *common, "--bind=127.0.0.1:{port}", *options, app)


def daphne(app: str, *options: str) -> Command:
    where = options or ("--bind=127.0.0.1", "--port={port}")
    return python("daphne", "--verbosity=0", *where, app)


def uwsgi(app: str, *options: str) -> Command:
    common = ["--die-on-term", "--threads=4", "--need-app", "--disable-logging"]
    quiet = ["--ignore-sigpipe", "--ignore-write-errors", "--disable-write-exception"]

    def command(home: Path) -> list[str]:
        return [
            str(BIN / "uwsgi"),
            *common,
            *quiet,
            *(each.replace("{home}", str(home)) for each in options),
            "-w",
            app,
        ]

    return command


def mod_wsgi(app: str) -> Command:
    return lambda home: apache.command(home, app)


WSGI, ASGI = "wrapped:by_wsgi", "wrapped:by_asgi"
DJANGO_WSGI, DJANGO_ASGI = "in_django:by_wsgi", "in_django:by_asgi"
GUNICORN_H2 = ("--http-protocols=h2,h1",)
SOCKET = "--http-socket=127.0.0.1:{port}"

SERVERS: dict[str, Kind] = {
    "gunicorn sync": Kind(gunicorn("sync", WSGI), keeps_open=False, pipelines=False, bears=0),
    "gunicorn gthread": Kind(gunicorn("gthread", WSGI, "--threads=4"), bears=3),
    "gunicorn gthread, middleware": Kind(gunicorn("gthread", DJANGO_WSGI, "--threads=4"), bears=3),
    "gunicorn asgi": Kind(gunicorn("asgi", ASGI)),
    "gunicorn asgi, middleware": Kind(gunicorn("asgi", DJANGO_ASGI)),
    "uvicorn": Kind(uvicorn(ASGI)),
    "uvicorn, middleware": Kind(uvicorn(DJANGO_ASGI)),
    "uvicorn h11": Kind(uvicorn(ASGI, "--http=h11", "--loop=asyncio")),
    "granian wsgi": Kind(granian("wsgi", WSGI), h2=True),
    "granian wsgi, middleware": Kind(granian("wsgi", DJANGO_WSGI), h2=True),
    "granian asgi": Kind(granian("asgi", ASGI), h2=True),
    "granian asgi, middleware": Kind(granian("asgi", DJANGO_ASGI), h2=True),
    "hypercorn asyncio": Kind(hypercorn("asyncio", ASGI), h2=True),
    "hypercorn uvloop": Kind(hypercorn("uvloop", ASGI), h2=True),
    "hypercorn trio": Kind(hypercorn("trio", ASGI), h2=True),
    "hypercorn wsgi": Kind(hypercorn("asyncio", "wsgi:" + WSGI), h2=True, bears=3),
    "hypercorn, middleware": Kind(hypercorn("asyncio", DJANGO_ASGI), h2=True),
    "daphne": Kind(daphne(ASGI), bounded=False),
    "daphne, middleware": Kind(daphne(DJANGO_ASGI), bounded=False),
    "uwsgi": Kind(uwsgi(WSGI, SOCKET), keeps_open=False, pipelines=False, bears=3),
    "uwsgi, middleware": Kind(uwsgi(DJANGO_WSGI, SOCKET), keeps_open=False, pipelines=False, bears=3),
    "uwsgi http11": Kind(uwsgi(WSGI, "--http11-socket=127.0.0.1:{port}"), pipelines=False, bears=3),
    "uwsgi router": Kind(
        uwsgi(WSGI, "--http=127.0.0.1:{port}", "--http-keepalive"), keeps_open="mostly", pipelines=False, bears=3
    ),
    "mod_wsgi": Kind(mod_wsgi(WSGI), h2=True, bears=3, missing=apache.missing),
    "mod_wsgi, middleware": Kind(mod_wsgi(DJANGO_WSGI), h2=True, bears=3, missing=apache.missing),
}

# over TLS, with the protocol that the server and a client that knows both agree on
CERTIFICATE, KEY = "{home}/tls.crt", "{home}/tls.key"
TLS: dict[str, tuple[Command, str]] = {
    "gunicorn gthread": (
        gunicorn("gthread", WSGI, "--threads=4", *GUNICORN_H2, f"--certfile={CERTIFICATE}", f"--keyfile={KEY}"),
        "HTTP/2",
    ),
    "gunicorn asgi": (gunicorn("asgi", ASGI, *GUNICORN_H2, f"--certfile={CERTIFICATE}", f"--keyfile={KEY}"), "HTTP/2"),
    "uvicorn": (uvicorn(ASGI, f"--ssl-certfile={CERTIFICATE}", f"--ssl-keyfile={KEY}"), "HTTP/1.1"),
    "granian wsgi": (granian("wsgi", WSGI, f"--ssl-certificate={CERTIFICATE}", f"--ssl-keyfile={KEY}"), "HTTP/2"),
    "granian asgi": (granian("asgi", ASGI, f"--ssl-certificate={CERTIFICATE}", f"--ssl-keyfile={KEY}"), "HTTP/2"),
    "hypercorn asyncio": (hypercorn("asyncio", ASGI, f"--certfile={CERTIFICATE}", f"--keyfile={KEY}"), "HTTP/2"),
    "hypercorn trio": (hypercorn("trio", ASGI, f"--certfile={CERTIFICATE}", f"--keyfile={KEY}"), "HTTP/2"),
    "daphne": (
        daphne(ASGI, "-e", f"ssl:{{port}}:interface=127.0.0.1:privateKey={KEY}:certKey={CERTIFICATE}"),
        "HTTP/2",
    ),
}
