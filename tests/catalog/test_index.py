"""The index against a dictionary: the union of releases, misses, damage."""

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearway.catalog.asset import Asset
from clearway.catalog.errors import RecordError
from clearway.catalog.history import Entry, History
from clearway.catalog.index import Found, Index, encode
from clearway.catalog.release import Release

from .samples import ASSETS, NAMES, RELEASES, SECONDS, URL, asset, hashed, release

ORDER = ("br", "gzip", "identity", "zstd")


def row(asset: Asset, immutable: bool, created: int) -> Found:
    sizes = {"identity": (asset.size, asset.sha256)}
    sizes |= {coding: (each.size, each.sha256) for coding, each in asset.variants.items()}
    codings = tuple(
        (coding, sizes[coding][0], bytes.fromhex(sizes[coding][1][:32])) for coding in ORDER if coding in sizes
    )
    return Found(asset.name, immutable, asset.type, created, codings)


def expected(current: Release, others: list[Release], created: Mapping[str, int]) -> dict[str, Found]:
    """By name; what comes later here wins."""
    table: dict[str, Found] = {}
    for each in [*reversed(others), current]:
        published: dict[str, Asset] = {}
        for _, one in sorted(each.assets.items()):
            published.setdefault(one.name, one)
        if each is current:
            table |= {
                name: row(published[one.name], False, created.get(one.name, 0)) for name, one in each.assets.items()
            }
        table |= {name: row(one, True, created.get(name, 0)) for name, one in published.items()}
    return table


@settings(max_examples=40)
@given(RELEASES, st.lists(RELEASES, max_size=2), st.data())
def test_the_index_is_a_dictionary(current: Release, others: list[Release], data: st.DataObject) -> None:
    published = [one.name for each in (current, *others) for one in each.assets.values()]
    times = data.draw(st.dictionaries(st.sampled_from("abc"), SECONDS))
    origins = {name: data.draw(st.sampled_from("abc")) for name in published if data.draw(st.booleans())}
    history = History({id_: Entry(seconds) for id_, seconds in times.items()})
    created = {name: times[id_] for name, id_ in origins.items() if id_ in times}
    read = Index(encode(current, others, origins), history=history)
    table = expected(current, others, created)
    assert {name: read.find(name) for name in table} == table
    assert list(read.names()) == sorted(table, key=lambda name: name.encode("utf-8", "surrogatepass"))
    assert (len(read), read.current, read.static_url) == (len(table), current.id, current.static_url)
    assert read.top >= {name.partition("/")[0] for name in table}
    for miss in data.draw(st.lists(NAMES | st.text(max_size=5), max_size=5)):
        assert (read.find(miss) is None) == (miss not in table)


def test_many_names_are_all_found_and_no_others() -> None:
    assets = {f"d{number}/ü{number}.css": asset(f"d{number}/ü.css", b"%d" % number) for number in range(3000)}
    read = Index(encode(Release(URL, "", assets), [], {}))
    assert all((found := read.find(name)) and found.published_name == one.name for name, one in assets.items())
    assert all(read.find(f"d{number}/ü.css") is None for number in range(3000, 6000))


@pytest.mark.parametrize(
    "name", ["", "/", "a", "a.css/", "/a.css", "A.css", "a.css\0", "\udcff", "\ud800", "x" * 70_000]
)
def test_a_miss_is_none(name: str) -> None:
    assert Index(encode(release({"a.css": b"a"}), [], {})).find(name) is None
    assert Index(encode(release({}), [], {})).find(name) is None


# --- the union


def test_old_hashed_names_stay_and_the_current_alias_wins() -> None:
    old, new = release({"a.css": b"old", "gone.css": b"g"}), release({"a.css": b"new"})
    first, second, gone = hashed("a.css", b"old"), hashed("a.css", b"new"), hashed("gone.css", b"g")
    history = History({"one": Entry(10), "two": Entry(20)})
    read = Index(encode(new, [old], {first: "one", second: "two"}), history=history)
    found = {name: read.find(name) for name in ("a.css", first, second, gone)}
    seen = {name: each and (each.published_name, each.immutable, each.created) for name, each in found.items()}
    assert seen == {
        "a.css": (second, False, 20),
        first: (first, True, 10),
        second: (second, True, 20),
        gone: (gone, True, 0),
    }
    assert read.find("gone.css") is None


