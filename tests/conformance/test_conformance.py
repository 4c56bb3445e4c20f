"""The table is sound, no row is idle, and Clearway keeps every row."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.conformance.broken import serving
from tests.conformance.faults import FAULTS
from tests.conformance.report import FORMATS, Report
from tests.conformance.rows import ROWS
from tests.conformance.run import Verdict, judge, run
from tests.conformance.site import make_site
from tests.conformance.targets import TARGETS, Target

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conformance.broken import Broken
    from tests.conformance.rows.row import Row

HERE = Path(__file__).parent
CITATION = re.compile(r"RFC \d{4} §\d+(\.\d+)*")
OURS = [target for target in TARGETS if target.ours]


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broken]:
    with serving(make_site(tmp_path_factory.mktemp("broken"))) as server:
        yield server


def imported(path: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return names | {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}


def allowed(name: str) -> bool:
    local = name.startswith("tests.conformance.rows") or name == "tests.conformance.wire"
    return local or name.partition(".")[0] in sys.stdlib_module_names


def test_there_are_many_rows() -> None:
    assert len(ROWS) >= 70


def test_row_ids_are_unique_and_kebab_case() -> None:
    ids = [row.id for row in ROWS]
    assert len(set(ids)) == len(ids)
    assert [name for name in ids if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)] == []


def test_every_row_cites_a_paragraph_and_states_its_rule() -> None:
    assert [row.id for row in ROWS if not CITATION.fullmatch(row.cite) or not row.rule.endswith(".")] == []


def test_every_row_has_its_fault_and_every_fault_its_row() -> None:
    assert set(FAULTS) == {row.id for row in ROWS}


@pytest.mark.parametrize("path", sorted(HERE.glob("rows/*.py")), ids=lambda path: path.name)
def test_rows_import_nothing_but_the_standard_library_and_the_wire(path: Path) -> None:
    assert {name for name in imported(path) if not allowed(name)} == set()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_row_fails_on_the_broken_server(row: Row, broken: Broken) -> None:
    verdict = judge(row, broken.place(row.id))
    assert verdict.state == "wrong"
    assert not [complaint for complaint in verdict.complaints if complaint.startswith("NoAnswerError")]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_row_holds_where_nothing_is_broken(row: Row, broken: Broken) -> None:
    assert judge(row, broken.place("none")) == Verdict(row.id, "ok")


@pytest.mark.parametrize("form", FORMATS)
def test_report_names_every_row(form: str) -> None:
    verdicts = [Verdict(row.id, "wrong", ("why",)) for row in ROWS]
    shown = FORMATS[form](Report(ROWS, {"nginx": verdicts}, {}))
    assert [row.id for row in ROWS if row.id not in shown] == []


def test_text_report_fits_120_columns() -> None:
    verdicts = [Verdict(row.id, "wrong", ("why " * 60,)) for row in ROWS]
    shown = FORMATS["text"](Report(ROWS, {target.name: verdicts for target in TARGETS}, {}))
    assert max(map(len, shown.splitlines())) <= 120


@pytest.mark.system
@pytest.mark.parametrize("target", OURS, ids=lambda target: target.name)
def test_clearway_keeps_every_row(target: Target, tmp_path: Path) -> None:
    with target.running(make_site(tmp_path)) as place:
        verdicts = run(ROWS, lambda _row: place)
    failures = [f"{v.row}: {v.state} {'; '.join(v.complaints)}" for v in verdicts if v.state != "ok"]
    assert not failures, "\n".join(failures)
