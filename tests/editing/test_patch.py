"""A diff applied to what it was made of gives what it was made for, and is refused by anything else."""

import os
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearway.editing.changes import Change, made, together
from clearway.editing.diff import diff
from clearway.editing.edit import Edit, lines
from clearway.editing.errors import EditError, PatchError
from clearway.editing.patch import apply, edits, parse

# few kinds of lines, so that much is alike; every way to end one, and what other tools take for an end
LINE = st.sampled_from([b"", b"a", b"b", b"-- a", b"++ a", b"@@ -1 +1 @@", b"\\ No newline at end of file", b" "])
END = st.sampled_from([b"\n", b"\r\n", b"\n\n", b"\r", b"\x0c\n", b"\xe2\x80\xa8", b"\x85\n", b"\x00\n"])
PARTS = st.lists(st.one_of(st.tuples(LINE, END).map(b"".join), st.binary(max_size=5)), max_size=12)
FILE = st.tuples(st.sampled_from([b"", b"\xef\xbb\xbf", b"\xff\xfe"]), PARTS.map(b"".join)).map(b"".join)
CONTEXT = st.integers(0, 4)


@given(FILE, FILE, CONTEXT)
def test_a_diff_is_exact(before: bytes, after: bytes, context: int) -> None:
    edit = Edit(Path("settings.py"), before, after)
    patches = parse(diff([edit], context))
    assert [patch.name for patch in patches] == ([] if before == after else ["settings.py"])
    assert [apply(patch, before) for patch in patches] == ([] if before == after else [after])


@given(FILE)
def test_a_new_file_is_made_where_there_is_none(after: bytes) -> None:
    (patch,) = parse(diff([Edit(Path("new.py"), None, after)]))
    assert apply(patch, None) == after
    with pytest.raises(PatchError, match="is there already"):
        apply(patch, b"")


@given(FILE, FILE, FILE)
def test_another_file_is_refused_or_has_all_lines_of_the_diff(before: bytes, after: bytes, other: bytes) -> None:
    for patch in parse(diff([Edit(Path("a"), before, after)], 100)):
        try:
            apply(patch, other)
        except PatchError:
            continue
        assert lines(other)[: len(lines(before))] == lines(before)


@pytest.mark.parametrize("name", ["a b.py", "tab\there", 'quo"te', "back\\slash", "new\nline", "é", "end ", "-", "@@"])
def test_names_survive(name: str) -> None:
    (patch,) = parse(diff([Edit(Path(name), b"a\n", b"b\n")]))
    assert patch.name == name


@settings(max_examples=60)
@given(st.lists(st.sampled_from([b"a\n", b"b\n", b"c\r\n", b"d"]), max_size=9).map(b"".join), FILE)
def test_patch_understands_it(before: bytes, after: bytes) -> None:
    """The oracle is patch(1); it takes no file with a NUL or names of its own for one, and lines must differ."""
    text = diff([Edit(Path("a b.py"), before, after)])
    if not text or b"\0" in before + after:
        return
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "a b.py").write_bytes(before)
        sent = text.encode("utf-8", "surrogateescape")
        words = ["patch", "-p0", "--binary", "--fuzz=0", "--silent", "--no-backup-if-mismatch"]
        subprocess.run(words, cwd=folder, input=sent, check=True, timeout=20)
        there = Path(folder, "a b.py")
        assert (there.read_bytes() if there.exists() else b"") == after


WRONG = {
    "no diff": "hello",
    "no second name": "--- a\n",
    "a rename": "--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y\n",
    "a removed file": "--- a\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n",
    "no hunk": "--- a\n+++ a\n",
    "a short hunk": "--- a\n+++ a\n@@ -1,2 +1,2 @@\n-x\n+y\n",
    "a long hunk": "--- a\n+++ a\n@@ -1 +1 @@\n-x\n-x\n+y\n",
    "a line more": "--- a\n+++ a\n@@ -1 +1 @@\n-x\n+y\n+z\n",
    "a bare line": "--- a\n+++ a\n@@ -1 +1 @@\nx\n",
    "hunks out of order": "--- a\n+++ a\n@@ -5 +5 @@\n-x\n+y\n@@ -1 +1 @@\n-x\n+y\n",
    "text behind it": "--- a\n+++ a\n@@ -1 +1 @@\n-x\n+y\nOnly in b: c\n",
}


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_what_is_no_diff_is_refused(text: str) -> None:
    with pytest.raises(PatchError):
        parse(text)


MOVED = {
    "another line": b"x\ny\n",
    "a line before": b"\na\nb\n",
    "CRLF": b"a\r\nb\r\n",
    "a missing end": b"a\nb",
    "a mark": b"\xef\xbb\xbfa\nb\n",
    "spaces": b"a \nb\n",
    "nothing": b"",
}


@pytest.mark.parametrize("there", MOVED.values(), ids=MOVED)
def test_no_line_is_searched_for(there: bytes) -> None:
    (patch,) = parse("--- f\n+++ f\n@@ -1,2 +1,2 @@\n-a\n+c\n b\n")
    with pytest.raises(PatchError, match="is not as the diff has it at line 1"):
        apply(patch, there)


def test_insertions_stand_behind_their_line() -> None:
    (patch,) = parse("--- f\n+++ f\n@@ -2,0 +3 @@\n+c\n")
    assert apply(patch, b"a\nb\nd\n") == b"a\nb\nc\nd\n"
    with pytest.raises(PatchError):
        apply(patch, b"a\n")


def test_a_file_that_comes_twice_is_edited_in_turn(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"a\nb\n")
    text = "--- f\n+++ f\n@@ -1 +1 @@\n-a\n+c\n--- f\n+++ f\n@@ -1,2 +1,2 @@\n c\n-b\n+d\n"
    assert edits(text, tmp_path) == [Edit(tmp_path / "f", b"a\nb\n", b"c\nd\n")]
    assert (tmp_path / "f").read_bytes() == b"a\nb\n"


def test_a_file_that_is_not_there_is_no_empty_one(tmp_path: Path) -> None:
    with pytest.raises(PatchError, match="is not there"):
        edits("--- f\n+++ f\n@@ -0,0 +1 @@\n+a\n", tmp_path)


@pytest.mark.parametrize("kind", ["directory", "dangling link", "fifo"])
def test_only_regular_files_are_read(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "f"
    {"directory": path.mkdir, "dangling link": lambda: path.symlink_to("no"), "fifo": lambda: os.mkfifo(path)}[kind]()
    with pytest.raises(EditError):
        Edit.of(path, b"")


@given(FILE, FILE, FILE)
def test_changes_that_are_apart_come_together(before: bytes, one: bytes, other: bytes) -> None:
    changes = [
        [change for patch in parse(diff([Edit(Path("f"), before, after)], 2)) for change in patch.changes(before)]
        for after in (one, other)
    ]
    both = together(*changes)
    if both is not None:
        assert set(both) == {*changes[0], *changes[1]}
        assert len(lines(made(before, both))) == len(lines(before)) + sum(len(c.after) - len(c.before) for c in both)
    assert made(before, together(changes[0], changes[0]) or ()) == one


def test_changes_that_touch_do_not() -> None:
    change = Change(1, (b"b\n",), (b"c\n",))
    assert together([change], [Change(1, (b"b\n",), (b"d\n",))]) is None
    assert together([change], [Change(1, (), (b"d\n",))]) is None
    assert together([change], [Change(0, (b"a\n", b"b\n"), ())]) is None
    assert together([change], [Change(2, (), (b"d\n",))]) is not None
