"""Every case: the files to the character, the refusals, and that a second run finds nothing to do."""

from pathlib import Path

import pytest
from tests.init.cases import Case, names, planned, read, write

from clearway.init.plan import Plan

DOUBLE, SINGLE = '"', "'"


def texts(made: Plan, folder: Path) -> dict[str, str]:
    return {edit.path.relative_to(folder).as_posix(): edit.after.decode() for edit in made.edits}


def by_hand(made: Plan, folder: Path) -> list[str]:
    return [
        f"{each.about} {each.path.relative_to(folder).as_posix()}:{each.line} {each.reason}" for each in made.refusals
    ]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path.resolve()


@pytest.mark.parametrize("name", names())
def test_the_files_become_what_is_written_down(name: str, folder: Path) -> None:
    case = read(name)
    write(case.before, folder)
    made, _ = planned(case, folder)
    assert texts(made, folder) == case.after
    assert by_hand(made, folder) == case.by_hand
    assert list(made.notes) == case.notes


@pytest.mark.parametrize("name", names())
def test_a_second_run_changes_nothing_and_leaves_the_same_to_a_person(name: str, folder: Path) -> None:
    case = read(name)
    write(case.before | case.after, folder)
    made, found = planned(case, folder)
    assert texts(made, folder) == {}
    assert [row.partition(" ")[0] for row in by_hand(made, folder)] == [row.partition(" ")[0] for row in case.by_hand]
    if case.settings and name != "refused-not-what-counts" and not name.startswith("bucket"):
        assert {key: found[key] for key in made.wanted} == made.wanted


def other_quotes(text: str) -> str:
    return text.replace(DOUBLE, SINGLE) if SINGLE not in text else text


@pytest.mark.parametrize(
    "habit",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("    ", "\t"),
        lambda text: text.replace("    ", "  "),
        lambda text: "\ufeff" + text,
        lambda text: text + "\n\nNAME = 'Zoë → \N{SNOWMAN}'  # ünïcode\n",
        other_quotes,
    ],
    ids=["CRLF", "tabs", "two-spaces", "BOM", "more-text", "quotes"],
)
@pytest.mark.parametrize("name", [name for name in names() if not name.startswith(("refused", "bucket"))])
def test_the_habits_of_a_file_are_kept(name: str, habit, folder: Path) -> None:  # type: ignore[no-untyped-def]
    case = read(name)
    before = {path: habit(text) if path.endswith(".py") and text else text for path, text in case.before.items()}
    after = {path: habit(text) if before[path] != case.before[path] else text for path, text in case.after.items()}
    write(before, folder)
    made, _ = planned(case, folder)
    assert texts(made, folder) == after


def test_a_setting_that_cannot_be_edited_stops_no_other(folder: Path) -> None:
    case: Case = read("refused-condition")
    assert case.by_hand
    assert '"clearway",' in case.after["shop/settings.py"]
