"""CPU per request: a small hashed stylesheet, a 304, a miss and a dynamic page, peers in the same run."""

from pathlib import Path

from .measure import ACCEPT_ENCODING, Sample, cell, entity_tag, load
from .stacks import Server, collect, gthread, serving, uvicorn

MISS = "/static/absent.0123456789ab.css"
SERVERS = (
    Server("gunicorn gthread, Clearway middleware", "clearway", gthread()),
    Server("gunicorn gthread, WhiteNoise", "whitenoise", gthread()),
    Server("gunicorn gthread, nothing", "none", gthread()),
    Server("uvicorn, Clearway wrapper", "clearway", uvicorn("wrapped_asgi")),
    Server("uvicorn, Clearway middleware", "clearway", uvicorn("asgi")),
    Server("uvicorn, ServeStatic wrapper", "servestatic", uvicorn("wrapped_asgi")),
    Server("uvicorn, WhiteNoise", "whitenoise", uvicorn("asgi")),
    Server("uvicorn, nothing", "none", uvicorn("asgi")),
)
TARGETS = ("css", "304", "miss", "dynamic")


def measure(folder: Path, rounds: int, seconds: int, only: str = "") -> dict[tuple[str, str], list[Sample]]:
    """Samples by (server, target); the servers take turns within each round."""
    roots = collect(folder)
    samples: dict[tuple[str, str], list[Sample]] = {}
    for _ in range(rounds):
        for server in SERVERS:
            if only in server.name:
                for target, sample in _one_server(server, roots, seconds).items():
                    samples.setdefault((server.name, target), []).append(sample)
    return samples


def _one_server(server: Server, roots: dict[str, Path], seconds: int) -> dict[str, Sample]:
    fields = {"Accept-Encoding": ACCEPT_ENCODING}
    with serving(server, roots) as site:
        results = {"dynamic": load(site.process, f"{site.url}/hello", seconds, fields)}
        if server.stack != "none":
            results["css"] = load(site.process, site.css, seconds, fields)
            results["miss"] = load(site.process, site.url + MISS, seconds, fields, failing=True)
            conditional = {**fields, "If-None-Match": entity_tag(site.css)}
            results["304"] = load(site.process, site.css, seconds, conditional)
    return results


def table(samples: dict[tuple[str, str], list[Sample]]) -> str:
    """CPU microseconds per request, median (minimum–maximum), as a Markdown table."""
    lines = ["| server | " + " | ".join(TARGETS) + " |", "|---" * (len(TARGETS) + 1) + "|"]
    for server in SERVERS:
        cells = [cell([sample.cpu for sample in samples.get((server.name, target), [])]) for target in TARGETS]
        lines.append(f"| {server.name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)
