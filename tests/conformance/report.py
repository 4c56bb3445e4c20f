"""The verdicts as a table: text for a terminal of 120 columns, Markdown for the docs, JSON for machines."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from tests.conformance.run import MARKS, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tests.conformance.rows.row import Row

HEADINGS = {
    "clearway-wsgi": "cw wsgi",
    "clearway-asgi": "cw asgi",
    "clearway-middleware": "cw mw",
    "whitenoise": "wnoise",
    "servestatic": "sstatic",
}
REQUIRED = frozenset({"MUST", "SHOULD"})


@dataclass(frozen=True)
class Report:
    """What was found: verdicts by target, and the targets that could not be started."""

    rows: Sequence[Row]
    found: Mapping[str, Sequence[Verdict]]
    not_run: Mapping[str, str]

    def marks(self) -> list[tuple[Row, list[str]]]:
        columns = [[MARKS[verdict.state] for verdict in verdicts] for verdicts in self.found.values()]
        return list(zip(self.rows, map(list, zip(*columns, strict=True)), strict=True)) if columns else []

    def count(self, target: str, forces: frozenset[str]) -> int:
        """How many rows of these forces the target gets wrong."""
        pairs = zip(self.rows, self.found[target], strict=True)
        return sum(verdict.state == "wrong" for row, verdict in pairs if row.force in forces)

    def totals(self) -> list[tuple[str, list[int]]]:
        kinds = (("wrong, MUST and SHOULD", REQUIRED), ("wrong, ADVICE", frozenset({"ADVICE"})))
        return [(title, [self.count(name, forces) for name in self.found]) for title, forces in kinds]

    def details(self) -> list[str]:
        return [
            f"{name}: {verdict.row}: {'; '.join(verdict.complaints)}"
            for name, verdicts in self.found.items()
            for verdict in verdicts
            if verdict.state == "wrong"
        ]


def text(report: Report) -> str:
    heads = [HEADINGS.get(name, name) for name in report.found]
    lines = [line("row", "citation", "force", heads), "-" * len(line("", "", "", heads))]
    lines += [line(row.id, row.cite, row.force, marks) for row, marks in report.marks()]
    lines += ["", *(line(title, "", "", list(map(str, counts))) for title, counts in report.totals()), ""]
    lines += [f"{len(report.rows)} rows"]
    lines += [clip(detail) for detail in report.details()]
    lines += [clip(f"{name}: not run: {last_line(reason)}") for name, reason in report.not_run.items()]
    return "\n".join(lines) + "\n"


def line(name: str, cite: str, force: str, cells: Sequence[str]) -> str:
    return f"{name:<31}{cite:<21}{force:<8}" + "".join(f"{cell:<9}" for cell in cells).rstrip()


def last_line(reason: str) -> str:
    return (reason.strip() or "it said nothing").splitlines()[-1]


def clip(detail: str, width: int = 118) -> str:
    return detail if len(detail) <= width else detail[: width - 1] + "…"


def markdown(report: Report) -> str:
    heads = ["row", "citation", "force", "rule", *report.found]
    table = [[row.id, row.cite, row.force, row.rule, *marks] for row, marks in report.marks()]
    table += [[f"**{title}**", "", "", "", *map(str, counts)] for title, counts in report.totals()]
    return "\n".join(map(cells, [heads, ["---"] * len(heads), *table])) + "\n"


def cells(values: Sequence[str]) -> str:
    return "| " + " | ".join(value.replace("|", "\\|") for value in values) + " |"


def as_json(report: Report) -> str:
    rows = [{"id": row.id, "cite": row.cite, "force": row.force, "rule": row.rule} for row in report.rows]
    found = {name: [asdict(verdict) for verdict in verdicts] for name, verdicts in report.found.items()}
    document = {"schema": 1, "rows": rows, "verdicts": found, "not_run": dict(report.not_run)}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


FORMATS: Mapping[str, Callable[[Report], str]] = {"text": text, "json": as_json, "markdown": markdown}
