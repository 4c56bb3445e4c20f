"""A report for programs: JSON, SARIF, annotations."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.doctor.reports import HEALTHY, everything

from clearway.doctor.registry import all_checks
from clearway.doctor.rendering.data import data
from clearway.doctor.rendering.github import github
from clearway.doctor.rendering.sarif import sarif


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_json_has_all_that_was_found_and_asked(tmp_path: Path) -> None:
    told = json.loads(json.dumps(data(everything(tmp_path))))
    assert told["summary"] == {"error": 2, "warning": 1, "note": 1, "passed": 1, "skipped": 2, "crashed": 1}
    assert [each["id"] for each in told["findings"]] == ["CW236", "CW235", "CW241", "CW999"]
    first = told["findings"][0]
    assert set(first) == {
        *("id", "name", "cause", "level", "message", "evidence", "location", "effect", "fix", "consequences"),
    }
    assert first["location"] == {"file": f"{tmp_path}/shop/page.html", "line": 3}
    assert set(first["fix"]) == {"summary", "safety", "diff", "commands"}
    assert first["consequences"] == ["CW235"]
    assert told["findings"][1]["location"] is None
    assert told["checks"][-1] == {"id": "CW503", "status": "crashed", "reason": "KeyError: 'x'"}
    assert told["about"][-1] == "DEBUG is on"


def test_json_of_a_healthy_project() -> None:
    told = data(HEALTHY)
    assert told["findings"] == []
    assert told["summary"]["passed"] == 1


# --- SARIF 2.1.0 (OASIS), the properties that its schema requires and the values it allows


def run(report: Any) -> dict[str, Any]:
    log = json.loads(sarif(report))
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-2.1.0.json")
    (found,) = log["runs"]
    return dict(found)


def test_sarif_has_a_rule_for_every_check(tmp_path: Path) -> None:
    rules = run(everything(tmp_path))["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [check.rule.id for check in all_checks()]
    for rule, check in zip(rules, all_checks(), strict=True):
        assert rule["name"] == check.rule.name
        assert rule["defaultConfiguration"]["level"] in {"error", "warning", "note"}
        assert rule["shortDescription"]["text"]
        assert rule["help"]["text"] == check.page


def test_every_result_of_sarif_has_what_code_scanning_needs(tmp_path: Path) -> None:
    results = run(everything(tmp_path))["results"]
    assert [each["ruleId"] for each in results] == ["CW236", "CW235", "CW241", "CW999"]
    for each in results:
        assert each["level"] in {"error", "warning", "note"}
        assert each["message"]["text"]
        ((place,),) = ([location["physicalLocation"] for location in each["locations"]],)
        assert place["region"]["startLine"] >= 1
        assert not place["artifactLocation"]["uri"].startswith(("/", ".."))
        assert len(each["partialFingerprints"]["clearway/v1"]) == 32


def test_what_lies_outside_is_pinned_to_manage_py(tmp_path: Path) -> None:
    uris = [
        each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for each in run(everything(tmp_path))["results"]
    ]
    assert uris == ["shop/page.html", "manage.py", "manage.py", "manage.py"]


def test_fingerprints_do_not_move_with_the_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def prints(here: Path) -> list[str]:
        here.mkdir()
        monkeypatch.chdir(here)
        return [each["partialFingerprints"]["clearway/v1"] for each in run(everything(here))["results"]]

    assert prints(tmp_path / "a") == prints(tmp_path / "b")


def test_sarif_of_a_healthy_project_has_no_results() -> None:
    assert run(HEALTHY)["results"] == []


# --- annotations


def test_annotations_escape_what_ends_them(tmp_path: Path) -> None:
    first, _, outside, note = github(everything(tmp_path)).splitlines()
    assert first.startswith("::error file=shop/page.html,line=3,title=CW236 name-in-other-case::")
    assert "50%25 of what is" in first
    assert first.endswith("%0AFix: write 'img/Logo.PNG'")
    assert outside.startswith("::warning title=CW241 plain-names-cached-long::")
    assert note.startswith("::notice title=")


def test_a_healthy_project_is_not_annotated() -> None:
    assert github(HEALTHY) == ""
