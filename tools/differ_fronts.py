"""Our routes beside the real server's: `python -m tools.differ_fronts FRONT --seed 1 --cases 20000 [--seconds S]`.

Each difference is made as small as it can be and printed with its configuration. A case is a configuration with its
files and four requests. Exit codes: 0 no difference, 1 a difference, 2 could not run.
"""

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, fields, replace
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path

from clearway.fronts.files import WorkerFiles
from clearway.fronts.nginx.reading import read
from clearway.fronts.nginx.routing import route, route_accelerated
from clearway.fronts.nginx.versions import Version
from clearway.fronts.road import Outcome, Road, Visit
from tools import front_cases, front_features, front_nginx
from tools.front_asking import NOT_ASKED
from tools.front_bench import Bench, PlacedCase, Server
from tools.front_case import Case, snippets, text, written
from tools.front_nginx import Nginx, NginxError
from tools.front_shrinking import shrunk
from tools.front_upstream import TYPE, accelerated
from tools.front_verdicts import Difference, Verdict, is_content, verdict, visit

_AT_ONCE = 200
_MEMORY = "/dev/shm"  # most of the time is the making of files


@dataclass
class Tally:
    cases: int = 0
    requests: int = 0
    unasked: int = 0  # nobody listened
    refused: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    features: Counter[str] = field(default_factory=Counter)
    met: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    differing: int = 0
    failures: dict[tuple[object, ...], str] = field(default_factory=dict)
    spent: Counter[str] = field(default_factory=Counter)  # milliseconds

    def add(self, other: "Tally") -> None:
        """What another part of the cases has given."""
        self.failures |= other.failures
        for each in fields(self):
            if each.name != "failures":
                setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))


def nginx_router(main: Path, home: Path, version: Version) -> Callable[[Visit], Road]:
    """Of one configuration, for the worker that nginx runs as here."""
    configuration = read(str(main), prefix=str(home), version=version)
    files = WorkerFiles(front_nginx.worker())

    def routed(visit: Visit) -> Road:
        road = route(configuration, visit, files)
        if target := accelerated(road.outcome.upstream or ""):
            road = route_accelerated(configuration, visit, target, files, TYPE)
            if accelerated(road.outcome.upstream or ""):
                return replace(road, outcome=Outcome("nginx", unknown="The upstream hands on again and again."))
        return road

    return routed


def _shown(placed: PlacedCase) -> list[str]:
    case, place = placed.case, placed.place
    parts = [f"# frame\n{text(written(case.frame, place))}# site\n{text(written(case.nodes, place))}"]
    return parts + [f"# {path.relative_to(place.home)}\n{text(lines)}" for path, lines in snippets(case.nodes, place)]


def _logged(home: Path, placed: PlacedCase) -> list[str]:
    log = home / "error.log"  # a shrunk configuration may write another one
    lines = log.read_text("utf-8", "replace").splitlines() if log.exists() else []
    return [line for line in lines if f"c{placed.place.number}/" in line][-2:]


def nginx_bench(server: str) -> Bench:
    """Of the nginx that a program is; empty where there is none."""
    version = front_nginx.version(server) if server else ()
    return Bench(
        "nginx",
        lambda: bool(server),
        lambda home: Nginx(home, server),
        front_cases.cases,
        lambda main, home: nginx_router(main, home, version),
        front_features.features,
        front_features.label,
        lambda told: told.partition("] ")[2].partition(" in /")[0][-70:],
        _shown,
        _logged,
        (NginxError,),
        frozenset({"server", "listen", "server_name"}),
    )


def bench(name: str, server: str = "") -> Bench:
    """Of a front. The others than nginx have theirs in modules of their own, and only the server of this machine."""
    if name == "nginx":
        return nginx_bench(server or front_nginx.program() or "")
    found: Bench = import_module(f"tools.front_{name}_bench").BENCH
    return found


@dataclass(frozen=True)
class Plan:
    """As many cases of a seed, within a time, until enough failures of different kinds were found; among `jobs`."""

    front: str
    seed: int
    cases: int
    seconds: float
    failures: int = 10
    shrinks: bool = True
    jobs: int = 1
    server: str = ""


