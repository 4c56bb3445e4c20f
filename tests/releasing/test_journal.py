"""What is written down of a release, and what is read of it."""

import json
from pathlib import Path

import pytest

from clearway.releasing.journal import FOLDER, Journal
from clearway.releasing.state import State

FULL = State(7, "a" * 16, "b" * 16, "c" * 16, "d" * 16, ["check", "collect"], is_rolling_back=True)


def test_it_reads_what_it_wrote(tmp_path: Path) -> None:
    Journal(tmp_path).write(FULL)
    assert Journal(tmp_path).read() == FULL
    Journal(tmp_path).remove()
    assert Journal(tmp_path).read() is None


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", "null", json.dumps(FULL.to_json() | {"reached": 3})])
def test_a_damaged_one_says_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "journal.json").write_text(text, encoding="ascii")
    assert Journal(tmp_path).read() is None


def test_it_has_ids_and_names_of_steps_and_nothing_of_the_project(tmp_path: Path) -> None:
    """The folder may be public."""
    Journal(tmp_path).write(FULL)
    found = json.loads((tmp_path / FOLDER / "journal.json").read_text("ascii"))
    known = {"schema", "started", "previous", "new", "there", "published", "reached", "is_rolling_back", "is_resumed"}
    assert found.keys() == known
