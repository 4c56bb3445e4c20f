"""`clearway media` over bad names, links and pipes: one line for each file, and nothing else is touched."""

import io
import json
import os
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from tests.bad_input.site import CANARY, FORGED
from tests.media.bad_input.surroundings import entries
from tests.media.order.conftest import media
from tests.media.order.shelf.models import Book

from clearway.cli import main

__all__ = ["media"]
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only on Linux")

NAMES = (
    f"x\n{FORGED.decode()}: 1.txt", f"x\r{FORGED.decode()}.txt", "x\x1b[31mred.txt", "x\x1b]0;title\x07.txt",
    "\u202egnp.txt",
    "x\u2028y.txt", "\udcff\udcfe.txt", "-rf", "--help", " ", "%s{0}", "'\"`$(id)", "a\\b", "n" * 255, "C:x",
    "x\x7fy", "x\x9by",
    "d\n/in a directory", "d/\x1b[2J.txt", "\u00e9.txt", "e\u0301.txt",
)  # fmt: skip
ROWS = (
    "../canary.txt", "/etc/passwd", "a/../../canary.txt", "", ".", "..", "x\x1b[31m", f"x\n{FORGED.decode()}",
    "link.txt", "linked/canary.txt", "fifo.txt", "n" * 5000,
    "\u202ex", "http://x/y", "C:\\x", "x\0y", ".clearway-quarantine/files/x",
)  # fmt: skip


@pytest.fixture
def hostile(media: Path) -> Iterator[Path]:
    """All of that, and rows that name what no row should."""
    outside = media.parent / "outside"
    outside.mkdir()
    for place in (outside, media.parent):
        (place / "canary.txt").write_bytes(CANARY)
    for name in NAMES:
        (media / name).parent.mkdir(exist_ok=True)
        (media / name).write_bytes(b"content")
    (media / "link.txt").symlink_to(outside / "canary.txt")
    (media / "linked").symlink_to(outside, target_is_directory=True)
    (media / "loop").symlink_to(".", target_is_directory=True)
    (media / "self").symlink_to("self")
    os.mkfifo(media / "fifo.txt")
    for name in ROWS:
        Book(cover=name).save()
    yield media


def said(*words: str) -> tuple[int, str]:
    """The exit code, and what was printed on both streams."""
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8", errors="strict"), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main(["media", *words])
    out.flush()
    return code, out.buffer.getvalue().decode() + err.getvalue()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "words",
    [
        "",
        "--contents",
        "quarantine --older-than 0",
        "quarantine --older-than 0 --apply",
        "held",
        "modes",
        "modes --apply",
        "purge --older-than 0 --apply",
    ],
)
def test_a_name_writes_one_line_whatever_is_in_it(hostile: Path, words: str) -> None:
    around = dict(entries(hostile.parent, hostile))
    code, text = said(*words.split())
    assert code in (0, 1, 2)
    assert "Traceback" not in text
    bad = {ascii(each) for each in text if each != "\n" and not each.isprintable()}
    assert bad == set(), text
    assert not any(line.lstrip().startswith(FORGED.decode()) for line in text.split("\n")), text
    assert dict(entries(hostile.parent, hostile)) == around


def test_as_data_the_names_are_whole(hostile: Path) -> None:
    code, text = said("--older-than", "0", "--format", "json")
    data: Any = json.loads(text)
    assert code in (1, 2)
    assert "linked/canary.txt" not in [each["name"] for each in data["orphans"]]
    assert f"x\n{FORGED.decode()}: 1.txt" in [each["name"] for each in data["orphans"]]


def test_what_is_set_aside_comes_back_as_it_was(hostile: Path) -> None:
    before = dict(entries(hostile, None))
    assert said("quarantine", "--older-than", "0", "--apply")[0] in (0, 1, 2)
    aside = {
        name
        for name, told in entries(hostile, None)
        if name.startswith(".clearway-quarantine/files/") and told.startswith("-")
    }
    assert len(aside) >= 15
    assert said("restore", "--all")[0] in (0, 2)
    after = {name: told for name, told in entries(hostile, None) if not name.startswith(".clearway-quarantine")}
    files = {name: told.split()[-1] for name, told in before.items() if told.startswith("-")}
    assert {name: told.split()[-1] for name, told in after.items() if told.startswith("-")} == files


@pytest.mark.parametrize(
    "name", ["../canary.txt", "/etc/passwd", "a/../../canary.txt", "", "..", "-rf", "x\x1b[31m", "n" * 5000, "link.txt"]
)
@pytest.mark.parametrize("verb", ["restore", "discard"])
def test_a_name_that_is_not_held_changes_nothing(hostile: Path, verb: str, name: str) -> None:
    around, before = dict(entries(hostile.parent, hostile)), dict(entries(hostile, None))
    more = ["--apply"] if verb == "discard" else []
    code, text = said(verb, *more, "--", name)
    assert code in (0, 1, 2)
    assert "Traceback" not in text
    assert not {each for each in text if each != "\n" and not each.isprintable()}
    assert dict(entries(hostile.parent, hostile)) == around
    assert {
        name: told for name, told in entries(hostile, None) if not name.startswith(".clearway-quarantine")
    } == before
