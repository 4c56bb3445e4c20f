"""Records: round trips, the id of a release, the history, and what is not a record at all."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearway.catalog import layout
from clearway.catalog.asset import Asset, Variant
from clearway.catalog.errors import RecordError
from clearway.catalog.history import Entry, History
from clearway.catalog.release import Release

from .samples import ASSETS, HISTORIES, RELEASES, hashed, release

SOURCES = {"a.css": b"a", "d/b.js": b"b", "c.png": b"c"}
HISTORY = History({"0f" * 8: Entry(1_700_000_000, 1_700_000_600, None, "c0ffee"), "1e" * 8: Entry(5, None, "0f" * 8)})
READERS: list[Callable[[bytes], object]] = [Release.from_bytes, History.from_bytes]


@settings(max_examples=40)
@given(ASSETS)
def test_an_asset_is_read_as_it_was_written(asset: Asset) -> None:
    assert Asset.from_json(json.loads(json.dumps(asset.to_json()))) == asset


@settings(max_examples=40)
@given(RELEASES)
def test_a_release_is_read_as_it_was_written(release: Release) -> None:
    read = Release.from_bytes(release.to_bytes())
    assert (read, read.id, read.to_bytes()) == (release, release.id, release.to_bytes())


@settings(max_examples=40)
@given(HISTORIES)
def test_a_history_is_read_as_it_was_written(history: History) -> None:
    read = History.from_bytes(history.to_bytes())
    assert {id_: replace(entry, commit=entry.commit or None) for id_, entry in history.entries.items()} == read.entries
    assert read.to_bytes() == history.to_bytes()


def test_a_history_says_what_was_forgotten_and_who_removes() -> None:
    sweeper = {"owner": "somebody", "beat": 1}
    history = replace(HISTORY, forgotten={"2d" * 8: 7}, sweeps=3, sweeper=sweeper, pending=True)
    assert History.from_bytes(history.to_bytes()) == history
    assert HISTORY.to_bytes() == replace(history, forgotten={}, sweeps=0, sweeper=None, pending=False).to_bytes()
    assert b"swe" not in HISTORY.to_bytes()


@pytest.mark.parametrize(
    ("history", "is_settled"),
    [
        (History({"0f" * 8: Entry(1, None), "1e" * 8: Entry(2, 3)}), True),
        (History({"0f" * 8: Entry(1, None), "1e" * 8: Entry(2, None)}), False),
        (History({"0f" * 8: Entry(1, 3), "1e" * 8: Entry(2, None)}), False),
        (History({"0f" * 8: Entry(1, None)}, pending=True), False),
        (History({"0f" * 8: Entry(1, None)}, sweeper={"owner": "somebody"}), False),
        (History({}), False),
    ],
)
def test_a_history_is_settled_on_the_one_release_that_did_not_retire(history: History, is_settled: bool) -> None:
    assert history.is_settled("0f" * 8) is is_settled


def test_what_becomes_current_is_retained_again_and_what_did_not_make_it_retires() -> None:
    history = History({"0f" * 8: Entry(1, None), "1e" * 8: Entry(2, None)}, {"2d" * 8: 7}, 3)
    after = history.switched("2d" * 8, "0f" * 8, 9)
    assert (after.forgotten, after.sweeps) == ({}, 3)
    assert {id_: entry.retired for id_, entry in after.entries.items()} == {"0f" * 8: 9, "1e" * 8: 9, "2d" * 8: None}


def test_a_pointer_has_other_bytes_after_each_removal() -> None:
    pointers = [layout.pointer("0f" * 8, sweeps) for sweeps in range(40)]
    assert len({*pointers}) == 40
    assert {each.strip() for each in pointers} == {"0f" * 8}
    assert pointers[0] == "0f" * 8 + "\n"


# --- the id


@settings(max_examples=40)
@given(RELEASES, st.randoms(use_true_random=False))
def test_the_order_of_assets_changes_neither_id_nor_record(release: Release, random: st.DataObject) -> None:
    names = list(release.assets)
    random.shuffle(names)  # type: ignore[attr-defined]
    shuffled = replace(release, assets={name: release.assets[name] for name in names})
    assert (shuffled.id, shuffled.to_bytes()) == (release.id, release.to_bytes())


def test_the_same_build_is_the_same_release_everywhere() -> None:
    assert release(SOURCES).id == "6f0bb2376bd059c5"


def test_the_id_follows_what_is_published_and_nothing_else() -> None:
    made = release(SOURCES)
    one = made.assets["a.css"]

    def changed(asset: Asset) -> str:
        return replace(made, assets={**made.assets, "a.css": asset}).id

    assert changed(replace(one, variants={}, source="app", references=("c.png",), plain=Variant(1, "00"))) == made.id
    ids = [
        made.id,
        changed(replace(one, name="other.css")),
        changed(replace(one, sha256="00" * 32)),
        replace(made, static_url="/s/").id,
        replace(made, fingerprint="g").id,
        replace(made, assets={"b.css": one}).id,
        replace(made, assets={}).id,
    ]
    assert len(set(ids)) == len(ids)
    assert all(len(id_) == 16 and int(id_, 16) >= 0 for id_ in ids)


def test_a_record_is_one_line_of_sorted_ascii() -> None:
    data = release({"ü.css": b"", "\udcff.css": b""}).to_bytes()
    assert data.isascii()
    assert data.endswith(b"}\n")
    assert data.count(b"\n") == 1
    assert list(json.loads(data)) == ["assets", "fingerprint", "format", "static_url"]


# --- the history


def test_a_switch_retires_the_previous_release() -> None:
    first = History().switched("a", None, 10)
    second = first.switched("b", "a", 20)
    assert first.entries == {"a": Entry(10)}
    assert second.entries == {"a": Entry(10, retired=20), "b": Entry(20, parent="a")}


def test_the_same_release_again_changes_nothing() -> None:
    history = History().switched("a", None, 10).switched("b", "a", 20)
    assert history.switched("b", "b", 30) == history


def test_a_rollback_takes_a_release_out_of_retirement() -> None:
    history = History().switched("a", None, 10).switched("b", "a", 20).switched("a", "b", 30)
    assert history.entries == {"a": Entry(10), "b": Entry(20, retired=30, parent="a")}


def test_a_predecessor_without_an_entry_is_no_obstacle() -> None:
    assert History().switched("b", "gone", 20).entries == {"b": Entry(20, parent="gone")}


def test_the_latest_retired_comes_first_after_the_current() -> None:
    history = History({"a": Entry(1, 40), "b": Entry(2, 60), "c": Entry(3, 50), "d": Entry(4), "e": Entry(70)})
    assert history.newest_first("d") == ["d", "e", "b", "c", "a"]
    assert history.newest_first("new") == ["new", "e", "b", "c", "a", "d"]


def test_a_file_is_as_old_as_the_first_release_that_lists_it() -> None:
    old, new = release({"a.css": b"a", "b.css": b"b"}), release({"a.css": b"a", "b.css": b"B"})
    unknown = release({"c.css": b"c"})
    history = History({old.id: Entry(10, 20), new.id: Entry(20)})
    first = {hashed("a.css", b"a"): old.id, hashed("b.css", b"b"): old.id, hashed("b.css", b"B"): new.id}
    assert history.origins([new, unknown, old]) == history.origins([old, new]) == first


# --- what is no record


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0" * 300,
        b"\xff\xfe",
        b"null",
        b"5",
        b'"text"',
        b"[]",
        b"{}",
        b'{"format":1}',
        b'{"format":1,"static_url":"/","fingerprint":"","assets":[],"releases":[]}',
        b'{"format":1,"static_url":"/","fingerprint":"","assets":{"a":[]},"releases":{"a":[]}}',
        b'{"format":1,"static_url":"/","fingerprint":"","assets":{"a":null},"releases":{"a":{"created":5}}}',
        b'{"format":1,"static_url":"/","fingerprint":"","assets":null,"releases":{"a":{"created":"never"}}}',
        b'{"format":1,"assets":{},"releases":{"a":{"created":"2024-01-01T00:00:00Z","retired":[]}}}',
        b'{"format":2,"static_url":"/","fingerprint":"","assets":{},"releases":{}}',
        b'{"format":"1","static_url":"/","fingerprint":"","assets":{},"releases":{}}',
        b"[" * 100_000,
    ],
    ids=lambda data: ascii(data)[:80],
)
def test_what_is_no_record_is_a_record_error(read: Callable[[bytes], object], data: bytes) -> None:
    with pytest.raises(RecordError):
        read(data)


@pytest.mark.parametrize(
    "row",
    [
        {"size": 1e999},
        {"size": "many"},
        {"size": None},
        {"variants": []},
        {"variants": {"gzip": {"size": 1}}},
        {"variants": {"gzip": {"size": 1e999, "sha256": ""}}},
        {"references": 5},
        {"plain": {"size": 5}},
        {"plain": 5},
    ],
    ids=str,
)
def test_a_damaged_asset_is_a_record_error(row: dict[str, object]) -> None:
    data = json.loads(release({"a.css": b"a"}).to_bytes())
    data["assets"]["a.css"] |= row
    with pytest.raises(RecordError, match="here"):
        Release.from_bytes(json.dumps(data).encode(), "here")


@pytest.mark.parametrize(
    "created", ["0001-01-01", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2024", ""]
)
def test_an_impossible_time_is_read_or_a_record_error(created: str) -> None:
    data = {"format": 1, "releases": {"a": {"created": created}}}
    try:
        History.from_bytes(json.dumps(data).encode())
    except RecordError as error:
        assert "history.json" in str(error)


@settings(max_examples=400)
@given(st.data())
def test_damage_is_a_record_error_or_not_noticed(data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from([release(SOURCES).to_bytes(), HISTORY.to_bytes()]))
    damaged = bytearray(whole[: data.draw(st.integers(0, len(whole)))] if data.draw(st.booleans()) else whole)
    for _ in range(data.draw(st.integers(0, 3)) if damaged else 0):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(
            st.sampled_from(b'\0e"[]{},:-9\xff') | st.integers(0, 255)
        )
    for read in READERS:
        try:
            read(bytes(damaged))
        except RecordError as error:
            assert str(error)
