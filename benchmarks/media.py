"""A large file that somebody uploaded: Clearway's roads beside those of Django, django-sendfile2 and the server itself.

All servers of a round wait beside each other on one processor and are asked in turn.
"""

import math
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psutil

from . import servers
from .measure import REPOSITORY, ask, cell, free_port, running, sample

OCTETS, LARGE = 60_000_000, 200_000_000
CONNECTIONS = 4
THREADS_FOR_SLOW, MOST_SLOW = 2, 40  # of gunicorn; clients that take nothing
PATIENCE = 3.0  # seconds until a page counts as waiting
Command = servers.Command
COLUMNS = (
    "server",
    "60 MB: growth, MB",
    "200 MB: growth, MB",
    "MB/s",
    "times the server itself",
    "CPU for 60 MB, ms",
    "ranges",
    "slow clients until a page waits",
)


@dataclass(frozen=True)
class Way:
    """A server, a road of `benchmarks.site.media`, and the path at which it has the file."""

    server: str
    title: str
    road: str
    path: str = "/film"
    worker: str = "gthread"

    @property
    def name(self) -> str:
        return f"{self.server}, {self.title}"

    def command(self, threads: int) -> Command:
        if self.server == "uvicorn":
            return servers.uvicorn("media:by_asgi")
        return servers.gunicorn("media", self.worker, threads)


OWN = {"gunicorn": "its own sendfile", "uvicorn": "a bare application"}
ROADS = (
    ("Clearway private", "private", "/film"),
    ("django-sendfile2, simple", "sendfile2", "/film"),
    ("FileResponse", "FileResponse", "/film"),
    ("Clearway public, middleware", "public", "/media/film.mp4"),
    ("Clearway public, wrapper", "wrapper", "/media/film.mp4"),
    ("django.views.static.serve", "serve", "/film"),
)
WAYS = (
    *(Way(server, *rest) for server, own in OWN.items() for rest in ((own, "bare", "/film"), *ROADS)),
    Way("uvicorn", "Clearway private, asynchronous", "aprivate"),
    Way("gunicorn lane", "Clearway public, middleware", "public", "/media/film.mp4", servers.GUNICORN_LANE),
    Way("gunicorn lane", "Clearway private", "private", "/film", servers.GUNICORN_LANE),
)


@dataclass(frozen=True)
class Asked:
    """A server that runs: its process, the file, a page."""

    process: psutil.Process
    film: str
    page: str


@dataclass
class Seen:
    """Megabytes of growth by octets of the file; MB/s, and CPU in ms for 60 MB; statuses of ranges; slow clients."""

    growth: dict[int, float]
    speed: float = 0.0
    cpu: float = 0.0
    ranges: str = ""
    slow: str = ""


def measure(folder: Path, rounds: int, seconds: int, only: str = "") -> dict[Way, list[Seen]]:
    """By way, for each round. What has no noise, the ranges and the slow clients, is seen in the first alone."""
    films = {octets: _film(folder / f"media-{octets}", octets) for octets in (OCTETS, LARGE)}
    ways = [way for way in WAYS if only in way.name or way.road == "bare"]
    found: dict[Way, list[Seen]] = {way: [] for way in ways}
    for number in range(rounds):
        turn = number % len(ways)
        order = (*ways[turn:], *ways[:turn])
        for way in order:
            found[way].append(Seen({octets: _growth(way, root) for octets, root in films.items()}))
        _take_turns(order, films[OCTETS], seconds, {way: found[way][-1] for way in order})
        for way in order if number == 0 else ():
            found[way][0].slow = _slow(way, films[LARGE])
    return found


def _film(root: Path, octets: int) -> Path:
    root.mkdir(exist_ok=True)
    (root / "film.mp4").write_bytes(os.urandom(octets))
    return root


