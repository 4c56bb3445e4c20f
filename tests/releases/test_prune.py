"""Prune: only what nobody needs, and never a file that it does not know."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.build.trees import NOW, complaints, contents, identities
from tests.releases.sites import DAY, NEW, NEWEST, OLD, at, released
from tests.releases.test_rollback import go_back

from clearway.catalog import layout
from clearway.catalog.index import Index
from clearway.releases import prune
from clearway.releases.errors import ReleaseError
from clearway.releases.files import files_of
from clearway.releases.verify import verify
from clearway.stores import switch

LATER = NOW + 1000 * DAY


def pruned(root: Path, retain: int = 1, pinned: str = "") -> prune.Prune:
    planned = prune.plan(at(root), retain, 30, LATER, [pinned])
    prune.carry_out(planned, at(root))
    return planned


def test_what_only_pruned_releases_list_goes(tmp_path: Path) -> None:
    old, new, newest = released(tmp_path, OLD, NEW, NEWEST)
    (tmp_path / "unknown.css").write_bytes(b"a{}")
    planned = pruned(tmp_path)
    assert list(planned.leaving) == [new.id, old.id]
    kept = files_of(newest).keys()
    assert planned.files.keys() == (files_of(old).keys() | files_of(new).keys()) - kept
    names = {"unknown.css", layout.MANIFEST, *kept}
    assert {name for name in contents(tmp_path) if not name.startswith(layout.FOLDER)} == names
    records = at(tmp_path).records
    assert (records.recorded(), records.indexed(), list(records.history().entries)) == ([newest.id],) * 2 + (
        [newest.id],
    )
    assert verify(at(tmp_path)).differences == []
    assert complaints(tmp_path) == []


def test_unhashed_files_go_when_they_are_still_what_was_published(tmp_path: Path) -> None:
    gone = {"gone.txt": b"gone", "taken.txt": b"was ours"}
    released(tmp_path, OLD | gone, OLD, unhashed=True)
    (tmp_path / "taken.txt").write_bytes(b"somebody else's")
    planned = pruned(tmp_path)
    assert "gone.txt" in planned.files
    assert not (tmp_path / "gone.txt").exists()
    assert (tmp_path / "taken.txt").read_bytes() == b"somebody else's"
    assert (tmp_path / "LICENSE").read_bytes() == OLD["LICENSE"]


def test_a_plan_and_a_prune_without_work_write_nothing(tmp_path: Path) -> None:
    released(tmp_path, OLD, NEW)
    before = identities(tmp_path)
    assert not prune.plan(at(tmp_path), 1, 30, LATER).is_empty
    assert pruned(tmp_path, retain=5).is_empty
    assert identities(tmp_path) == before


def test_a_pinned_release_and_its_files_stay(tmp_path: Path) -> None:
    old, new, newest = released(tmp_path, OLD, NEW, NEWEST)
    assert list(pruned(tmp_path, pinned=old.id).leaving) == [new.id]
    assert files_of(old).keys() <= contents(tmp_path).keys()
    assert set(at(tmp_path).records.history().entries) == {old.id, newest.id}


def test_the_current_release_stays_after_a_rollback_to_the_oldest(tmp_path: Path) -> None:
    old, *_ = released(tmp_path, OLD, NEW, NEWEST)
    go_back(tmp_path, old.id)
    pruned(tmp_path)
    assert at(tmp_path).records.current() == old.id
    assert verify(at(tmp_path)).differences == []


def test_indexes_no_longer_promise_what_is_gone(tmp_path: Path) -> None:
    old, _, newest = released(tmp_path, OLD, NEW, NEWEST)
    pruned(tmp_path, retain=2)
    for id_ in at(tmp_path).records.indexed():
        index = Index((tmp_path / layout.FOLDER / layout.index(id_)).read_bytes())
        assert index.find(old.assets["font/f.eot"].name) is None
        assert index.find(newest.assets["font/f.eot"].name)


def test_what_a_killed_prune_left_is_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new, _ = released(tmp_path, OLD, NEW, NEWEST)
    planned = prune.plan(at(tmp_path), 1, 30, LATER)
    at(tmp_path).records.put(layout.HISTORY, planned.history.to_bytes())  # marked, and killed
    again = pruned(tmp_path)
    assert (again.leaving, again.forgotten) == ({}, sorted([old.id, new.id]))
    assert again.files == planned.files
    assert verify(at(tmp_path)).differences == []


@pytest.mark.parametrize("again", [lambda root: released(root, NEWEST), pruned])
def test_indexes_that_a_killed_prune_did_not_make_are_made_by_the_next_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, again: Callable[[Path], object]
) -> None:
    released(tmp_path, OLD, NEW, NEWEST)
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(switch, "put_indexes", _killed)
        pruned(tmp_path)
    assert any("which no record lists" in each.problem for each in verify(at(tmp_path)).differences)
    again(tmp_path)
    assert verify(at(tmp_path)).differences == []
    before = identities(tmp_path)
    again(tmp_path)
    assert identities(tmp_path) == before


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_release_that_cannot_say_what_it_needs_stops_it(tmp_path: Path) -> None:
    _, new, _ = released(tmp_path, OLD, NEW, NEWEST)
    (tmp_path / layout.FOLDER / layout.record(new.id)).write_bytes(b"{")
    before = identities(tmp_path)
    with pytest.raises(ReleaseError, match="nothing is removed"):
        pruned(tmp_path, retain=2)
    assert identities(tmp_path) == before
    assert new.id in pruned(tmp_path).leaving  # past retention, it needs nothing


def test_without_the_record_of_the_current_release_nothing_is_removed(tmp_path: Path) -> None:
    *_, current = released(tmp_path, OLD, NEW, NEWEST)
    (tmp_path / layout.FOLDER / layout.record(current.id)).unlink()
    before = identities(tmp_path)
    with pytest.raises(ReleaseError, match="nothing is removed"):
        pruned(tmp_path)
    assert identities(tmp_path) == before


def test_a_release_without_a_record_leaves_the_history(tmp_path: Path) -> None:
    old, new = released(tmp_path, OLD, NEW)
    (tmp_path / layout.FOLDER / layout.record(old.id)).unlink()
    assert list(pruned(tmp_path, retain=5).leaving) == [old.id]
    assert list(at(tmp_path).records.history().entries) == [new.id]


def test_old_temporary_files_go_and_young_ones_stay(tmp_path: Path) -> None:
    released(tmp_path, OLD)
    for name, age in (
        ("css/.clearway-old.tmp", 3601),
        (".clearway/.clearway-old.tmp", 3601),
        (".clearway-new.tmp", 60),
    ):
        (tmp_path / name).write_bytes(b"half")
        os.utime(tmp_path / name, (LATER - age, LATER - age))
    assert len(pruned(tmp_path, retain=5).temporaries) == 2
    assert [path.name for path in tmp_path.rglob("*.tmp")] == [".clearway-new.tmp"]


def test_nothing_was_built_yet(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_bytes(b"")
    assert pruned(tmp_path).is_empty
    assert [path.name for path in tmp_path.iterdir()] == ["a.css"]
