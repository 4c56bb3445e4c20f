"""python -m tests.conformance [--only TARGET ...] [--row ID ...] [--format text|json|markdown]

Exit code 0: every Clearway row is right. 1: one is wrong. 2: a server could not be run.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.conformance.report import FORMATS, Report
from tests.conformance.rows import ROWS
from tests.conformance.run import Verdict, run
from tests.conformance.site import make_site
from tests.conformance.targets import TARGETS, NotStartedError, Target
from tests.conformance.wire import UnreachableError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.conformance.rows.row import Row
    from tests.conformance.site import Site


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.conformance", description="HTTP conformance, row by row.")
    parser.add_argument("--only", nargs="+", metavar="TARGET", choices=[target.name for target in TARGETS])
    parser.add_argument("--row", nargs="+", metavar="ID", choices=[row.id for row in ROWS])
    parser.add_argument("--format", choices=FORMATS, default="text")
    return parser.parse_args(argv)


def examine(targets: Sequence[Target], rows: Sequence[Row], site: Site) -> Report:
    found: dict[str, list[Verdict]] = {}
    not_run: dict[str, str] = {}
    for target in targets:
        try:
            with target.running(site) as place:
                found[target.name] = run(rows, lambda _row, here=place: here)  # type: ignore[misc]
        except (NotStartedError, UnreachableError, OSError) as error:
            not_run[target.name] = str(error)
    return Report(rows, found, not_run)


def exit_code(report: Report, targets: Sequence[Target]) -> int:
    if report.not_run:
        return 2
    ours = [target.name for target in targets if target.ours]
    states = {verdict.state for name in ours for verdict in report.found[name]}
    return int(not states <= {"ok", "n/a"})


def main(argv: Sequence[str] | None = None) -> int:
    chosen = arguments(argv)
    targets = [target for target in TARGETS if chosen.only is None or target.name in chosen.only]
    rows = [row for row in ROWS if chosen.row is None or row.id in chosen.row]
    with tempfile.TemporaryDirectory(prefix="conformance-") as home:
        report = examine(targets, rows, make_site(Path(home)))
    sys.stdout.write(FORMATS[chosen.format](report))
    return exit_code(report, targets)


if __name__ == "__main__":
    sys.exit(main())
