"""Switching releases: whatever the way, the indexes are those that all records together give."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearway.catalog import index, layout
from clearway.catalog.asset import Asset, Variant
from clearway.catalog.release import Release
from clearway.stores import switch as switching
from clearway.stores.directory import Directory
from clearway.stores.places import Places
from clearway.stores.records import Records
from clearway.stores.switch import switch

NAMES = st.sampled_from(["a", "b", "a.1", "b.1", "d/c"])
HASHED = st.builds(lambda name, number: f"{name}.{number}", NAMES, st.integers(1, 3))
ASSETS = st.builds(
    lambda name, size, type_, codings, immutable: Asset(
        name,
        size,
        f"{size:064x}",
        "",
        type_,
        variants={c: Variant(size, "0" * 64) for c in codings},
        immutable=immutable,
    ),
    HASHED | NAMES,
    st.integers(1, 2),
    st.sampled_from(["text/css", "image/png"]),
    st.sets(st.sampled_from(["br", "gzip"])),
    st.booleans(),
)
RELEASES = st.builds(
    lambda assets, number: Release("/static/", f"{number}", assets),
    st.dictionaries(NAMES, ASSETS, max_size=4),
    st.integers(0, 3),
)


def places(root: Path) -> Places:
    return Places(Directory(root), Records(Directory(root / layout.FOLDER)), lambda names: None)


def make_current(here: Places, release: Release, now: int) -> set[str]:
    """The ids whose indexes were to be written."""
    records = here.records
    previous = records.current()
    history = records.history().switched(release.id, previous, now)  # before the record is there, as in a build
    is_new = records.put(layout.record(release.id), release.to_bytes())
    switch(release, history, here, reindex=is_new)
    return {id_ for id_ in (previous, release.id) if id_}


def from_all_records(records: Records, id_: str) -> bytes:
    history = records.history()
    releases = {each: records.release(each) for each in history.entries}
    others = [releases[each] for each in history.newest_first(id_)[1:]]
    return index.encode(releases[id_], others, history.origins(releases.values()))


@settings(max_examples=100)
@given(st.lists(st.tuples(RELEASES, st.integers(0, 2)), min_size=2, max_size=6))
def test_an_index_that_grew_is_the_one_that_is_made_of_all_records(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[Release, int]]
) -> None:
    here, now = places(tmp_path_factory.mktemp("s")), 100
    for release, later in steps:
        now += later
        for id_ in make_current(here, release, now):
            assert here.records.store.read(layout.index(id_)) == from_all_records(here.records, id_)


def hashed(number: int) -> Release:
    assets = {f"{name}.css": Asset(f"{name}.{number}.css", 1, f"{number:064}", "", "text/css") for name in "ab"}
    return Release("/static/", "", assets)


def test_no_record_is_read_however_many_are_retained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = places(tmp_path)
    for number in range(5):
        make_current(here, hashed(number), 100 + number)
    read: list[str] = []
    release = Records.release
    monkeypatch.setattr(Records, "release", lambda self, id_: read.append(id_) or release(self, id_))  # type: ignore[func-returns-value]
    make_current(here, hashed(5), 200)
    assert read == []
    monkeypatch.undo()
    assert here.records.store.read(layout.index(hashed(5).id)) == from_all_records(here.records, hashed(5).id)


def test_a_damaged_index_is_not_built_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = places(tmp_path)
    for number in range(3):
        make_current(here, hashed(number), 100 + number)
    (tmp_path / layout.FOLDER / layout.index(hashed(2).id)).write_bytes(b"?")
    remade: list[object] = []
    monkeypatch.setattr(switching, "put_indexes", lambda *arguments: remade.append(arguments))
    make_current(here, hashed(3), 200)
    assert remade
