"""An edit on the disk is whole or not there; what was there before stays beside it, with its mode and its links."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from clearway.editing import backup
from clearway.editing.edit import Edit
from clearway.editing.errors import ChangedError, EditError
from clearway.editing.writing import moved, undo, write


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "settings.py"
    path.write_bytes(b"old")
    path.chmod(0o640)
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_old_file_stays_beside_the_new_one(file: Path) -> None:
    done = write(Edit.of(file, b"new"))
    assert file.read_bytes() == b"new"
    assert done.backup == file.with_name("settings.py.clearway-backup")
    assert done.backup.read_bytes() == b"old"
    assert [path.stat().st_mode & 0o7777 for path in (file, done.backup)] == [0o640, 0o640]
    assert names(file.parent) == ["settings.py", "settings.py.clearway-backup"]


def test_no_backup_is_overwritten_and_none_is_made_twice(file: Path) -> None:
    for text in (b"1", b"2", b"old", b"3"):
        write(Edit.of(file, text))
    kept = {path.name: path.read_bytes() for path in file.parent.iterdir() if path != file}
    stem = "settings.py.clearway-backup"
    assert kept == {stem: b"old", f"{stem}-2": b"1", f"{stem}-3": b"2"}


def test_a_link_of_that_name_is_no_backup(file: Path, tmp_path: Path) -> None:
    (tmp_path / "settings.py.clearway-backup").symlink_to(file)
    assert write(Edit.of(file, b"new")).backup == tmp_path / "settings.py.clearway-backup-2"


def test_a_hidden_backup_is_one_that_collectstatic_leaves_out(file: Path) -> None:
    done = write(Edit.of(file, b"new"), backup.hidden)
    assert done.backup == file.with_name(".settings.py.clearway-backup")


def test_the_target_of_a_link_is_edited(file: Path, tmp_path: Path) -> None:
    (tmp_path / "linked").mkdir()
    link = tmp_path / "linked" / "s.py"
    link.symlink_to(Path("..", "settings.py"))
    done = write(Edit.of(link, b"new"))
    assert (link.is_symlink(), file.read_bytes(), done.path) == (True, b"new", file)
    assert names(link.parent) == ["s.py"]


def test_a_file_that_changed_is_left_alone(file: Path) -> None:
    edit = Edit.of(file, b"new")
    file.write_bytes(b"mine")
    with pytest.raises(ChangedError):
        write(edit)
    assert file.read_bytes() == b"mine"
    assert names(file.parent) == ["settings.py"]


def test_a_file_that_went_away_is_not_made(file: Path) -> None:
    edit = Edit.of(file, b"new")
    file.unlink()
    with pytest.raises(ChangedError):
        write(edit)
    assert names(file.parent) == []


def test_a_new_file_has_the_mode_that_the_umask_leaves(tmp_path: Path) -> None:
    mask = os.umask(0o027)
    try:
        done = write(Edit(tmp_path / "new" / "a.conf", None, b"x"))
    finally:
        os.umask(mask)
    assert (done.backup, done.path.read_bytes(), done.path.stat().st_mode & 0o777) == (None, b"x", 0o640)
    with pytest.raises(ChangedError):
        write(Edit(done.path, None, b"y"))
    assert names(done.path.parent) == ["a.conf"]


def test_attributes_stay(file: Path) -> None:
    try:
        os.setxattr(file, "user.note", b"mine")
    except (OSError, AttributeError):
        pytest.skip("needs a file system with attributes of users")
    done = write(Edit.of(file, b"new"))
    assert done.backup is not None
    assert [os.getxattr(path, "user.note") for path in (file, done.backup)] == [b"mine", b"mine"]


def test_the_owner_stays(file: Path) -> None:
    if os.getuid():
        pytest.skip("only on a machine where the tests run as root")
    os.chown(file, 12345, 23456)
    done = write(Edit.of(file, b"new"))
    assert done.backup is not None
    assert {(path.stat().st_uid, path.stat().st_gid) for path in (file, done.backup)} == {(12345, 23456)}


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(EditError, match="cannot be"):
        write(Edit(tmp_path / "file" / "below", None, b"x"))


def test_a_full_disk_leaves_the_old_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("clearway.editing.writing.os.fsync", full)
    with pytest.raises(EditError, match="No space left"):
        write(Edit.of(file, b"new"))
    assert file.read_bytes() == b"old"
    assert names(file.parent) == ["settings.py"]


WRITER = """
import signal, sys
from pathlib import Path
from clearway.editing.edit import Edit
from clearway.editing.writing import moved, undo, write

left = int(sys.argv[2])
edit = Edit.of(Path(sys.argv[1]), b"new" * 100_000)

def count(event, _):
    global left
    if event == "open" or event.startswith("os."):
        left -= 1
        if left < 0:
            signal.raise_signal(signal.SIGKILL)

sys.addaudithook(count)
write(edit)
"""


def test_whoever_is_killed_leaves_the_old_file_or_the_new_one(file: Path) -> None:
    """By `kill -9`, before each call of the system that touches a file."""
    moment, code, seen = 0, -signal.SIGKILL, set()
    while code == -signal.SIGKILL:
        file.write_bytes(b"old" * 100_000)
        code = subprocess.run([sys.executable, "-c", WRITER, str(file), str(moment)], check=False).returncode
        seen.add(file.read_bytes())
        for path in file.parent.glob("*.clearway-backup*"):
            assert path.read_bytes() == b"old" * 100_000
        moment += 1
    assert code == 0
    assert moment > 8
    assert seen == {b"old" * 100_000, b"new" * 100_000}


def test_an_edit_is_undone(file: Path) -> None:
    undo(write(Edit.of(file, b"new")))
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (b"old", 0o640)
    assert names(file.parent) == ["settings.py"]
    undo(write(Edit(file.with_name("made"), None, b"x")))
    assert names(file.parent) == ["settings.py"]


def test_a_file_that_is_taken_away_stays_under_another_name(file: Path) -> None:
    (file.parent / "settings.py.clearway-backup").write_bytes(b"older")
    kept = moved(file)
    assert (kept.name, kept.read_bytes()) == ("settings.py.clearway-backup-2", b"old")
    assert names(file.parent) == ["settings.py.clearway-backup", "settings.py.clearway-backup-2"]
    with pytest.raises(EditError):
        moved(file)
