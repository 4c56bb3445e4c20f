"""`clearway media` from the command line: exit codes, formats, streams, and what stands before an action."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import override_settings
from tests.media.order.conftest import files, media
from tests.media.order.shelf.models import Book

from clearway.cli import main
from clearway.media_arguments import age

__all__ = ["media"]
ACTIONS = ("quarantine", "held", "restore --all", "discard x", "purge", "modes", "move spare")


@pytest.fixture
def root(media: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """One file that a row names, one that none names, one row without a file; an empty storage `spare`."""
    monkeypatch.chdir(tmp_path)
    for name in ("named.txt", "orphan.txt"):
        (media / name).write_bytes(b"content")
        (media / name).chmod(0o644)
    for name in ("named.txt", "gone.txt"):
        Book(cover=name).save()
    spare = {"BACKEND": "clearway.media.MediaStorage", "OPTIONS": {"location": tmp_path / "spare"}}
    inner = {"BACKEND": "clearway.media.MediaStorage", "OPTIONS": {"location": media / "inner"}}
    with override_settings(STORAGES={**storages.backends, "spare": spare, "inner": inner}):
        yield media


def run(words: str) -> int:
    return main(["media", *words.split()])


def read(capsys: pytest.CaptureFixture[str], words: str) -> Any:
    run(f"{words} --format json")
    out, _ = capsys.readouterr()
    return json.loads(out)


def test_the_report_says_what_is_wrong(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--older-than 0") == 1
    out, err = capsys.readouterr()
    assert "1 orphan, 7 B: files that no row names\n  default  orphan.txt  7 B" in out
    assert "1 row whose file is missing\n  shelf.Book 2 cover  'gone.txt'" in out
    assert "default: 2 files, 2 rows" in out
    assert not err
    assert "\033" not in out


def test_the_report_as_data(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = read(capsys, "--older-than 0")
    assert (found["schema"], found["storages"], found["files"], found["rows"]) == (1, ["default"], 2, 2)
    assert [each["name"] for each in found["orphans"]] == ["orphan.txt"]
    assert found["missing"] == [
        {"storage": "default", "model": "shelf.Book", "field": "cover", "pk": "2", "database": "default",
         "name": "gone.txt"}
    ]  # fmt: skip
    empty = ("rows_of_held_files", "odd", "modes", "types", "not_examined")
    assert all(found[key] == [] for key in empty)


def test_a_site_in_order_is_clean(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Book.objects.filter(cover="gone.txt").delete()
    (root / "orphan.txt").unlink()
    assert run("") == 0
    assert capsys.readouterr().out == "default: 2 files, 1 row: all in order\n".replace("2 files", "1 file")


@pytest.mark.parametrize("words", ACTIONS)
def test_every_action_says_its_result_as_data(root: Path, capsys: pytest.CaptureFixture[str], words: str) -> None:
    found = read(capsys, words)
    assert found["schema"] == 1
    assert {"files", "not_examined"} <= set(found)


@pytest.mark.parametrize("words", [each for each in ACTIONS if "restore" not in each])
def test_without_apply_nothing_is_changed(root: Path, words: str) -> None:
    run(f"{words} {'--older-than 0' if words in ('quarantine', 'purge') else ''}")
    assert files(root) == {"named.txt", "orphan.txt"}
    assert not (root / ".clearway-quarantine").exists()
    assert not (root.parent / "spare").exists()


def test_the_whole_way_of_an_orphan(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("quarantine --older-than 0") == 1
    assert run("quarantine --older-than 0 --apply") == 0
    assert files(root) == {"named.txt"}
    assert run("quarantine --older-than 0 --apply") == 0
    assert run("held") == 0
    assert "orphan.txt  orphan" in capsys.readouterr().out
    assert run("restore orphan.txt") == 0
    assert files(root) == {"named.txt", "orphan.txt"}
    assert run("restore nothing.txt") == 1
    assert run("quarantine --older-than 0 --apply") == 0
    assert run("purge --apply") == 0
    assert run("discard orphan.txt") == 1
    assert run("discard orphan.txt --apply") == 0
    assert run("held") == 0
    assert capsys.readouterr().out.endswith("nothing is in quarantine\n")


def test_a_move(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("move spare") == 1
    assert run("move spare --apply --jobs 2") == 0
    assert files(tmp_path / "spare") == {"named.txt", "orphan.txt"} == files(root)
    assert (tmp_path / "default-to-spare.jsonl").exists()
    assert run("move spare") == 0
    assert capsys.readouterr().out.endswith("nothing to do\n")


def test_what_the_settings_say(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with override_settings(CLEARWAY={"media": {"leave": ["orphan.*"]}}):
        assert read(capsys, "--older-than 0")["left"] == 1
    with override_settings(CLEARWAY={"media": {"named_by": ["shelf.Note.nothing"]}}):
        assert run("") == 2
    assert "no field is called 'shelf.Note.nothing'" in capsys.readouterr().err


def test_options_before_an_action_count(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["media", "--format", "json", "--older-than", "0", "--leave", "orphan.*", "quarantine"]) == 0
    assert json.loads(capsys.readouterr().out)["files"] == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--storage nothing", "no FileField keeps files in a storage called 'nothing'"),
        ("move nothing", "STORAGES has no usable 'nothing'"),
        ("move default", "default and default keep their files in one place"),
        ("move inner", "inner and default keep their files in one place"),
    ],
)
def test_what_cannot_be_done_is_said(root: Path, capsys: pytest.CaptureFixture[str], words: str, said: str) -> None:
    assert run(words) == 2
    out, err = capsys.readouterr()
    assert (out, said in err) == ("", True)


@pytest.mark.parametrize(
    "words", ["restore", "discard", "move", "quarantine --older-than 1", "move x --jobs 0", "nope"]
)
def test_wrong_usage(root: Path, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        run(words)
    assert left.value.code == 2
    assert "usage:" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("0", 0), ("10s", 10), ("45m", 2700), ("12h", 43_200), ("30d", 2_592_000), ("2w", 1_209_600)],
)
def test_an_age(written: str, seconds: float) -> None:
    assert age(written) == seconds


@pytest.mark.parametrize("written", ["", "d", "1", "-1d", "1.5h", "1 d", "1y", "1D", "١d", "1d1h", "9999999d"])
def test_what_is_no_age(written: str) -> None:
    from argparse import ArgumentTypeError

    with pytest.raises(ArgumentTypeError, match="is no age"):
        age(written)


def test_it_is_a_command_of_django_too(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CommandError, match="exit code 1"):
        call_command("clearway", "media", "--older-than", "0")
    assert "orphan.txt" in capsys.readouterr().out


def test_names_that_are_no_text_are_printed(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "\udce9.txt").write_bytes(b"x")
    assert run("--older-than 0") == 1
    assert "\\udce9.txt" in capsys.readouterr().out
    assert "\udce9.txt" in [each["name"] for each in read(capsys, "--older-than 0")["orphans"]]


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="only on systems with terminals")
def test_progress_is_for_terminals(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parent, child = os.openpty()
    with os.fdopen(child, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        assert run("--older-than 0") == 1
        terminal.flush()
    assert b"looking at files" in os.read(parent, 4096)
    os.close(parent)
