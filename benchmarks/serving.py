"""What a request costs: Clearway's lanes, wrappers and middleware beside nginx, Caddy, granian and their peers.

All servers of a round wait beside each other on one processor and are asked in turn for one target after the other, so
that what slows one down for a while slows down its neighbours.
"""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from . import servers
from .chart import Bars, draw
from .measure import ACCEPT_ENCODING, Sample, ask, cell, load, peak_memory
from .servers import GUNICORN_LANE, UVICORN_LANE, floor, granian, granian_mount, gunicorn, installed, uvicorn
from .stacks import FILM_OCTETS, Server, Site, collect, serving

REFERENCE = "nginx"
_PAGE = frozenset({"page"})
_FILES = frozenset({"css", "css, new connection", "script", "film", "304", "404"})
_ALL_BUT_CSS = (_FILES | _PAGE) - {"css", "css, new connection"}
SERVERS = (
    Server(REFERENCE, "clearway", servers.nginx, _PAGE),
    Server("Caddy", "clearway", servers.caddy, _PAGE),
    Server("the least, Python and epoll", "clearway", floor("epoll"), _ALL_BUT_CSS),
    Server("the least, Python and uvloop", "clearway", floor("uvloop"), _ALL_BUT_CSS),
    Server("gunicorn, Clearway lane", "clearway", gunicorn(worker=GUNICORN_LANE)),
    Server("gunicorn, Clearway wrapper", "clearway", gunicorn("wrapped_wsgi")),
    Server("gunicorn, Clearway middleware", "clearway", gunicorn()),
    Server("gunicorn, WhiteNoise wrapper", "whitenoise", gunicorn("wrapped_wsgi")),
    Server("gunicorn, WhiteNoise middleware", "whitenoise", gunicorn()),
    Server("gunicorn, nothing", "none", gunicorn(), _FILES),
    Server("uvicorn, Clearway lane", "clearway", uvicorn(protocol=UVICORN_LANE)),
    Server("uvicorn, Clearway wrapper", "clearway", uvicorn("wrapped_asgi")),
    Server("uvicorn, Clearway middleware", "clearway", uvicorn()),
    Server("uvicorn, ServeStatic wrapper", "servestatic", uvicorn("wrapped_asgi")),
    Server("uvicorn, ServeStatic middleware", "servestatic", uvicorn()),
    Server("uvicorn, WhiteNoise middleware", "whitenoise", uvicorn()),
    Server("uvicorn, nothing", "none", uvicorn(), _FILES),
    Server("granian, static mount", "clearway", granian_mount(), frozenset({"304"})),
    Server("granian wsgi, Clearway wrapper", "clearway", granian("wsgi", "wrapped_wsgi")),
    Server("granian wsgi, WhiteNoise wrapper", "whitenoise", granian("wsgi", "wrapped_wsgi")),
    Server("granian asgi, Clearway wrapper", "clearway", granian("asgi", "wrapped_asgi")),
    Server("granian asgi, ServeStatic wrapper", "servestatic", granian("asgi", "wrapped_asgi")),
)
PROGRAMS = {REFERENCE: "nginx", "Caddy": "caddy"}  # which need not be there


@dataclass(frozen=True)
class Target:
    """What is asked for, the status of its answer, and the octets for which CPU is counted where that is no request."""

    title: str
    url: Callable[[Site], str]
    fields: Mapping[str, str] = field(default_factory=dict)
    status: int = 200
    octets: int | None = None

    def of(self, sample: Sample) -> float:
        """Microseconds of CPU."""
        return sample.cpu_for(self.octets) if self.octets else sample.cpu

    def rate(self, sample: Sample) -> float:
        """Requests per second; megabytes, where CPU is counted for octets."""
        return sample.speed if self.octets else sample.counted.rate


TARGETS: Mapping[str, Target] = {
    "css": Target("22 KB CSS", lambda site: site.css),
    "css, new connection": Target("new connection", lambda site: site.css, {"Connection": "close"}),
    "script": Target("1 MB JS", lambda site: site.script),
    "film": Target("10 MB", lambda site: site.film, octets=FILM_OCTETS),
    "304": Target("304", lambda site: site.css, status=304),
    "404": Target("404", lambda site: f"{site.url}/static/absent.0123456789ab.css", status=404),
    "page": Target("a page", lambda site: f"{site.url}/hello"),
}


@dataclass
class Results:
    """Samples by server and target, one for each round; the memory of servers before and growth under downloads."""

    samples: dict[tuple[str, str], list[Sample]] = field(default_factory=dict)
    memory: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    sent: dict[str, str] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        return [server.name for server in SERVERS if any(name == server.name for name, _ in self.samples)]

    def values(self, name: str, target: str, of: Callable[[Sample], float]) -> list[float]:
        return [of(sample) for sample in self.samples.get((name, target), [])]


