"""The transport: whole files or none, modes whatever the umask."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from clearway.stores.directory import TEMPORARY_PREFIX, Directory, Modes


@pytest.fixture(params=[0o000, 0o022, 0o077])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o7777


@pytest.mark.parametrize("modes", [Modes(), Modes(0o640, 0o750)])
def test_modes_do_not_depend_on_the_umask(tmp_path: Path, umask: int, modes: Modes) -> None:
    root = tmp_path / "srv" / "static"
    Directory(root, modes).swap("a/b/c.txt", b"data")
    assert {mode(root / path) for path in ("..", ".", "a", "a/b")} == {modes.directory}
    assert mode(root / "a/b/c.txt") == modes.file


def test_what_exists_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    Directory(tmp_path).swap("a.txt", b"")
    assert mode(tmp_path) == 0o700


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="needs root")
def test_new_entries_take_the_group_of_their_directory(tmp_path: Path) -> None:
    os.chown(tmp_path, -1, 4242)
    Directory(tmp_path / "static").swap("a/b.txt", b"")
    assert {path.stat().st_gid for path in (tmp_path / "static").rglob("*")} == {4242}


def test_a_swap_replaces_by_a_new_file(tmp_path: Path) -> None:
    store = Directory(tmp_path)
    store.swap("a.txt", b"old")
    with (tmp_path / "a.txt").open("rb") as reader:
        store.swap("a.txt", iter([b"n", b"ew"]))
        assert reader.read() == b"old"
    assert store.read("a.txt") == b"new"


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"half"
        raise OSError(28, "No space left on device")

    store = Directory(tmp_path)
    store.swap("a.txt", b"old")
    with pytest.raises(OSError, match=r"No space left on device: '.*/a\.txt'"):
        store.swap("a.txt", chunks())
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
    assert store.read("a.txt") == b"old"


def test_a_symbolic_link_is_replaced_and_its_target_left_alone(tmp_path: Path) -> None:
    (tmp_path / "source.txt").write_bytes(b"source")
    (tmp_path / "a.txt").symlink_to("source.txt")
    Directory(tmp_path).swap("a.txt", b"new")
    assert (tmp_path / "source.txt").read_bytes() == b"source"
    assert not (tmp_path / "a.txt").is_symlink()


@pytest.mark.parametrize("name", ["../a.txt", "a/../../b.txt", "/etc/passwd"])
def test_names_that_lead_out_are_refused(tmp_path: Path, name: str) -> None:
    store = Directory(tmp_path / "root")
    for use in (store.read, store.head, store.delete, lambda name: store.swap(name, b"")):
        with pytest.raises(ValueError, match="leads out"):
            use(name)


def test_only_files_have_a_head(tmp_path: Path) -> None:
    store = Directory(tmp_path)
    store.swap("a/b.txt", b"1234")
    head = store.head("a/b.txt")
    assert head is not None
    assert head.size == 4
    assert [store.head(name) for name in ("a", "a/c.txt", "a/b.txt/c")] == [None, None, None]


def test_a_list_has_neither_folders_nor_temporary_files(tmp_path: Path) -> None:
    store = Directory(tmp_path)
    for name in ("f/b", "f/a", f"f/{TEMPORARY_PREFIX}0.tmp", "f/sub/c"):
        store.swap(name, b"")
    assert list(store.list("f")) == ["f/a", "f/b"]
    assert list(store.list("none")) == []


def test_deleting_what_is_not_there_does_nothing(tmp_path: Path) -> None:
    store = Directory(tmp_path)
    store.swap("a.txt", b"")
    store.delete("a.txt")
    store.delete("a.txt")
    store.flush()
    assert list(tmp_path.iterdir()) == []


def test_a_long_name_leaves_room_for_the_temporary_one(tmp_path: Path) -> None:
    name = "x" * 250 + ".css"
    Directory(tmp_path).swap(name, b"data")
    assert (tmp_path / name).read_bytes() == b"data"


def test_only_one_of_many_creates(tmp_path: Path) -> None:
    store = Directory(tmp_path)
    assert store.create("a/b", b"first")
    assert not store.create("a/b", b"second")
    assert store.read("a/b") == b"first"
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b"]
    assert mode(tmp_path / "a" / "b") == 0o644


def test_leftovers_are_old_temporary_files_only(tmp_path: Path) -> None:
    for name, changed in (("d/.clearway-1.tmp", 10), (".clearway-2.tmp", 100), ("d/a.tmp", 10), (".clearway/x", 10)):
        Directory(tmp_path).swap(name, b"")
        os.utime(tmp_path / name, (changed, changed))
    assert list(Directory(tmp_path).leftovers(50)) == ["d/.clearway-1.tmp"]


def test_threads_that_need_the_same_new_folder_do_not_take_it_from_each_other(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        for number in range(200):
            store = Directory(tmp_path / str(number) / "new")
            list(pool.map(lambda name, store=store: store.swap(name, b"x"), (f"d/e/{each}" for each in range(8))))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="only on POSIX")
@pytest.mark.parametrize("writers", [0, 1])
def test_a_pipe_is_no_file_and_is_not_waited_for(tmp_path: Path, writers: int) -> None:
    os.mkfifo(tmp_path / "pipe")
    held = [os.open(tmp_path / "pipe", os.O_RDWR) for _ in range(writers)]
    store = Directory(tmp_path)
    with pytest.raises(OSError, match="not a regular file"):
        store.read("pipe")
    assert (store.digest("pipe"), store.head("pipe")) == (None, None)
    store.swap("pipe", b"data")
    assert store.read("pipe") == b"data"
    for descriptor in held:
        os.close(descriptor)


def test_a_directory_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError):
        Directory(tmp_path).read("folder")