def run(plan: Plan) -> Tally:
    """All jobs."""
    if plan.jobs == 1:
        return part(plan, 0)
    tally = Tally()
    with ProcessPoolExecutor(plan.jobs, get_context("spawn")) as pool:
        for each in pool.map(part, [plan] * plan.jobs, range(plan.jobs)):
            tally.add(each)
    return tally


def part(plan: Plan, job: int) -> Tally:
    """Every so many batches of the cases."""
    os.umask(0o022)
    own = bench(plan.front, plan.server)
    tally, end, first = Tally(), time.monotonic() + plan.seconds, job * _AT_ONCE
    memory = _MEMORY if Path(_MEMORY).is_dir() and os.access(_MEMORY, os.W_OK) else None
    with (
        tempfile.TemporaryDirectory(prefix="clearway-fronts-", dir=memory) as name,
        own.opened(Path(name).resolve()) as server,
    ):
        while first < plan.cases and time.monotonic() < end and len(tally.failures) < plan.failures:
            cases = own.cases(plan.seed, first, min(_AT_ONCE, plan.cases - first))
            for found in _compare(own, server, cases, tally):
                _take(own, server, found, tally, plan)
            first += plan.jobs * _AT_ONCE
    return tally


def _compare(own: Bench, server: Server, cases: Sequence[Case], tally: Tally) -> list[Verdict]:
    """Those that differ."""
    start = time.perf_counter()
    with server.answered(cases) as placed:
        answered = time.perf_counter()
        verdicts = [verdict(each, own.router) for each in placed if not each.refused]
        tally.spent["router"] += round(1000 * (time.perf_counter() - answered))
        for each in placed:
            _count(own, each, tally)
        for found, each in zip(verdicts, [each for each in placed if not each.refused], strict=True):
            _met(own, found, each, tally)
    tally.spent["server"] += round(1000 * (answered - start))
    return [each for each in verdicts if each.differences]


def _count(own: Bench, placed: PlacedCase, tally: Tally) -> None:
    tally.cases += 1
    tally.features.update(own.features(placed.case))
    if placed.refused:
        tally.refused[own.refusal(placed.refused)] += 1
        return
    for answer in placed.answers:
        if answer.status == NOT_ASKED:
            tally.unasked += 1
            continue
        tally.requests += 1
        what = "upstream" if "x-upstream" in answer.headers else "a file" if is_content(answer.body) else own.name
        tally.statuses[f"{answer.status} by {what}"] += 1


def _met(own: Bench, found: Verdict, placed: PlacedCase, tally: Tally) -> None:
    tally.unknown.update(found.unknown)
    lines = placed.lines()
    tally.met.update({own.label(lines[place]) for place in found.met if place in lines})


def _take(own: Bench, server: Server, found: Verdict, tally: Tally, plan: Plan) -> None:
    """Make one failure small and keep it, unless one of its kind is kept already."""
    tally.differing += 1
    for difference in found.differences:
        if len(tally.failures) >= plan.failures:
            return
        aspect = next(iter(difference.told))
        case = replace(found.case, requests=(found.case.requests[difference.number],))

        def still(cases: Sequence[Case], aspect: str = aspect) -> list[bool]:
            return [each is not None and aspect in each.told for each in _judged(own, server, cases)]

        if plan.shrinks and still([case])[0]:
            case = shrunk(case, still)
        told = _judged(own, server, [case])[0] or difference
        tally.failures.setdefault(_kind(own, case, aspect), _told(own, server, case, told))


def _judged(own: Bench, server: Server, cases: Sequence[Case]) -> list[Difference | None]:
    with server.answered(cases) as placed:
        verdicts = [None if each.refused else verdict(each, own.router) for each in placed]
    return [each.differences[0] if each and each.differences else None for each in verdicts]