def measure(folder: Path, rounds: int, seconds: int, only: str = "") -> Results:
    """The servers whose name contains `only`, beside the reference."""
    roots, results = collect(folder), Results()
    wanted = [server for server in _here() if only in server.name or server.name == REFERENCE]
    for number in range(rounds):
        turn = number % len(wanted)
        with ExitStack() as stack:
            sites = [(each, stack.enter_context(serving(each, roots))) for each in (*wanted[turn:], *wanted[:turn])]
            for name in TARGETS:
                print(f"serving: round {number + 1} of {rounds}, {name}", file=sys.stderr, flush=True)
                for server, site in sites:
                    if name not in server.lacks:
                        _one_sample(server, site, name, seconds, results)
    return results


def _here() -> Iterator[Server]:
    for server in SERVERS:
        program = PROGRAMS.get(server.name)
        if program is None or installed(program):
            yield server
        else:
            print(f"{program} is not installed: left out", file=sys.stderr)


def _one_sample(server: Server, site: Site, name: str, seconds: int, results: Results) -> None:
    target = TARGETS[name]
    url, fields = target.url(site), _fields(server, site, target)
    with peak_memory(site.process) if target.octets else nullcontext([0.0, 0.0]) as seen:
        length = seconds * 2 if target.octets else seconds
        sample = load(site.process, url, length, fields, failing=target.status >= 400)
    results.samples.setdefault((server.name, name), []).append(sample)
    if target.octets:
        results.memory.setdefault(server.name, []).append((seen[0], seen[1] - seen[0]))
    if name == "css":
        headers = ask(url, fields)[1]
        results.sent[server.name] = f"{headers['Content-Encoding'] or 'identity'} {headers['Content-Length'] or ''}"


def _fields(server: Server, site: Site, target: Target) -> dict[str, str]:
    """What wrk sends. Raises `RuntimeError` when the answer is not as it should be."""
    url, fields = target.url(site), {"Accept-Encoding": ACCEPT_ENCODING, **target.fields}
    if target.status == 304:
        fields["If-None-Match"] = ask(url, fields)[1]["ETag"]
    status, _ = ask(url, fields)
    if status != target.status:
        raise RuntimeError(f"{server.name} answers {target.title} with {status}")
    return fields


# --- tables


def tables(results: Results) -> str:
    """Five tables in Markdown: CPU, the lanes beside nginx, rates, 99th percentiles, memory."""
    parts = (
        ("CPU per request, µs (10 MB: for each download)", _table(results, lambda target: target.of)),
        ("CPU, times that of nginx in the same round", beside(results)),
        ("Requests per second (10 MB: megabytes per second)", _table(results, lambda target: target.rate)),
        ("99th percentile of the latency, ms", _table(results, lambda _: _p99, 1)),
        ("Resident memory of all processes, MB, and what is sent for the CSS", _memory(results)),
    )
    return "\n\n".join(f"{title}\n\n{table}" for title, table in parts if table)


def _p99(sample: Sample) -> float:
    return sample.counted.p99


def _table(results: Results, of: Callable[[Target], Callable[[Sample], float]], digits: int = 0) -> str:
    rows = [
        (name, [cell(results.values(name, key, of(target)), digits) for key, target in TARGETS.items()])
        for name in results.names
    ]
    return _markdown(["server", *(target.title for target in TARGETS.values())], rows)


def beside(results: Results) -> str:
    """CPU of the lanes and of the least as a multiple of the reference's; nothing without a reference."""
    keys = [key for key in TARGETS if (REFERENCE, key) in results.samples]
    names = [name for name in results.names if "lane" in name or "the least" in name]
    rows = [(name, [cell(_ratios(results, name, key), 2) for key in keys]) for name in names]
    return _markdown(["server", *(TARGETS[key].title for key in keys)], rows) if keys and rows else ""


def _ratios(results: Results, name: str, key: str) -> list[float]:
    own, reference = (results.values(each, key, TARGETS[key].of) for each in (name, REFERENCE))
    return [value / base for value, base in zip(own, reference, strict=True)] if own else []


def _memory(results: Results) -> str:
    rows = [
        (name, [cell([before for before, _ in seen]), cell([grown for _, grown in seen], 1), results.sent[name]])
        for name, seen in results.memory.items()
    ]
    return _markdown(["server", "before the downloads", "more with 32 downloads of 10 MB", "CSS"], sorted(rows))


def _markdown(head: Sequence[str], rows: Sequence[tuple[str, Sequence[str]]]) -> str:
    lines = [head, ["---"] * len(head), *([name, *cells] for name, cells in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


# --- the chart


CHARTED = ("css", "css, new connection", "304", "404")


def chart(results: Results) -> str:
    """The medians of CPU as an SVG image."""
    names = [name for name in results.names if "nothing" not in name]
    panels = [
        Bars(TARGETS[key].title, [results.values(name, key, TARGETS[key].of) for name in names]) for key in CHARTED
    ]
    return draw("CPU per request, µs: user and system time of all processes of a server", names, panels, _emphasis)


def _emphasis(name: str) -> str:
    return "lane" if "lane" in name else "own" if "Clearway" in name else "peer"
