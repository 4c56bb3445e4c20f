"""How long a page takes while 32 clients pull a stylesheet from the same worker as fast as they can."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .measure import ACCEPT_ENCODING, Counted, cell, read_wrk, wrk, wrk_command
from .servers import GUNICORN_LANE, UVICORN_LANE, gunicorn, uvicorn
from .stacks import Server, Site, collect, serving

SERVERS = (
    Server("gunicorn, Clearway lane", "clearway", gunicorn(worker=GUNICORN_LANE)),
    Server("gunicorn, Clearway middleware", "clearway", gunicorn()),
    Server("gunicorn, WhiteNoise middleware", "whitenoise", gunicorn()),
    Server("uvicorn, Clearway lane", "clearway", uvicorn(protocol=UVICORN_LANE)),
    Server("uvicorn, Clearway middleware", "clearway", uvicorn()),
    Server("uvicorn, WhiteNoise middleware", "whitenoise", uvicorn()),
)
FIELDS = {"Accept-Encoding": ACCEPT_ENCODING}
Pair = tuple[Counted, Counted]  # the page, alone and in the crowd


def measure(folder: Path, rounds: int, seconds: int, only: str = "") -> dict[str, list[tuple[Pair, float]]]:
    """By server, for each round: the page's latencies, and requests per second of the crowd."""
    roots = collect(folder)
    found: dict[str, list[tuple[Pair, float]]] = {}
    for _ in range(rounds):
        for server in SERVERS:
            if only in server.name:
                with serving(server, roots) as site:
                    found.setdefault(server.name, []).append(_one_server(site, seconds))
    return found


def _one_server(site: Site, seconds: int) -> tuple[Pair, float]:
    """One client asks for the page, again and again."""
    page = f"{site.url}/hello"
    wrk(site.css, 1, FIELDS)
    alone = wrk(page, seconds, FIELDS, connections=1)
    with _crowd(site.css, seconds + 1) as crowd:
        within = wrk(page, seconds, FIELDS, connections=1)
    return (alone, within), read_wrk(crowd[0]).requests / (seconds + 1)


@contextmanager
def _crowd(url: str, seconds: int) -> Iterator[list[str]]:
    """32 clients that give way to the one whose time is taken; the list has what wrk printed afterwards."""
    command = ["nice", "-n", "10", *wrk_command(url, seconds, FIELDS, 32)]
    printed: list[str] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        yield printed
        printed.append(process.communicate()[0])


def table(found: dict[str, list[tuple[Pair, float]]]) -> str:
    """Median (minimum–maximum) as a Markdown table."""
    lines = [
        "| server | p99 alone, ms | p50 in the crowd, ms | p99 in the crowd, ms | pages/s | crowd, requests/s |",
        "|---|---|---|---|---|---|",
    ]
    for name, runs in found.items():
        alone, within = [pair[0] for pair, _ in runs], [pair[1] for pair, _ in runs]
        cells = [
            cell([each.p99 for each in alone], 1),
            cell([each.median for each in within], 1),
            cell([each.p99 for each in within], 1),
            cell([each.rate for each in within]),
            cell([rate for _, rate in runs]),
        ]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)
