"""What the verbs cost on a store for a large site with many releases: the constants of `docs/reference/scale.md`.

One site of 2,500 files, which are 10,000 objects with their variants; each release changes ten of them.
"""

import json
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .measure import BIN, cell, used
from .publishing import PUBLISHERS, STORES, Run, Site, make_tree

TARGET = "s3://bench/static"
_CHANGED = 10  # files, in each release


@dataclass(frozen=True)
class Cost:
    """One run of a verb: seconds of wall and of CPU, peak memory in MB, requests by kind."""

    verb: str
    wall: float
    cpu: float
    memory: float
    requests: Mapping[str, int]


def measure(folder: Path, files: int, releases: int) -> tuple[list[Cost], Mapping[str, float]]:
    """Costs in the order of the runs, and sizes (octets) of what the releases keep of themselves."""
    source, root = folder / "source", folder / "root"
    make_tree(source, files, files / 50)
    root.mkdir()
    with STORES["Ceph"]() as store:
        store.make("bench")
        site = Site("clearway", {**PUBLISHERS["clearway"], "BENCH_LEVELS": "fast"}, source, root, store)
        costs = [_cost("publish, first", site.run())]
        for number in range(1, releases):
            _change(source, number)
            costs.append(_cost("publish, ten files changed", site.run()))
        costs.append(_cost("publish, nothing changed", site.run()))
        costs += [_verb(site, *words) for words in _VERBS]
    return costs, _sizes(root)


_OLD = ("--retain", "5", "--retain-days", "0")
_VERBS: Sequence[tuple[str, ...]] = (
    ("releases",),
    ("rollback",),
    ("prune", *_OLD),
    ("prune", "--grace", "0", *_OLD),
    ("verify",),
)


def _cost(verb: str, run: Run) -> Cost:
    return Cost(verb, run.publishing, run.cpu, run.memory, run.requests)


def _verb(site: Site, verb: str, *words: str) -> Cost:
    site.store.counts()
    found = used([str(BIN / "clearway"), verb, "--target", TARGET, *words], site.environ())
    return Cost(" ".join((verb, *words)), found.wall, found.cpu, found.memory, site.store.counts())


def _change(source: Path, number: int) -> None:
    leaves = sorted(source.rglob("*.svg"))
    for path in leaves[number * _CHANGED : (number + 1) * _CHANGED]:
        path.write_text(path.read_text("utf-8").replace("</svg>", f"<!-- {number} --></svg>"), "utf-8")


def _sizes(root: Path) -> Mapping[str, float]:
    records = root / ".clearway"
    read = json.loads(next((records / "releases").iterdir()).read_bytes())
    each = {
        folder: [path.stat().st_size for path in (records / folder).iterdir()] for folder in ("releases", "catalogs")
    }
    history = (records / "history.json").stat().st_size / len(each["releases"])
    return {
        "assets": len(read["assets"]),
        "record": statistics.median(each["releases"]),
        "index": max(each["catalogs"]),
        "history, each release": history,
    }


def table(costs: Sequence[Cost], sizes: Mapping[str, float]) -> str:
    """As Markdown; runs of the same verb are one row, median (minimum–maximum)."""
    lines = ["| verb | requests | of them | wall, s | peak, MB |", "|---|---|---|---|---|"]
    for verb, runs in _by_verb(costs):
        kinds = ", ".join(f"{count:,} {kind}" for kind, count in sorted(runs[-1].requests.items()))
        asked = statistics.median(sum(run.requests.values()) for run in runs)
        memory = max(run.memory for run in runs)
        lines.append(f"| `{verb}` | {asked:,.0f} | {kinds} | {cell([run.wall for run in runs], 2)} | {memory:.0f} |")
    return "\n".join([*lines, "", *(f"- {name}: {value:,.0f}" for name, value in sizes.items())])


def _by_verb(costs: Sequence[Cost]) -> Iterator[tuple[str, list[Cost]]]:
    for verb in dict.fromkeys(each.verb for each in costs):
        yield verb, [each for each in costs if each.verb == verb]
