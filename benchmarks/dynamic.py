"""What a request that is not for a static file pays for Clearway and its peers, sync and async views."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from .measure import ACCEPT_ENCODING, Sample, cell, sample
from .servers import GUNICORN_LANE, UVICORN_LANE, gunicorn, uvicorn
from .stacks import Server, collect, serving

GROUPS = {
    "gunicorn": (
        Server("nothing", "none", gunicorn()),
        Server("Clearway lane alone", "none", gunicorn(worker=GUNICORN_LANE)),
        Server("Clearway lane and middleware", "clearway", gunicorn(worker=GUNICORN_LANE)),
        Server("Clearway middleware", "clearway", gunicorn()),
        Server("WhiteNoise middleware", "whitenoise", gunicorn()),
    ),
    "uvicorn": (
        Server("nothing", "none", uvicorn()),
        Server("Clearway lane alone", "none", uvicorn(protocol=UVICORN_LANE)),
        Server("Clearway lane and middleware", "clearway", uvicorn(protocol=UVICORN_LANE)),
        Server("Clearway middleware", "clearway", uvicorn()),
        Server("Clearway wrapper", "clearway", uvicorn("wrapped_asgi")),
        Server("WhiteNoise middleware", "whitenoise", uvicorn()),
        Server("ServeStatic middleware", "servestatic", uvicorn()),
        Server("ServeStatic wrapper", "servestatic", uvicorn("wrapped_asgi")),
    ),
}
VIEWS = {"gunicorn": ("hello",), "uvicorn": ("hello", "ahello")}
Row = tuple[str, str, str]  # group, server, view


def measure(folder: Path, rounds: int, seconds: int, only: str = "") -> dict[Row, list[float]]:
    """CPU microseconds per request; each round starts every server anew."""
    roots = collect(folder)
    used: dict[Row, list[float]] = {}
    for number in range(rounds):
        for group, servers in GROUPS.items():
            turn = number % len(servers)
            wanted = [server for server in servers if only in f"{group}, {server.name}" or server.name == "nothing"]
            for row, cpu in _one_round(group, (*wanted[turn:], *wanted[:turn]), roots, seconds):
                used.setdefault(row, []).append(cpu)
    return used


def _one_round(
    group: str, servers: Sequence[Server], roots: dict[str, Path], turns: int
) -> Iterator[tuple[Row, float]]:
    """The servers wait beside each other and are asked in turn for a second: what slows one down slows down all."""
    with ExitStack() as stack:
        sites = {server.name: stack.enter_context(serving(server, roots)) for server in servers}
        for view in VIEWS[group]:
            samples: dict[str, list[Sample]] = {name: [] for name in sites}
            for turn in range(turns + 1):
                for name, site in sites.items():
                    taken = sample(site.process, f"{site.url}/{view}", 1, {"Accept-Encoding": ACCEPT_ENCODING})
                    samples[name] += [taken] if turn else []  # the first is for warming up
            for name, taken_ones in samples.items():
                used, requests = (
                    sum(each.used for each in taken_ones),
                    sum(each.counted.requests for each in taken_ones),
                )
                yield (group, name, view), used / requests * 1e6


def table(used: dict[Row, list[float]]) -> str:
    """CPU per request and its ratio to that without middleware in the same round, as a Markdown table."""
    lines = ["| server | view | CPU, µs | times that without |", "|---|---|---|---|"]
    for group, servers in GROUPS.items():
        for view in VIEWS[group]:
            without = used[group, "nothing", view]
            for server in servers:
                if values := used.get((group, server.name, view)):
                    ratios = [value / base for value, base in zip(values, without, strict=True)]
                    lines.append(f"| {group}, {server.name} | {view} | {cell(values)} | {cell(ratios, 3)} |")
    return "\n".join(lines)
