"""Each broken project gets its one cause named first; healthy ones get silence."""

from pathlib import Path

import pytest
from tests.doctor.corpus import Examined, cases, examine
from tests.doctor.forks import Forks


@pytest.mark.parametrize("file", cases("broken"), ids=lambda file: file.stem)
def test_the_cause_of_a_broken_project_comes_first(file: Path, place: Path, forks: Forks) -> None:
    done = examine(file, place / "site", forks)
    assert crashed(done) == []
    assert [each["cause"] for each in done.findings[:1]] == [done.case["cause"]], told(done)
    assert done.findings[0]["level"] != "note"
    assert done.code == 1


@pytest.mark.parametrize("file", cases("healthy"), ids=lambda file: file.stem)
def test_a_healthy_project_gets_no_finding(file: Path, place: Path, forks: Forks) -> None:
    done = examine(file, place / "site", forks)
    assert crashed(done) == []
    assert [each for each in told(done) if not each.startswith("note")] == []
    assert done.code == 0


def crashed(done: Examined) -> list[str]:
    return [f"{each['id']} {each['reason']}" for each in done.report["checks"] if each["status"] == "crashed"]


def told(done: Examined) -> list[str]:
    """What was found, for whoever reads a failure."""
    return [
        f"{each['level']} {each['id']} {each['cause']}: {each['message']} {each['evidence']}" for each in done.findings
    ]
