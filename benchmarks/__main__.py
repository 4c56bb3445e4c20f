"""`python -m benchmarks [WHAT ...] [--rounds N] [--seconds S] [--only TEXT]`: tables in Markdown on standard output."""

import argparse
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from . import building, downloads, dynamic, granian, serving, startup, static_tag
from .measure import machine


class Asked(NamedTuple):
    folder: Path
    rounds: int | None
    seconds: int
    only: str

    def times(self, usual: int = 3) -> int:
        """How many rounds."""
        return self.rounds or usual


def _startup(asked: Asked) -> str:
    return startup.table(startup.measure(asked.folder, asked.times()))


def _serving(asked: Asked) -> str:
    return serving.table(serving.measure(asked.folder, asked.times(), asked.seconds, asked.only))


def _dynamic(asked: Asked) -> str:
    return dynamic.table(dynamic.measure(asked.folder, asked.times(7), asked.seconds, asked.only))


def _downloads(asked: Asked) -> str:
    return downloads.table(downloads.measure(asked.folder, asked.times(), max(asked.seconds, 5), asked.only))


def _granian(asked: Asked) -> str:
    return granian.table(granian.measure(asked.folder, asked.times(), asked.seconds, asked.only))


def _tag(asked: Asked) -> str:
    return static_tag.table(static_tag.measure(asked.folder, asked.times(7)))


def _build(asked: Asked) -> str:
    results = building.measure(asked.folder, asked.times())
    results["clearway, 20,000 files", "nothing changed"] = building.measure_large(asked.folder, asked.times())
    return building.table(results)


PROCESSORS = "one processor for the server, one for wrk with 32 connections"
TABLES: Mapping[str, tuple[str, Callable[[Asked], str]]] = {
    "startup": ("Worker start: 20,000 sources, 40,000 URLs, five releases retained", _startup),
    "serving": (f"CPU microseconds per request, {PROCESSORS}", _serving),
    "dynamic": (f"A dynamic request with and without the middleware, {PROCESSORS}", _dynamic),
    "downloads": (f"10 MB under uvicorn, {PROCESSORS}", _downloads),
    "granian": (f"granian, {PROCESSORS}", _granian),
    "tag": ("{% static %}: 3,000 names, one process in each round", _tag),
    "build": ("collectstatic: 3,000 files, 60 MB (about eight minutes)", _build),
}
USUAL = [name for name in TABLES if name != "build"]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("what", nargs="*", metavar="WHAT", help=f"of {', '.join(TABLES)} (default: all but build)")
    parser.add_argument("--rounds", type=int, help="interleaved rounds (default: 3; dynamic and tag 7)")
    parser.add_argument("--seconds", type=int, default=3, help="seconds of load per sample (default: 3; downloads 5)")
    parser.add_argument("--only", default="", metavar="TEXT", help="servers whose name contains TEXT")
    options = parser.parse_args()
    if unknown := [name for name in options.what if name not in TABLES]:
        parser.error(f"no such table: {', '.join(unknown)}")
    with tempfile.TemporaryDirectory() as folder:
        asked = Asked(Path(folder), options.rounds, options.seconds, options.only)
        for name in options.what or USUAL:
            title, table = TABLES[name]
            print(f"{title}\n\n{table(asked)}\n\n{machine()}\n", flush=True)


if __name__ == "__main__":
    main()