def test_the_current_releases_name_wins_over_an_old_published_one() -> None:
    old = release({"a.css": b"old"})
    taken = old.assets["a.css"].name
    new = release({taken: b"a source of that very name"})
    found = Index(encode(new, [old], {})).find(taken)
    assert found is not None
    assert (found.published_name, found.immutable) == (new.assets[taken].name, False)


def test_a_name_that_was_published_unhashed_is_not_immutable() -> None:
    made = release({"robots.txt": b"r"})
    kept = replace(made, assets={"robots.txt": replace(made.assets["robots.txt"], name="robots.txt")})
    found = Index(encode(kept, [], {})).find("robots.txt")
    assert found is not None
    assert (found.published_name, found.immutable) == ("robots.txt", False)


def test_a_shared_file_has_the_variants_of_the_current_release() -> None:
    new = release({"a.css": b"a"})
    old = replace(new, assets={"a.css": replace(new.assets["a.css"], variants={})}, fingerprint="old")
    name = hashed("a.css", b"a")
    for releases, codings in (([new, old], ["gzip", "identity"]), ([old, new], ["identity"])):
        found = Index(encode(releases[0], releases[1:], {})).find(name)
        assert found is not None
        assert [coding for coding, *_ in found.codings] == codings


def test_the_top_lists_what_releases_own_there() -> None:
    read = Index(encode(release({"a.css": b"a", "d/b.css": b"b", "c.png": b"c"}), [release({"e/f.css": b"f"})], {}))
    a, c = hashed("a.css", b"a"), hashed("c.png", b"c")
    assert read.top == {"a.css", a, f"{a}.gz", "d", "c.png", c, "e"}


@settings(max_examples=30)
@given(st.lists(ASSETS, min_size=2, max_size=5, unique_by=lambda one: one.name))
def test_the_same_records_make_the_same_bytes(assets: list[Asset]) -> None:
    names = [f"n{number}" for number in range(len(assets))]
    rows = list(zip(names, assets, strict=True))
    one, two = (Release(URL, "", dict(each)) for each in (rows, rows[::-1]))
    assert encode(one, [], {}) == encode(two, [], {})


def test_no_time_is_in_an_index() -> None:
    one, two = release({"a.css": b"a"}), release({"a.css": b"a", "b.css": b"b"})
    days = [History({one.id: Entry(day, day + 5), two.id: Entry(day + 5)}) for day in (10, 2_000_000_000)]
    made = {encode(two, [one], history.origins([one, two])) for history in days}
    assert len(made) == 1
    (whole,) = made
    found = [Index(whole, history=history).find("a.css") for history in (*days, None)]
    assert [each and each.created for each in found] == [10, 2_000_000_000, 0]


# --- damage


@settings(max_examples=300)
@given(st.data())
def test_damage_is_a_record_error_or_harmless(data: st.DataObject) -> None:
    whole = encode(release({"a.css": b"a", "b/c.js": b"c"}), [release({"a.css": b"o"})], {hashed("a.css", b"a"): "x"})
    damaged = bytearray(whole)
    kind = data.draw(st.sampled_from(("truncate", "flip", "insert")))
    at = data.draw(st.integers(0, len(whole) - 1))
    if kind == "truncate":
        del damaged[at:]
    elif kind == "insert":
        damaged.insert(at, data.draw(st.integers(0, 255)))
    else:
        damaged[at] ^= data.draw(st.integers(1, 255))
    try:
        read = Index(bytes(damaged))
    except RecordError:
        return
    good = Index(whole)
    assert {name: read.find(name) for name in read.names()} == {name: good.find(name) for name in good.names()}
    assert (read.current, read.static_url, read.top) == (good.current, good.static_url, good.top)


@settings(max_examples=100)
@given(st.binary(max_size=300))
def test_foreign_bytes_are_a_record_error(data: bytes) -> None:
    with pytest.raises(RecordError, match="here"):
        Index(data, "here")


@pytest.mark.parametrize("rest", [b"", b"\0", b"\0" * 4, b"\2\0\0\0{}", b"\2\0\0\0[]", b"\xff" * 8, b"\1\0\0\0{"])
def test_foreign_bytes_with_a_good_digest_are_a_record_error(rest: bytes) -> None:
    with pytest.raises(RecordError):
        Index(b"clearway-index 2 " + sha256(rest).hexdigest().encode() + b"\n" + rest)


def test_every_truncation_is_seen() -> None:
    whole = encode(release({"a.css": b"a"}), [], {})
    for length in range(len(whole)):
        with pytest.raises(RecordError):
            Index(whole[:length])
