"""What a transport promises of objects, asked of every store."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from tests.system.stores.stands import Stand

from clearway.stores.errors import ChangedError, StoreError
from clearway.stores.transport import Fields, Transport

pytestmark = [pytest.mark.system, pytest.mark.timeout(600)]  # the first one also installs and starts the stores
CSS = Fields("text/css; charset=utf-8", "public, max-age=31536000, immutable", "br")
PLAIN = Fields("text/plain; charset=utf-8", "no-cache")
PREFIX = "live site/"
NAMES = (
    "css/site.4f3c1d2a9b7e.css",
    "a b/é(1)+&=.svg",
    "a b/é(1) &=.svg",
    "100%/50%25~x#y?.js",
    "plus+plus.js",
    "%2e%2e/%2F.txt",
    "日本語/Ω≈ç.png",
    "e\u0301.txt",
    "'quoted' \"twice\".js",
    ".well-known/a;b=c,d@e!$*.json",
    ".clearway/current",
    "/".join(["x" * 119] * 8) + "/" + "y" * (1024 - len(PREFIX) - 960),
)


def test_odd_names_are_kept_apart(store: Stand) -> None:
    transport = store.target()
    for number, name in enumerate(NAMES):
        transport.put(name, b"%d" % number, PLAIN)
    assert sorted(entry.name for entry in transport.list()) == sorted(NAMES)
    for number, name in enumerate(NAMES):
        data, entry = transport.read(name)
        assert data == b"%d" % number
        assert transport.head(name) == entry
    transport.copy(NAMES[1], NAMES[0])
    assert transport.read(NAMES[0])[0] == b"1"
    transport.delete(NAMES[1:])
    assert [entry.name for entry in transport.list()] == [NAMES[0]]


def test_a_name_with_a_dot_segment_is_refused(store: Stand) -> None:
    for name in ("../out", "a/../../out"):
        with pytest.raises((StoreError, ValueError)):
            store.target().put(name, b"", PLAIN)


def test_many_are_listed_and_deleted(store: Stand) -> None:
    transport = store.target()
    names = [f"folder {number % 7}/{number:04}+é" for number in range(store.kind.many)]
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda name: transport.put(name, b"a", PLAIN), names))
    assert sorted(entry.name for entry in transport.list()) == sorted(names)
    transport.delete(["absent", *names[1:], "absent/too"])
    assert [entry.name for entry in transport.list()] == names[:1]


def test_what_is_not_there_is_not_there(store: Stand) -> None:
    transport = store.target()
    assert list(transport.list()) == []
    assert transport.head("a") is None
    for ask in (lambda: transport.read("a"), lambda: transport.copy("a", "b")):
        with pytest.raises(FileNotFoundError):
            ask()
    transport.delete(["a"])
    transport.delete(["a", "b/c"])
    transport.delete([])


def test_an_empty_object_is_an_object(store: Stand) -> None:
    transport = store.target()
    transport.put("a", b"", PLAIN)
    found, (listed,) = transport.head("a"), transport.list()
    assert (found and found.size, listed.size, transport.read("a")[0]) == (0, 0, b"")


def test_a_listing_tells_the_versions_that_answers_tell(store: Stand) -> None:
    transport = store.target()
    made = transport.put("a", b"1", PLAIN)
    (listed,) = transport.list()
    found = transport.head("a")
    assert found
    assert found.version == transport.read("a")[1].version
    if store.is_bucket:
        assert listed.version.etag == found.version.etag == made.etag
    assert abs(listed.changed - found.changed) < 2 * 10**9


@pytest.mark.parametrize("size", [1, 3_000_000])
def test_the_header_fields_are_kept(bucket: Stand, size: int) -> None:
    assert bucket.headers
    url = bucket.new()
    transport = bucket.target(url)
    transport.put("a b.css", b"x" * size, CSS)
    transport.copy("a b.css", "copied/b+c.css")
    for name in ("a b.css", "copied/b+c.css"):
        fields = bucket.headers(url, name)
        assert fields["content-type"] == CSS.type
        assert fields["content-encoding"] == CSS.encoding
        assert fields["cache-control"] == CSS.caching
        assert transport.read(name)[0] == b"x" * size


def test_an_object_without_encoding_has_none(bucket: Stand) -> None:
    assert bucket.headers
    url = bucket.new()
    bucket.target(url).put("a", b"x", PLAIN)
    assert not bucket.headers(url, "a").get("content-encoding")


# --- conditions, as the publisher asks for them


@pytest.fixture
def known(store: Stand) -> Transport:
    return store.known()[0]


def test_an_object_is_created_once(known: Transport) -> None:
    with known.alone():
        assert known.create("a", b"first", PLAIN)
        assert known.create("a", b"second", PLAIN) is None
        assert known.read("a")[0] == b"first"


def test_a_swap_needs_the_version_that_is_there(known: Transport) -> None:
    with known.alone():
        first = known.create("a", b"1", PLAIN)
        assert first
        second = known.swap("a", b"2", PLAIN, first)
        with pytest.raises(ChangedError):
            known.swap("a", b"3", PLAIN, first)
        assert known.swap("a", b"4", PLAIN, second)
        assert known.swap("a", b"5", PLAIN, known.read("a")[1].version)
        with pytest.raises(ChangedError):
            known.swap("a", b"6", PLAIN, second)
        assert known.read("a")[0] == b"5"


def test_what_a_listing_says_can_be_swapped(store: Stand, known: Transport) -> None:
    if not store.is_bucket:
        pytest.skip("only on stores whose listings tell versions")
    with known.alone():
        known.put("a", b"1", PLAIN)
        seen = next(entry for entry in known.list() if entry.name == "a").version
        assert known.swap("a", b"2", PLAIN, seen)
        with pytest.raises(ChangedError):
            known.swap("a", b"3", PLAIN, seen)
        assert known.read("a")[0] == b"2"


def test_what_is_gone_cannot_be_swapped(known: Transport) -> None:
    with known.alone():
        version = known.create("a", b"1", PLAIN)
        assert version
        known.delete(["a"])
        with pytest.raises(ChangedError):
            known.swap("a", b"2", PLAIN, version)
        assert known.head("a") is None


# --- what it can do


def test_what_it_can_do_is_found_out(store: Stand) -> None:
    _, found = store.known()
    kind = store.kind
    assert (found.creates_only, found.swaps) == (kind.creates_only, kind.swaps)
    if found.swaps:
        assert found.quotes_etags == kind.quotes_etags


def test_it_does_what_was_found_out(store: Stand) -> None:
    """Sixteen creates at once: one wins where that was found out, and otherwise none or several."""
    transport = store.target()

    def create(number: int) -> bool:
        with suppress(StoreError):
            return transport.create("a", b"%d" % number, PLAIN) is not None
        return False

    with ThreadPoolExecutor(16) as pool:
        winners = [number for number, won in enumerate(pool.map(create, range(16))) if won]
    if store.kind.creates_only:
        assert [b"%d" % number for number in winners] == [transport.read("a")[0]]
    elif store.kind.refuses:
        assert winners == []
    else:
        assert len(winners) > 1


# --- what goes wrong


def test_a_wrong_secret_is_told(store: Stand) -> None:
    if not store.kind.signs:
        pytest.skip("only on stores that verify signatures")
    secrets = {"secret_access_key": "wrong", "account_key": "d3Jvbmc=", "bearer_token": "wrong"}
    wrong = {key: secrets.get(key, value) for key, value in store.options.items()}
    url = store.new()
    transport = Stand(store.kind, store.new, wrong, {}).target(url)
    for ask in (lambda: transport.put("a", b"", PLAIN), lambda: list(transport.list()), lambda: transport.read("a")):
        with pytest.raises(StoreError, match=r"40[13].*credentials"):
            ask()
    assert list(store.target(url).list()) == []


def test_no_bucket_is_told(bucket: Stand) -> None:
    scheme = bucket.new().partition("://")[0]
    transport = bucket.target(f"{scheme}://nobody-made-it/live")
    for ask in (lambda: transport.put("a", b"", PLAIN), lambda: list(transport.list()), lambda: transport.read("a")):
        with pytest.raises(StoreError, match="no such bucket; make it"):
            ask()
