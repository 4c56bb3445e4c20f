"""Swaps together: all files or none of the temporary ones."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import time_ns

import pytest

from clearway.stores.batch import Batch
from clearway.stores.directory import TEMPORARY_PREFIX, Directory


def files(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.mark.parametrize("count", [0, 1, 63, 64, 65, 300])
def test_all_files_are_there_after_the_block(tmp_path: Path, count: int) -> None:
    wanted = {f"d{number % 7}/{number}.txt": b"%d" % number for number in range(count)}
    begun = time_ns()
    with Batch(Directory(tmp_path)) as batch, ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda row: batch.swap(*row), wanted.items()))
    assert files(tmp_path) == wanted
    assert batch.settled.keys() == wanted.keys()
    assert all(begun <= each <= time_ns() for each in batch.settled.values())


def test_a_file_has_its_name_only_when_it_is_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: set[int] = set()
    fsync, replace = os.fsync, os.replace

    def syncing(descriptor: int) -> None:
        fsync(descriptor)
        synced.add(os.fstat(descriptor).st_ino)

    def replacing(old: str, new: str) -> None:
        assert os.stat(old).st_ino in synced
        replace(old, new)

    monkeypatch.setattr(os, "fsync", syncing)
    monkeypatch.setattr(os, "replace", replacing)
    with Batch(Directory(tmp_path)) as batch:
        for number in range(100):
            batch.swap(f"{number}", b"x")
    assert len(files(tmp_path)) == 100


def test_an_error_in_the_block_leaves_no_temporary_file(tmp_path: Path) -> None:
    with pytest.raises(KeyError), Batch(Directory(tmp_path)) as batch:
        batch.swap("a", b"x")
        raise KeyError
    assert files(tmp_path) == {}
    batch.swap("b", b"from a thread that comes late")
    assert files(tmp_path) == {}


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_disk_that_fails_leaves_no_temporary_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    real, calls = getattr(os, call), list[object]()

    def failing(*arguments: object) -> None:
        calls.append(arguments)
        if len(calls) > 70:
            raise OSError(28, "No space left on device")
        real(*arguments)

    monkeypatch.setattr(os, call, failing)
    with pytest.raises(OSError, match="No space"), Batch(Directory(tmp_path)) as batch:
        for number in range(200):
            batch.swap(f"{number}", b"x")
    assert not [name for name in files(tmp_path) if name.startswith(TEMPORARY_PREFIX)]
    assert 0 < len(files(tmp_path)) < 200
