"""What retained releases hold on to."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearway.catalog import layout
from clearway.catalog.asset import Asset, Variant
from clearway.catalog.history import History
from clearway.catalog.release import Release
from clearway.releases.retained import Retained, RetainedReleases
from clearway.stores.directory import Directory
from clearway.stores.places import Places
from clearway.stores.records import Records
from clearway.stores.switch import switch as switch_for_real

VARIANT = Variant(1, "0" * 64)
OLD = Release(
    "/static/",
    "",
    {"a.css": Asset("a.1.css", 1, "1" * 64, "", ""), "gone.css": Asset("gone.1.css", 1, "1" * 64, "", "")},
)
NEW = Release(
    "/static/",
    "",
    {
        "a.css": Asset("a.2.css", 1, "2" * 64, "", "", variants={"br": VARIANT, "zstd": VARIANT}),
        "same.css": Asset("same.css", 1, "2" * 64, "", ""),
    },
)


def switch(records: Records, release: Release, now: int) -> None:
    records.put(layout.record(release.id), release.to_bytes())
    records.put(layout.HISTORY, records.history().switched(release.id, records.current(), now).to_bytes())
    records.put(layout.CURRENT, release.id.encode())


def test_the_newest_release_wins_and_files_of_all_stay(tmp_path: Path) -> None:
    records = Records(Directory(tmp_path))
    records.put(layout.HISTORY, History().to_bytes())
    retained = RetainedReleases(records)
    assert retained.get().names == {}
    switch(records, OLD, 100)
    assert retained.get().names == {"a.css": "a.1.css", "gone.css": "gone.1.css"}
    switch(records, NEW, 200)
    assert retained.get().names == {"a.css": "a.2.css", "gone.css": "gone.1.css", "same.css": "same.css"}
    assert retained.get().files == {"a.1.css", "gone.1.css", "a.2.css", "a.2.css.br", "a.2.css.zst"}
    assert retained.get() is retained.get()


# --- whether a file must stay, from the index

NAMES = st.sampled_from(["a", "b", "a.1", "b.gz", "a.br"])
ASSETS = st.builds(
    lambda name, codings, immutable: Asset(
        name, 1, "1" * 64, "", "", variants=dict.fromkeys(codings, VARIANT), immutable=immutable
    ),
    NAMES,
    st.sets(st.sampled_from(["br", "gzip"])),
    st.booleans(),
)
RELEASES = st.builds(
    lambda assets, number: Release("/static/", f"{number}", assets),
    st.dictionaries(NAMES, ASSETS, max_size=4),
    st.integers(0, 99),
)


def built(root: Path, *releases: Release) -> Records:
    places = Places(Directory(root), Records(Directory(root / layout.FOLDER)), lambda names: None)
    records = places.records
    for now, release in enumerate(releases):
        records.put(layout.record(release.id), release.to_bytes())
        switch_for_real(release, records.history().switched(release.id, records.current(), now), places)
    return records


@settings(max_examples=60)
@given(st.lists(RELEASES, min_size=1, max_size=4))
def test_the_index_says_what_the_records_say(tmp_path_factory: pytest.TempPathFactory, releases: list[Release]) -> None:
    records = built(tmp_path_factory.mktemp("r"), *releases)
    assert records.union() is not None
    retained = Retained(records)
    names = [name + suffix for name in ("a", "b", "a.1", "c") for suffix in ("", ".gz", ".br", ".zst")]
    assert {name for name in names if retained.lists(name)} == {name for name in names if name in retained.files}


def test_no_record_is_read_while_the_index_knows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    records = built(tmp_path, OLD, NEW)
    monkeypatch.setattr(Records, "release", lambda *_: pytest.fail("a record was read"))
    retained = Retained(records)
    assert [retained.lists(name) for name in ("a.css", "a.1.css", "a.2.css", "x.css.br", "a.css.br")] == [
        False,
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize("change", ["history", "index", "no index"])
def test_an_index_that_is_not_the_union_is_not_asked(tmp_path: Path, change: str) -> None:
    records = built(tmp_path, NEW)
    where = tmp_path / layout.FOLDER / layout.index(NEW.id)
    if change == "history":  # a run that was killed before it wrote the index
        records.put(layout.record(OLD.id), OLD.to_bytes())
        records.put(layout.HISTORY, records.history().switched(OLD.id, NEW.id, 200).to_bytes())
    elif change == "index":
        where.write_bytes(where.read_bytes()[:-1] + b"?")
    else:
        where.unlink()
    assert records.union() is None
    retained = Retained(records)
    assert retained.lists("a.2.css.br") and not retained.lists("a.css")
    assert retained.lists("a.1.css") is (change == "history")


def test_without_records_nothing_is_retained() -> None:
    retained = Retained()
    assert retained.is_empty and not retained.lists("a.css") and retained.names == {}
