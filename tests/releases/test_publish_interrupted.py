"""Runs that end in the middle of publishing, or meet another one there: what the next run makes of it."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.build.trees import NOW
from tests.helpers.object_server import ObjectServer
from tests.releases.publishing import current, missing
from tests.releases.sites import OLD, at, write

from clearway.catalog import layout
from clearway.cli import main
from clearway.releases.publish import Publisher
from clearway.stores.capabilities import FILE, Capabilities, find_out
from clearway.stores.errors import LockedError, StoreError
from clearway.stores.object_store import bucket_store
from clearway.stores.shared_directory import SharedDirectory
from clearway.stores.snapshot import Snapshot
from clearway.stores.targets import snapshot_places
from clearway.stores.transport import Fields, Transport

BUNDLE = "dist/app-4f3c1d2a.js"
MAP = f"{BUNDLE}.map"  # named after its bundle: it may change while the bundle does not
TREE = OLD | {
    "dist/manifest.json": json.dumps({"app.js": {"file": "app-4f3c1d2a.js", "src": "app.js"}}).encode(),
    BUNDLE: b"let bundled;" * 40,
}
HISTORY = f"{layout.FOLDER}/{layout.HISTORY}"


@pytest.fixture(params=["bucket", "directory"])
def target(request: pytest.FixtureRequest, object_server: ObjectServer, tmp_path: Path) -> Transport:
    if request.param == "directory":
        return SharedDirectory(tmp_path / "target")
    return bucket_store(object_server.new_bucket(), object_server.options)


def with_map(root: Path, number: int) -> Path:
    """A release whose source map is another one."""
    return built(root, TREE | {MAP: b'{"version": 3, "sourcesContent": ["// %d"]}' % number * 9})


def built(root: Path, tree: dict[str, bytes]) -> Path:
    source = root.with_name(f"{root.name}-source")
    write(source, tree)
    assert main(["build", str(source), "--out", str(root), "--levels", "fast", "--no-unhashed", "-v", "0"]) == 0
    return root


def silent(text: str, done: int, of: int) -> None:
    pass


def publish(root: Path, target: Transport) -> Sequence[str]:
    """The names of what was in the way."""
    publisher = Publisher(at(root), target)
    if target.head(FILE) is None:
        find_out(target)
    with target.alone():
        planned = publisher.plan(silent, Capabilities(), verify=True)
        if not planned.differences:
            publisher.carry_out(planned, silent, NOW)
    return [each.file for each in planned.differences]


class Ending:
    """A transport that fails when an object of this name is written."""

    def __init__(self, target: Transport, name: str) -> None:
        self._target, self._name = target, name

    def __getattr__(self, name: str) -> Any:
        return getattr(self._target, name)

    def create(self, name: str, data: bytes, fields: Fields) -> Any:
        self._look(name)
        return self._target.create(name, data, fields)

    def swap(self, name: str, data: bytes, fields: Fields, expected: Any) -> Any:
        self._look(name)
        return self._target.swap(name, data, fields, expected)

    def _look(self, name: str) -> None:
        if name == self._name:
            raise StoreError("the end")


def map_of(target: Transport) -> bytes:
    return target.read(MAP)[0]


def test_a_name_that_may_change_is_replaced(target: Transport, tmp_path: Path) -> None:
    for number in range(3):
        root = with_map(tmp_path / str(number), number)
        assert publish(root, target) == []
        assert map_of(target) == (root / MAP).read_bytes()
    assert missing(target) == []


def test_what_a_run_replaced_that_ended_is_replaced_by_the_next_release(target: Transport, tmp_path: Path) -> None:
    first, second, third = (with_map(tmp_path / str(number), number) for number in range(3))
    publish(first, target)
    with pytest.raises(StoreError, match="the end"):
        publish(second, Ending(target, HISTORY))  # type: ignore[arg-type]
    assert map_of(target) == (second / MAP).read_bytes()
    assert publish(third, target) == []
    assert map_of(target) == (third / MAP).read_bytes()
    assert publish(first, target) == []
    assert map_of(target) == (first / MAP).read_bytes()
    assert missing(target) == []


def test_what_a_first_run_created_that_ended_is_replaced_by_the_next_release(target: Transport, tmp_path: Path) -> None:
    first, second = (with_map(tmp_path / str(number), number) for number in range(2))
    with pytest.raises(StoreError, match="the end"):
        publish(first, Ending(target, HISTORY))  # type: ignore[arg-type]
    assert map_of(target) == (first / MAP).read_bytes()
    assert publish(second, target) == []
    assert map_of(target) == (second / MAP).read_bytes()
    assert missing(target) == []


def test_what_somebody_else_put_under_such_a_name_stays(target: Transport, tmp_path: Path) -> None:
    publish(with_map(tmp_path / "1", 1), target)
    target.put(MAP, b"theirs", Fields("application/json", ""))
    assert publish(with_map(tmp_path / "2", 2), target) == [MAP]
    assert map_of(target) == b"theirs"


@pytest.mark.parametrize("name", [layout.CURRENT, layout.HISTORY])
def test_the_names_are_those_of_the_winner_when_another_run_writes_its_own_in_between(
    object_server: ObjectServer, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the pointer or the history of the second release is written, the third one is made current."""
    target = bucket_store(object_server.new_bucket(), object_server.options)
    first, second, third = (with_map(tmp_path / str(number), number) for number in range(3))
    publish(first, target)
    meanwhile(monkeypatch, name, lambda: publish(third, target))
    with pytest.raises(LockedError):
        publish(second, target)
    assert current(target) == at(third).records.current()
    assert verify_names(target)


def test_the_names_of_a_run_that_lost_do_not_outlive_the_winner(
    object_server: ObjectServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the pointer is about to be written, a run that lost writes the names of the release before once more."""
    target = bucket_store(object_server.new_bucket(), object_server.options)
    first, second = built(tmp_path / "1", TREE), built(tmp_path / "2", OLD)
    publish(first, target)
    old = target.read(layout.MANIFEST)[0]
    meanwhile(monkeypatch, layout.CURRENT, lambda: target.put(layout.MANIFEST, old, Fields("application/json", "")))
    assert publish(second, target) == []
    assert target.read(layout.MANIFEST)[0] != old
    assert verify_names(target)


def meanwhile(monkeypatch: pytest.MonkeyPatch, name: str, work: Callable[[], object]) -> None:
    """Do something before this file of the records is written for the first time."""
    swap, left = Snapshot.swap, [work]

    def swapped(self: Snapshot, asked: str, data: bytes) -> None:
        if asked == name and left:
            left.pop()()
        swap(self, asked, data)

    monkeypatch.setattr(Snapshot, "swap", swapped)


def verify_names(target: Transport) -> bool:
    places = snapshot_places(target)
    release = places.records.release(current(target))
    return places.names() == {name: asset.name for name, asset in release.assets.items()}
