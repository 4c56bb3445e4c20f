"""`python -m benchmarks [--rounds N] [--seconds S] [--only TEXT]`: tables in Markdown on standard output."""

import argparse
import tempfile
from pathlib import Path

from . import building, serving, startup


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="interleaved rounds (default: 3)")
    parser.add_argument("--seconds", type=int, default=3, help="seconds of load per sample (default: 3)")
    parser.add_argument("--only", default="", metavar="TEXT", help="servers whose name contains TEXT")
    parser.add_argument("--skip-startup", action="store_true")
    parser.add_argument("--build", action="store_true", help="only collectstatic (about six minutes)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if options.build:
            print("collectstatic: 3,000 files, 60 MB\n")
            print(building.table(building.measure(Path(folder), options.rounds)))
            return
        if not options.skip_startup:
            print("Worker start: 20,000 sources, 40,000 URLs, five releases retained\n")
            print(startup.table(startup.measure(Path(folder), options.rounds)), flush=True)
        samples = serving.measure(Path(folder), options.rounds, options.seconds, options.only)
        print("\nCPU microseconds per request, one processor for the server, one for wrk with 32 connections\n")
        print(serving.table(samples))


if __name__ == "__main__":
    main()
