"""32 parallel downloads of 10 MB under uvicorn: how fast, how much CPU, how much memory."""

from dataclasses import dataclass
from pathlib import Path

from .measure import ACCEPT_ENCODING, Sample, cell, load, peak_memory
from .stacks import FILM_OCTETS, Server, collect, serving, uvicorn

SERVERS = (
    Server("Clearway wrapper", "clearway", uvicorn("wrapped_asgi")),
    Server("Clearway middleware", "clearway", uvicorn("asgi")),
    Server("WhiteNoise", "whitenoise", uvicorn("asgi")),
    Server("ServeStatic wrapper", "servestatic", uvicorn("wrapped_asgi")),
    Server("ServeStatic middleware", "servestatic", uvicorn("asgi")),
)


@dataclass(frozen=True)
class Run:
    """What was sent, and by how many megabytes the server's memory grew meanwhile."""

    sample: Sample
    growth: float


def measure(folder: Path, rounds: int, seconds: int, only: str = "") -> dict[str, list[Run]]:
    """Runs by server; the servers take turns."""
    roots = collect(folder)
    runs: dict[str, list[Run]] = {}
    for _ in range(rounds):
        for server in SERVERS:
            if only in server.name:
                runs.setdefault(server.name, []).append(_download(server, roots, seconds))
    return runs


def _download(server: Server, roots: dict[str, Path], seconds: int) -> Run:
    fields = {"Accept-Encoding": ACCEPT_ENCODING}
    with serving(server, roots) as site:
        load(site.process, site.css, 1, fields)
        with peak_memory(site.process) as memory:
            sample = load(site.process, site.film, seconds, fields)
    start, peak = memory
    return Run(sample, peak - start)


def table(runs: dict[str, list[Run]]) -> str:
    """Median (minimum–maximum) as a Markdown table."""
    lines = ["| uvicorn | MB/s | CPU for 10 MB, µs | growth of memory, MB |", "|---|---|---|---|"]
    for name, several in runs.items():
        speeds = cell([run.sample.speed for run in several])
        used = cell([run.sample.cpu_for(FILM_OCTETS) for run in several])
        lines.append(f"| {name} | {speeds} | {used} | {cell([run.growth for run in several], 1)} |")
    return "\n".join(lines)