@contextmanager
def _serving(way: Way, root: Path, threads: int = 4) -> Iterator[Asked]:
    port = free_port()
    env = {"BENCH_ROAD": way.road, "BENCH_ROOT": str(root), "PYTHONPATH": str(REPOSITORY)}
    base = f"http://127.0.0.1:{port}"
    with running(way.command(threads)(port, root), env, port) as process:
        ask(f"{base}/hello", {})
        yield Asked(process, base + way.path, f"{base}/hello")


def _growth(way: Way, root: Path) -> float:
    """Resident megabytes that one download, the first of the process, adds at its peak, as the kernel counts them."""
    with _serving(way, root) as server:
        processes = [server.process, *server.process.children(recursive=True)]
        worker = processes[-1].pid
        Path(f"/proc/{worker}/clear_refs").write_text("5")  # the peak is what is resident now
        before = _status(worker, "VmRSS")
        ask(server.film, {})
        return (_status(worker, "VmHWM") - before) / 1000


def _status(pid: int, name: str) -> int:
    """KB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))


def _take_turns(ways: tuple[Way, ...], root: Path, seconds: int, seen: Mapping[Way, Seen]) -> None:
    """One second each, again and again; the first is for warming up."""
    with ExitStack() as stack:
        asked = {way: stack.enter_context(_serving(way, root)) for way in ways}
        for way, server in asked.items():
            seen[way].ranges = _ranges(server.film)
        samples: dict[Way, list[tuple[float, float, float]]] = {way: [] for way in ways}
        for turn in range(seconds + 1):
            for way, server in asked.items():
                taken = sample(server.process, server.film, 1, {}, CONNECTIONS)
                samples[way] += [(taken.used, taken.counted.octets, taken.seconds)] if turn else []
        for way, taken_ones in samples.items():
            used, octets, wall = (sum(each[part] for each in taken_ones) for part in range(3))
            seen[way].speed, seen[way].cpu = octets / wall / 1e6, used / octets * OCTETS * 1e3 if octets else math.inf


def _ranges(url: str) -> str:
    """What Safari asks first, and what a player that seeks asks: whether both get the part, and no more."""
    right = []
    for asked, length in (("0-1", 2), (f"{OCTETS - 9}-", 9)):
        status, fields = ask(url, {"Range": f"bytes={asked}"})
        right.append(status == 206 and fields["Content-Length"] == str(length))
    return "yes" if all(right) else "no"


def _slow(way: Way, root: Path) -> str:
    """How many clients that take nothing it bears until a page waits; each has asked for the whole file."""
    with _serving(way, root, THREADS_FOR_SLOW) as server, ExitStack() as stack:
        for number in range(1, MOST_SLOW + 1):
            stack.enter_context(_slow_client(server.film))
            if not _answers(server.page):
                return str(number)
        return f"more than {MOST_SLOW}"


@contextmanager
def _slow_client(url: str) -> Iterator[None]:
    host, _, path = url.removeprefix("http://").partition("/")
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.connect((host.partition(":")[0], int(host.partition(":")[2])))
        line.sendall(f"GET /{path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        yield


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=PATIENCE) as answer:
            answer.read()
    except (TimeoutError, URLError):
        return False
    return True


def table(found: dict[Way, list[Seen]]) -> str:
    """Median (minimum–maximum) as a Markdown table; the ratio is to the same round of the server itself."""
    lines = [f"| {' | '.join(COLUMNS)} |", "|---" * len(COLUMNS) + "|"]
    own = {way.server: seen for way, seen in found.items() if way.road == "bare"}
    for way, seen in found.items():
        itself = own[way.server.partition(" ")[0]]
        cells = [
            *(cell([each.growth[octets] for each in seen], 1) for octets in (OCTETS, LARGE)),
            cell([each.speed for each in seen]),
            cell([each.speed / its.speed for each, its in zip(seen, itself, strict=True)], 2),
            cell([each.cpu for each in seen], 1),
            seen[0].ranges,
            seen[0].slow,
        ]
        lines.append(f"| {way.name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)
