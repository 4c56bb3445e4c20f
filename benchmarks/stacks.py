"""The ways to serve the benchmark site: who answers for static files, and by which server."""

import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from .measure import BIN, REPOSITORY, free_port, running

FILM_OCTETS = 10_000_000


@dataclass(frozen=True)
class Server:
    """One way to serve the site: who serves static files, and the command that listens on a port."""

    name: str
    stack: str
    command: Callable[[int], list[str]]


def gthread(module: str = "wsgi") -> Callable[[int], list[str]]:
    flags = ["-w", "1", "-k", "gthread", "--threads", "4", "--log-level", "critical", "--no-control-socket"]
    return lambda port: [str(BIN / "gunicorn"), *flags, "-b", f"127.0.0.1:{port}", _application(module)]


def uvicorn(module: str) -> Callable[[int], list[str]]:
    flags = ["--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "critical"]
    more = ["--lifespan", "off"]
    return lambda port: [str(BIN / "uvicorn"), *flags, *more, "--port", str(port), _application(module)]


def granian(interface: str, module: str) -> Callable[[int], list[str]]:
    flags = ["--workers", "1", "--interface", interface, "--log-level", "critical", "--host", "127.0.0.1"]
    return lambda port: [str(BIN / "granian"), *flags, "--port", str(port), _application(module)]


def _application(module: str) -> str:
    return f"benchmarks.site.{module}:application"


@dataclass(frozen=True)
class Site:
    """A server that runs: its process and the URLs of what it serves."""

    process: psutil.Process
    url: str
    css: str
    film: str


@contextmanager
def serving(server: Server, roots: dict[str, Path]) -> Iterator[Site]:
    """Start a server over the STATIC_ROOT of its stack, until the block ends."""
    port, root = free_port(), roots[server.stack]
    env = {"BENCH_STACK": server.stack, "BENCH_ROOT": str(root), "PYTHONPATH": str(REPOSITORY)}
    base = f"http://127.0.0.1:{port}"
    css, film = (_hashed(root, pattern) for pattern in ("site.*.css", "film.*.mp4"))
    with running(server.command(port), env, port) as process:
        yield Site(process, base, f"{base}/static/bench/{css}", f"{base}/static/bench/{film}")


def _hashed(root: Path, pattern: str) -> str:
    return next(path for path in sorted((root / "bench").glob(pattern))).name


def collect(folder: Path) -> dict[str, Path]:
    """STATIC_ROOT of each stack, made by its own storage; once for a folder."""
    source = folder / "site" / "source"
    roots = {stack: folder / "site" / stack for stack in ("clearway", "whitenoise", "servestatic")}
    if not source.exists():
        (source / "bench").mkdir(parents=True)
        (source / "bench" / "site.css").write_text(stylesheet())
        (source / "bench" / "film.mp4").write_bytes(random.Random(0).randbytes(FILM_OCTETS))
        for stack, root in roots.items():
            _collect(stack, source, root)
    return {**roots, "none": roots["clearway"]}


def _collect(stack: str, source: Path, root: Path) -> None:
    env = {"BENCH_STACK": stack, "BENCH_ROOT": str(root), "BENCH_SOURCE": str(source)}
    settings = {"DJANGO_SETTINGS_MODULE": "benchmarks.site.settings", "PYTHONPATH": str(REPOSITORY)}
    command = [sys.executable, "-m", "django", "collectstatic", "--noinput", "-v0"]
    subprocess.run(command, cwd=REPOSITORY, env={**os.environ, **settings, **env}, check=True)


def stylesheet() -> str:
    """About 22 KB of CSS that compresses as real CSS does."""
    rule = ".card-{0}>.title{{color:#{1:06x};padding:{2}px {3}px;margin-top:{0}px}}\n"
    return "".join(rule.format(n, n * 2654435761 % 0xFFFFFF, n % 17, n % 23) for n in range(340))
