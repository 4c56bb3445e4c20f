"""CPU per request: a small hashed stylesheet, a 304, a miss and a dynamic page, peers in the same run."""

import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .measure import ACCEPT_ENCODING, BIN, REPOSITORY, Sample, entity_tag, free_port, load, running

MISS = "/static/absent.0123456789ab.css"


@dataclass(frozen=True)
class Server:
    """One way to serve the site: who serves static files, and the command that listens on a port."""

    name: str
    stack: str
    command: Callable[[int], list[str]]


def _gthread(port: int) -> list[str]:
    flags = ["-w", "1", "-k", "gthread", "--threads", "4", "--log-level", "critical", "--no-control-socket"]
    return [str(BIN / "gunicorn"), *flags, "-b", f"127.0.0.1:{port}", "benchmarks.site.wsgi:application"]


def _uvicorn(module: str) -> Callable[[int], list[str]]:
    flags = [
        "--loop",
        "uvloop",
        "--http",
        "httptools",
        "--no-access-log",
        "--log-level",
        "critical",
        "--lifespan",
        "off",
    ]
    return lambda port: [str(BIN / "uvicorn"), *flags, "--port", str(port), f"benchmarks.site.{module}:application"]


SERVERS = (
    Server("gunicorn gthread, Clearway middleware", "clearway", _gthread),
    Server("gunicorn gthread, WhiteNoise", "whitenoise", _gthread),
    Server("gunicorn gthread, nothing", "none", _gthread),
    Server("uvicorn, Clearway wrapper", "clearway", _uvicorn("wrapped_asgi")),
    Server("uvicorn, Clearway middleware", "clearway", _uvicorn("asgi")),
    Server("uvicorn, ServeStatic wrapper", "servestatic", _uvicorn("wrapped_asgi")),
    Server("uvicorn, WhiteNoise", "whitenoise", _uvicorn("asgi")),
    Server("uvicorn, nothing", "none", _uvicorn("asgi")),
)
TARGETS = ("css", "304", "miss", "dynamic")


def collect(folder: Path) -> dict[str, Path]:
    """STATIC_ROOT of each stack, made by its own storage."""
    source = folder / "source"
    (source / "bench").mkdir(parents=True)
    (source / "bench" / "site.css").write_text(stylesheet())
    roots = {}
    for stack in ("clearway", "whitenoise", "servestatic"):
        roots[stack] = folder / stack
        env = {"BENCH_STACK": stack, "BENCH_ROOT": str(roots[stack]), "BENCH_SOURCE": str(source)}
        command = [sys.executable, "-m", "django", "collectstatic", "--noinput", "-v0"]
        settings = {"DJANGO_SETTINGS_MODULE": "benchmarks.site.settings", "PYTHONPATH": str(REPOSITORY)}
        subprocess.run(command, cwd=REPOSITORY, env={**os.environ, **settings, **env}, check=True)
    return {**roots, "none": roots["clearway"]}


def stylesheet() -> str:
    """About 22 KB of CSS that compresses as real CSS does."""
    rule = ".card-{0}>.title{{color:#{1:06x};padding:{2}px {3}px;margin-top:{0}px}}\n"
    return "".join(rule.format(n, n * 2654435761 % 0xFFFFFF, n % 17, n % 23) for n in range(340))


def measure(folder: Path, rounds: int, seconds: int, only: str = "") -> dict[tuple[str, str], list[Sample]]:
    """Samples by (server, target); the servers take turns within each round."""
    roots = collect(folder)
    samples: dict[tuple[str, str], list[Sample]] = {}
    for _ in range(rounds):
        for server in SERVERS:
            if only in server.name:
                for target, sample in _one_server(server, roots[server.stack], seconds).items():
                    samples.setdefault((server.name, target), []).append(sample)
    return samples


def _one_server(server: Server, root: Path, seconds: int) -> dict[str, Sample]:
    port = free_port()
    env = {"BENCH_STACK": server.stack, "BENCH_ROOT": str(root), "PYTHONPATH": str(REPOSITORY)}
    hashed = next(path for path in sorted(root.glob("bench/site.*.css")))
    base, css = f"http://127.0.0.1:{port}", f"/static/bench/{hashed.name}"
    with running(server.command(port), env, port) as process:
        fields = {"Accept-Encoding": ACCEPT_ENCODING}
        results = {"dynamic": load(process, f"{base}/hello", seconds, fields)}
        if server.stack != "none":
            results["css"] = load(process, base + css, seconds, fields)
            results["miss"] = load(process, base + MISS, seconds, fields)
            conditional = {**fields, "If-None-Match": entity_tag(base + css)}
            results["304"] = load(process, base + css, seconds, conditional)
    return results


def table(samples: dict[tuple[str, str], list[Sample]]) -> str:
    """CPU microseconds per request, median (minimum–maximum), as a Markdown table."""
    lines = ["| server | " + " | ".join(TARGETS) + " |", "|---" * (len(TARGETS) + 1) + "|"]
    for server in SERVERS:
        cells = [_cell([sample.cpu for sample in samples.get((server.name, target), [])]) for target in TARGETS]
        lines.append(f"| {server.name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _cell(values: list[float]) -> str:
    return f"{statistics.median(values):.0f} ({min(values):.0f}–{max(values):.0f})" if values else "–"
