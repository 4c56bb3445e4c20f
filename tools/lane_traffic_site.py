"""The site of the lanes' traffic: a small Django project, its server, and what each request is to be answered with."""

import json
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tools.lane_traffic_exchange import request

KEEPALIVE, GRACEFUL = 5, 10  # seconds
THREADS = 16

PROJECT = {
    "traffic_settings": """
from pathlib import Path
HOME = Path(__file__).parent
SECRET_KEY, ALLOWED_HOSTS, ROOT_URLCONF = "soak", ["*"], "traffic_pages"
INSTALLED_APPS = ["clearway", "django.contrib.staticfiles"]
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware", "clearway.middleware.ClearwayMiddleware"]
MIDDLEWARE += ["django.middleware.common.CommonMiddleware"]
STORAGES = {"staticfiles": {"BACKEND": "clearway.storage.ReleaseStorage"}}
STATIC_URL, STATIC_ROOT, STATICFILES_DIRS = "/static/", HOME / "out", [HOME / "src"]
CLEARWAY = {"cache": HOME / "cache", "levels": "fast"}
""",
    "traffic_pages": """
import os
from django.http import HttpResponse
from django.urls import path
def page(request):
    return HttpResponse(f"{request.method} {request.GET['n']} {len(request.body)} " * 30)
async def apage(request):
    return page(request)
urlpatterns = [path("page", apage if "TRAFFIC_ASGI" in os.environ else page)]
""",
    "traffic_server": """
import os
from pathlib import Path
HOME = Path(__file__).parent
answered = 0
def count(is_answered):
    # what a worker has answered is written down now and then: some are ended by a signal
    global answered
    answered += is_answered
    if is_answered and answered % 100 == 0:
        (HOME / f"answered-{os.getpid()}").write_text(str(answered))
def child_exit(server, worker):
    with (HOME / "exits").open("a") as file:
        file.write(f"{worker.pid}\\n")
""",
    "traffic_gunicorn": """
from clearway.gunicorn import ThreadWorker
from traffic_server import count
class Worker(ThreadWorker):
    def _answers(self, connection, data):
        answered = super()._answers(connection, data)
        count(answered)
        return answered
""",
    "traffic_uvicorn": """
from clearway.uvicorn import Protocol as Lane, Worker as LaneWorker
from traffic_server import count
class Protocol(Lane):
    def _send(self, *args):
        count(True)
        super()._send(*args)
    def _answers_once(self, *args):
        answered = super()._answers_once(*args)
        count(answered)
        return answered
class Worker(LaneWorker):
    CONFIG_KWARGS = {**LaneWorker.CONFIG_KWARGS, "http": Protocol}
""",
}
WORKERS = {"gunicorn": "traffic_gunicorn.Worker", "uvicorn": "traffic_uvicorn.Worker"}
PLAIN = {"gunicorn": "gthread", "uvicorn": "uvicorn_worker.UvicornWorker"}
APPLICATION = {
    "gunicorn": "django.core.wsgi:get_wsgi_application()",
    "uvicorn": "django.core.asgi:get_asgi_application()",
}


# --- files


@dataclass(frozen=True)
class Site:
    """The project in a folder, collected; contents by URL path."""

    home: Path
    contents: dict[bytes, bytes]

    @property
    def small(self) -> list[bytes]:
        return [path for path, content in self.contents.items() if len(content) < 100_000]

    @property
    def large(self) -> list[bytes]:
        return [path for path, content in self.contents.items() if len(content) >= 100_000]


def made(home: Path) -> Site:
    """Write the project and collect its files."""
    for name, text in PROJECT.items():
        (home / f"{name}.py").write_text(text)
    for name, content in _sources():
        path = home / "src" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    command = [sys.executable, "-m", "django", "collectstatic", "--noinput", "-v0"]
    subprocess.run(command, cwd=home, env=_environment(home, "gunicorn"), check=True)
    published = json.loads((home / "out" / "staticfiles.json").read_bytes())["paths"]
    return Site(
        home, {b"/static/" + hashed.encode(): (home / "src" / name).read_bytes() for name, hashed in published.items()}
    )


def _sources() -> Iterator[tuple[str, bytes]]:
    chance = random.Random(0)
    words = [chance.randbytes(3).hex() for _ in range(2000)]
    for number in range(24):
        yield f"small/{number}.css", " ".join(chance.choices(words, k=chance.randrange(200, 3000))).encode()
        yield f"small/{number}.png", chance.randbytes(chance.randrange(1_000, 30_000))
    yield "large/film.mp4", chance.randbytes(1_200_000)
    yield "large/book.txt", " ".join(chance.choices(words, k=200_000)).encode()


def _environment(home: Path, kind: str) -> dict[str, str]:
    paths = [str(home), *filter(None, [os.environ.get("PYTHONPATH")])]
    own = {"DJANGO_SETTINGS_MODULE": "traffic_settings", "PYTHONPATH": os.pathsep.join(paths)}
    return {**os.environ, **own, **({"TRAFFIC_ASGI": "1"} if kind == "uvicorn" else {})}


# --- the server


@dataclass(frozen=True)
class Server:
    """Gunicorn with one worker."""

    process: subprocess.Popen[bytes]
    address: tuple[str, int]
    log: Path

    def workers(self) -> list[int]:
        pid = self.process.pid
        try:
            return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        except OSError:
            return []


@contextmanager
def serving(site: Site, kind: str, worker: str, max_requests: int = 0) -> Iterator[Server]:
    """Start it; at the end of the block it is killed, unless it has ended."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = probe.getsockname()
    options = [f"--worker-class={worker}", f"--threads={THREADS}", f"--keep-alive={KEEPALIVE}", "--no-control-socket"]
    options += [f"--graceful-timeout={GRACEFUL}", f"--max-requests={max_requests}", "--worker-connections=200"]
    options += [f"--bind=127.0.0.1:{address[1]}", "--config=python:traffic_server", "--log-level=warning"]
    command = [sys.executable, "-m", "gunicorn", *options, APPLICATION[kind]]
    log = site.home / "server.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, cwd=site.home, env=_environment(site.home, kind), stdout=output, stderr=output
        )
    try:
        _wait(address, process, log)
        yield Server(process, address, log)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(GRACEFUL + 10)


def _wait(address: tuple[str, int], process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(address, 20) as connection:
            connection.sendall(request(b"/page?n=0", b"Connection: close\r\n"))
            if connection.recv(100):
                return
        time.sleep(0.1)
    raise RuntimeError(f"no server:\n{log.read_text(errors='replace')}")