def _kind(own: Bench, case: Case, aspect: str) -> tuple[object, ...]:
    """Failures of one kind have the same directives at the same places."""
    found = {each for each in own.features(case) if not each.startswith(("servers:", "request "))}
    nodes = (each for node in (*case.frame, *case.nodes) for each in node.walk())
    return aspect, *sorted(found | {each.name for each in nodes if each.name not in own.everywhere})


def _told(own: Bench, server: Server, case: Case, difference: Difference) -> str:
    """A failure for the reader."""
    with server.answered([case]) as (placed,):
        place = placed.place
        parts, logged = own.shown(placed), own.logged(server.home, placed)
        road = own.router(placed.main, place.home)
        request = case.requests[0]
        try:
            steps = [f"{each.layer}: {each.decision}" for each in road(visit(request, place)).steps]
        except Exception as error:
            steps = [repr(error)]
    files = [
        f"{each.path} {each.target or oct(each.mode)} {each.owner} {' '.join(map(str, each.rules))}"
        for each in case.entries
    ]
    told = [f"{aspect}: {words}" for aspect, words in difference.told.items()]
    body = difference.answer.body[:80]
    return "\n".join(
        [
            f"## {case.name}: {next(iter(difference.told))}",
            f"```{own.name}",
            *parts,
            "```",
            f"files: {files}",
            f"request: {request}",
            *told,
            f"answer: {difference.answer.status} {dict(difference.answer.headers)} {body!r}",
            f"outcome: {difference.outcome}",
            *(f"  step {each}" for each in steps),
            *(f"  log {each}" for each in logged),
            "",
        ]
    )


def report(tally: Tally) -> str:
    """Figures, then the histogram."""
    taken = tally.cases - tally.refused.total()
    unknown = tally.unknown.total()
    share = 100 * unknown / max(tally.requests, 1)
    lines = [f"  {100 * count / max(tally.cases, 1):5.1f} % {name}" for name, count in sorted(tally.features.items())]
    lines += ["met on the road of so many cases:"]
    lines += [f"  {100 * count / max(taken, 1):5.1f} % {name}" for name, count in sorted(tally.met.items())]
    lines += ["answers:"]
    lines += [
        f"  {100 * count / max(tally.requests, 1):5.1f} % {name}" for name, count in tally.statuses.most_common(20)
    ]
    lines += [f"refused: {count} {name}" for name, count in tally.refused.most_common(12)]
    lines += [f"unknown: {count} {name}" for name, count in tally.unknown.most_common(20)]
    spent = ", ".join(f"{name} {spent / 1000:.1f} s" for name, spent in tally.spent.items())
    lines += [
        f"{tally.cases} cases ({tally.refused.total()} refused), {tally.requests} requests, {spent}",
        f"{tally.unasked} requests found nobody",
        f"{tally.differing} cases differ, {len(tally.failures)} kinds; {unknown} unknown ({share:.2f} %)",
    ]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.differ_fronts", description=__doc__)
    parser.add_argument("front", choices=["nginx", "caddy", "apache"])
    parser.add_argument("--seed", type=int, default=int(os.environ.get("SEED") or 1))
    parser.add_argument("--cases", type=int, default=20000)
    parser.add_argument("--seconds", type=float, default=float(os.environ.get("SECONDS") or 3600))
    parser.add_argument("--failures", type=int, default=10, help="stop after so many kinds")
    parser.add_argument("--no-shrinking", action="store_true")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--server", default="", metavar="PROGRAM", help="another nginx than that of this machine")
    given = parser.parse_args(arguments)
    own = bench(given.front, given.server)
    if not own.is_there():
        print(f"needs {own.name}", file=sys.stderr)
        return 2
    bounds = (given.front, given.seed, given.cases, given.seconds, given.failures)
    plan = Plan(*bounds, not given.no_shrinking, given.jobs, given.server)
    try:
        tally = run(plan)
    except own.trouble as error:
        print(f"could not run: {error}", file=sys.stderr)
        return 2
    print("\n".join(tally.failures.values()))
    print(report(tally), flush=True)
    return 1 if tally.differing else 0


if __name__ == "__main__":
    sys.exit(main())
