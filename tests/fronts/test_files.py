"""What a path is for a worker who may see less than we."""

import os
from pathlib import Path

import pytest

from clearway.fronts.files import Kind, WorkerFiles
from clearway.fronts.path_map import PathMap
from clearway.fronts.permission import Worker

STRANGER = Worker(54321, 54321, ())


@pytest.fixture
def files(tmp_path: Path) -> WorkerFiles:
    for directory in (tmp_path, *tmp_path.parents):
        if directory.stat().st_uid == os.getuid() and not directory.stat().st_mode & 0o001:
            directory.chmod(directory.stat().st_mode | 0o011)
    return WorkerFiles(STRANGER)


def test_a_file_has_size_time_and_the_right_to_read_it(tmp_path: Path, files: WorkerFiles) -> None:
    (tmp_path / "a.css").write_text("12345")
    (tmp_path / "a.css").chmod(0o644)
    os.utime(tmp_path / "a.css", (7, 1234567890.75))
    entry = files.look(f"{tmp_path}/a.css")
    assert (entry.kind, entry.readable, entry.size, entry.mtime) == (Kind.FILE, True, 5, 1234567890)
    assert (entry.exists, entry.executable, entry.blocking, entry.reason) == (True, False, "", "")


def test_a_file_that_others_may_not_read_is_there_and_says_why(tmp_path: Path, files: WorkerFiles) -> None:
    (tmp_path / "a.css").write_text("")
    (tmp_path / "a.css").chmod(0o700)
    entry = files.look(f"{tmp_path}/a.css")
    assert (entry.kind, entry.readable, entry.executable) == (Kind.FILE, False, True)
    assert entry.blocking == f"{tmp_path}/a.css"
    assert "0700" in entry.reason


def test_below_a_directory_that_cannot_be_entered_nothing_is_seen(tmp_path: Path, files: WorkerFiles) -> None:
    (tmp_path / "closed").mkdir(0o700)
    (tmp_path / "closed" / "a.css").write_text("")
    for name in ("a.css", "gone.css"):
        entry = files.look(f"{tmp_path}/closed/{name}")
        assert (entry.kind, entry.exists, entry.blocking) == (Kind.DENIED_PARENT, False, f"{tmp_path}/closed")


def test_a_directory_is_readable_if_it_can_be_listed(tmp_path: Path, files: WorkerFiles) -> None:
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o755)
    (tmp_path / "through").mkdir()
    (tmp_path / "through").chmod(0o711)
    assert [files.look(f"{tmp_path}/{name}/").readable for name in ("open", "through")] == [True, False]
    assert files.look(f"{tmp_path}/open").kind is Kind.DIRECTORY


def test_what_is_no_file_has_a_kind_of_its_own(tmp_path: Path, files: WorkerFiles) -> None:
    (tmp_path / "a").write_text("")
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "dangling").symlink_to("gone")
    os.mkfifo(tmp_path / "pipe")
    expected = {
        "gone": Kind.MISSING, "a/": Kind.PARENT_IS_FILE, "a/b": Kind.PARENT_IS_FILE, "loop": Kind.LOOP,
        "dangling": Kind.MISSING, "pipe": Kind.OTHER, "n" * 300: Kind.TOO_LONG,
    }  # fmt: skip
    assert {name: files.look(f"{tmp_path}/{name}").kind for name in expected} == expected


def test_links_are_told_from_the_root_on(tmp_path: Path, files: WorkerFiles) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "real" / "inner").symlink_to("gone")
    found = files.links(f"{tmp_path}/link/inner")
    assert [each.path for each in found if str(tmp_path) in each.path] == [f"{tmp_path}/link", f"{tmp_path}/link/inner"]
    assert [each.same_owner for each in found[-2:]] == [True, True]
    assert files.links(f"{tmp_path}/{'n' * 300}") == ()


def test_a_path_of_a_container_is_looked_up_here(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("1")
    mapped = WorkerFiles(Worker(os.getuid(), os.getgid(), ()), PathMap((("/srv", str(tmp_path)),)))
    assert mapped.look("/srv/a.css").size == 1


def test_a_name_with_a_nul_is_nobodys(tmp_path: Path, files: WorkerFiles) -> None:
    entry = files.look(f"{tmp_path}/a\0b.css")
    assert (entry.kind, entry.exists) == (Kind.MISSING, False)
    assert files.links(f"{tmp_path}/a\0b.css") == ()
