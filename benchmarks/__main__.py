"""`python -m benchmarks [WHAT ...] [--rounds N] [--seconds S] [--only TEXT]`: tables in Markdown on standard output.

`serving` also draws its chart for the documentation.
"""

import argparse
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from . import building, crowd, dynamic, instructions, media, publishing, scale, serving, startup, static_tag
from .measure import REPOSITORY, machine

CHART = REPOSITORY / "docs" / "reference" / "serving.svg"


class Asked(NamedTuple):
    folder: Path
    rounds: int | None
    seconds: int
    only: str
    chart: Path
    store: str = ""
    files: int = 0

    def times(self, usual: int = 3) -> int:
        """How many rounds."""
        return self.rounds or usual


def _startup(asked: Asked) -> str:
    return startup.table(startup.measure(asked.folder, asked.times()))


def _serving(asked: Asked) -> str:
    results = serving.measure(asked.folder, asked.times(), asked.seconds, asked.only)
    if not asked.only or asked.chart != CHART:
        asked.chart.write_text(serving.chart(results), encoding="utf-8")
    return serving.tables(results)


def _dynamic(asked: Asked) -> str:
    return dynamic.table(dynamic.measure(asked.folder, asked.times(7), asked.seconds, asked.only))


def _instructions(asked: Asked) -> str:
    return instructions.table(instructions.measure(asked.folder, asked.only))


def _crowd(asked: Asked) -> str:
    return crowd.table(crowd.measure(asked.folder, asked.times(), max(asked.seconds, 5), asked.only))


def _media(asked: Asked) -> str:
    return media.table(media.measure(asked.folder, asked.times(), asked.seconds, asked.only))


def _tag(asked: Asked) -> str:
    return static_tag.table(static_tag.measure(asked.folder, asked.times(7)))


def _build(asked: Asked) -> str:
    results = building.measure(asked.folder, asked.times())
    results["clearway, 20,000 files", "nothing changed"] = building.measure_large(asked.folder, asked.times())
    return building.table(results)


def _publish(asked: Asked) -> str:
    sizes = {files: megabytes for files, megabytes in SITES.items() if asked.files in (0, files)}
    return "\n\n".join(
        f"{store}:\n\n{publishing.table(publishing.measure(asked.folder, asked.times(), store, sizes, asked.only))}"
        for store in publishing.STORES
        if asked.store in ("", store)
    )


def _scale(asked: Asked) -> str:
    return scale.table(*scale.measure(asked.folder, LARGE_SITE, RELEASES))


LARGE_SITE, RELEASES = 2500, 12
SITES = {200: 4.0, 3000: 60.0}  # megabytes by number of files
PROCESSORS = "one processor for the server, one for wrk with 32 connections"
TABLES: Mapping[str, tuple[str, Callable[[Asked], str]]] = {
    "startup": ("Worker start: 20,000 sources, 40,000 URLs, five releases retained", _startup),
    "serving": (f"Files and pages, {PROCESSORS}", _serving),
    "dynamic": (f"A dynamic request with and without Clearway, {PROCESSORS}", _dynamic),
    "instructions": ("The same in instructions, as valgrind counts them (ten minutes)", _instructions),
    "crowd": ("A page while 32 clients pull a stylesheet from the same worker", _crowd),
    "media": ("A file of 60 MB that somebody uploaded, private and public, 4 connections", _media),
    "tag": ("{% static %}: 3,000 names, one process in each round", _tag),
    "build": ("collectstatic: 3,000 files, 60 MB (about eight minutes)", _build),
    "scale": ("The verbs on a store: 2,500 files, twelve releases that change ten each", _scale),
    "publish": ("To an object store: 200 and 3,000 files (with three rounds, about an hour)", _publish),
}
LONG = ("build", "instructions", "publish", "scale")
USUAL = [name for name in TABLES if name not in LONG]
TOGETHER = {"lanes": ["serving", "dynamic", "crowd"]}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    names = f"of {', '.join(TABLES)}; lanes is {', '.join(TOGETHER['lanes'])} (default: all but {', '.join(LONG)})"
    parser.add_argument("what", nargs="*", metavar="WHAT", help=names)
    parser.add_argument("--rounds", type=int, help="interleaved rounds (default: 3; dynamic and tag 7)")
    parser.add_argument("--seconds", type=int, default=3, help="seconds of load per sample (default: 3; crowd 5)")
    parser.add_argument("--only", default="", metavar="TEXT", help="servers whose name contains TEXT")
    parser.add_argument("--chart", type=Path, default=CHART, metavar="FILE", help="default: docs/reference/serving.svg")
    parser.add_argument("--store", default="", choices=publishing.STORES, help="of publish (default: each)")
    parser.add_argument("--files", type=int, default=0, choices=SITES, help="of publish (default: each)")
    options = parser.parse_args()
    wanted = [name for asked in options.what or USUAL for name in TOGETHER.get(asked, [asked])]
    if unknown := [name for name in wanted if name not in TABLES]:
        parser.error(f"no such table: {', '.join(unknown)}")
    with tempfile.TemporaryDirectory() as folder:
        asked = Asked(
            Path(folder), options.rounds, options.seconds, options.only, options.chart, options.store, options.files
        )
        for name in wanted:
            title, table = TABLES[name]
            print(f"{title}\n\n{table(asked)}\n\n{machine()}\n", flush=True)


if __name__ == "__main__":
    main()
