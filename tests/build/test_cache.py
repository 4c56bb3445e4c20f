"""The cache: whole entries or none, shared, bounded, and never in the way."""

import logging
import os
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearway.build import cache as cache_module
from clearway.build.cache import Cache, cache_folder, user_folder

OLD = 1_000_000_000


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("data", [b"", b"octets", b"x" * 100_000])
def test_what_was_put_is_got_by_any_machine(tmp_path: Path, data: bytes) -> None:
    Cache(tmp_path).put("key", data)
    assert Cache(tmp_path).get("key") == data
    assert Cache(tmp_path).get("other") is None


def test_without_a_folder_nothing_is_kept() -> None:
    cache = Cache()
    cache.put("key", b"data")
    cache.prune()
    assert cache.get("key") is None


@given(st.data())
def test_a_damaged_entry_is_none(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    folder = tmp_path_factory.mktemp("cache")
    Cache(folder).put("key", b"some data")
    (path,) = files(folder)
    whole = path.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    flipped = whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :]
    path.write_bytes(data.draw(st.sampled_from([whole[:at], flipped, whole + b"\0", b""])))
    assert Cache(folder).get("key") is None
    Cache(folder).put("key", b"some data")
    assert Cache(folder).get("key") == b"some data"


def test_keys_and_data_leave_no_path_of_the_project_in_names(tmp_path: Path) -> None:
    Cache(tmp_path).put("memory /srv/project/static", b"data")
    assert not any(
        "project" in path.as_posix() for path in files(tmp_path / "x") + files(tmp_path) if "srv" in str(path)
    )
    assert all(b"project" not in path.read_bytes() for path in files(tmp_path))


@pytest.mark.parametrize("blocked", ["folder", "entry"])
def test_a_cache_that_cannot_be_written_is_skipped_with_one_line(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, blocked: str
) -> None:
    folder = tmp_path / "cache"
    if blocked == "folder":
        folder.write_bytes(b"a file where the folder should be")
    cache = Cache(folder)
    if blocked == "entry":
        cache.put("key", b"data")
        (path,) = files(folder)
        path.unlink()
        path.mkdir()
        (path / "in the way").mkdir()
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            cache.put("key", b"data")
            assert cache.get("key") is None
    cache.prune()
    (record,) = caplog.records
    assert "cannot be written" in record.getMessage()
    assert "\n" not in record.getMessage()


def test_what_was_used_longest_ago_goes_first(tmp_path: Path) -> None:
    cache = Cache(tmp_path, limit=3 * 132)
    for number in range(6):
        before = set(files(tmp_path))
        cache.put(f"{number}", bytes(100))
        (new,) = set(files(tmp_path)) - before
        os.utime(new, (OLD + number, OLD + number))
    assert cache.get("0") == bytes(100)  # was the oldest, is used now
    cache.prune()
    assert [number for number in range(6) if cache.get(f"{number}")] == [0, 4, 5]


@pytest.mark.parametrize(("chance", "octets", "looks"), [(0.9, 10, False), (0.001, 10, True), (0.9, 200, True)])
def test_the_more_a_run_has_put_the_likelier_it_looks_for_what_to_prune(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chance: float, octets: int, looks: bool
) -> None:
    monkeypatch.setattr(cache_module, "random", lambda: chance)
    for number in range(100):
        Cache(tmp_path).put(f"{number}", bytes(100))
    cache = Cache(tmp_path, limit=64 * 100)
    cache.put("key", bytes(octets))
    cache.prune()
    assert (len(files(tmp_path)) < 101) is looks


def test_a_run_that_put_nothing_does_not_look_for_what_to_prune(tmp_path: Path) -> None:
    Cache(tmp_path).put("key", b"data")
    cache = Cache(tmp_path, limit=0)
    cache.get("key")
    cache.prune()
    assert cache.get("key") == b"data"


def test_runs_at_the_same_time_do_not_disturb_each_other(tmp_path: Path) -> None:
    wrong: list[bytes | None] = []

    def run(number: int) -> None:
        cache = Cache(tmp_path)
        for _ in range(40):
            cache.put("shared", bytes([7]) * 5000)
            cache.put(f"own {number}", bytes([number]))
            found = cache.get("shared")
            if found is not None and found != bytes([7]) * 5000:
                wrong.append(found)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(files(tmp_path)) == 5


@pytest.mark.parametrize(
    ("setting", "environment", "expected"),
    [
        ("/s", {}, "/s"),
        (None, {}, None),
        ("/s", {"CLEARWAY_CACHE": ""}, "/s"),
        ("/s", {"CLEARWAY_CACHE": "off"}, None),
        ("/s", {"CLEARWAY_CACHE": "/e"}, "/e"),
        (None, {"CLEARWAY_CACHE": "/e"}, "/e"),
    ],
)
def test_where_the_cache_is(setting: str | None, environment: dict[str, str], expected: str | None) -> None:
    found = cache_folder(Path(setting) if setting else None, environment)
    assert found == (Path(expected) if expected else None)


@pytest.mark.parametrize(
    ("platform", "environment", "end"),
    [
        ("linux", {}, ".cache/clearway"),
        ("linux", {"XDG_CACHE_HOME": "/x"}, "/x/clearway"),
        ("linux", {"XDG_CACHE_HOME": "relative"}, ".cache/clearway"),
        ("darwin", {"XDG_CACHE_HOME": "/x"}, "Library/Caches/clearway"),
        ("win32", {"LOCALAPPDATA": "/l"}, "/l/clearway"),
        ("win32", {}, "AppData/Local/clearway"),
    ],
)
def test_the_users_own_folder(platform: str, environment: dict[str, str], end: str) -> None:
    found = user_folder(environment, platform)
    assert found is not None
    assert found.as_posix().endswith(end)
