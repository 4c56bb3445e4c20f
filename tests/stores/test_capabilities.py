"""What a store can do is proven with real requests, once, whatever it answers."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from tests.helpers.object_server import ObjectServer, obedient, overwriting, unquoted, without_conditions

from clearway.stores import capabilities
from clearway.stores.capabilities import FILE, Capabilities, adapted, find_out, remembered
from clearway.stores.errors import ChangedError, LockedError, StoreError
from clearway.stores.object_store import BucketStore, bucket_store
from clearway.stores.shared_directory import SharedDirectory
from clearway.stores.transport import Fields, Version

JSON = Fields("application/json", "no-cache")


@pytest.mark.parametrize(
    ("habit", "creates_only", "swaps", "quotes_etags"),
    [
        (obedient, True, True, True),
        (unquoted, True, True, False),
        (overwriting, False, False, True),
        (without_conditions, False, False, True),
    ],
)
def test_the_habit_of_a_store_is_recognised(
    object_server: ObjectServer, habit: Callable[..., Any], creates_only: bool, swaps: bool, quotes_etags: bool
) -> None:
    url = object_server.new_bucket()
    transport = bucket_store(url, object_server.options)
    with object_server.behaving(habit):
        found = find_out(transport, "br")
        assert (found.creates_only, found.swaps, found.quotes_etags) == (creates_only, swaps, quotes_etags)
        assert found.is_conditional == (creates_only and swaps)
        object_server.asked.clear()
        assert remembered(transport) == found
        assert len(object_server.asked_of(url)) == 1
        assert [entry.name for entry in transport.list()] == [FILE]


def test_four_requests_are_enough_where_all_is_well(object_server: ObjectServer) -> None:
    url = object_server.new_bucket()
    transport = bucket_store(url, object_server.options)
    object_server.asked.clear()
    assert find_out(transport).is_conditional
    assert [asked.status for asked in object_server.asked_of(url)] == [200, 412, 412, 200]


def test_a_gateway_that_wants_tags_without_quotes_is_asked_once_more(object_server: ObjectServer) -> None:
    url = object_server.new_bucket()
    transport = bucket_store(url, object_server.options)
    object_server.asked.clear()
    with object_server.behaving(unquoted):
        assert not find_out(transport).quotes_etags
    assert [asked.status for asked in object_server.asked_of(url)] == [200, 412, 412, 412, 200]


@pytest.mark.parametrize("lost", [1, 2])
def test_an_answer_that_was_lost_is_no_refusal(
    object_server: ObjectServer, monkeypatch: pytest.MonkeyPatch, lost: int
) -> None:
    """The client asks again then, and its own first request has changed the version meanwhile."""
    transport = bucket_store(object_server.new_bucket(), object_server.options)
    swap, right = BucketStore.swap, 0

    def losing(self: BucketStore, name: str, data: bytes, fields: Fields, expected: Version) -> Version:
        nonlocal right
        done = swap(self, name, data, fields, expected)
        right += 1
        if right == 1:
            raise ChangedError(name)
        return done

    with object_server.behaving(unquoted if lost == 2 else obedient):
        monkeypatch.setattr(BucketStore, "swap", losing)
        found = find_out(transport)
        assert (found.swaps, found.quotes_etags) == (True, lost == 1)
        assert remembered(transport) == found


def test_a_directory_and_memory_can_do_all(tmp_path: Path) -> None:
    from obstore.store import MemoryStore

    for transport in (SharedDirectory(tmp_path / "target"), BucketStore(MemoryStore(), "memory")):
        assert remembered(transport) is None
        assert find_out(transport).is_conditional
        assert remembered(transport)


def test_a_version_is_named_as_the_store_understands_it(object_server: ObjectServer) -> None:
    with object_server.behaving(unquoted):
        transport = bucket_store(object_server.new_bucket(), object_server.options)
        told = adapted(transport, find_out(transport))
        version = told.create("a", b"1", JSON)
        assert version
        assert told.swap("a", b"2", JSON, version)


def test_what_a_killed_run_left_is_asked_again(object_server: ObjectServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capabilities, "sleep", lambda seconds: None)
    transport = bucket_store(object_server.new_bucket(), object_server.options)
    transport.create(FILE, b'{"format": 0, "asked_by": "somebody"}', JSON)
    assert find_out(transport).is_conditional
    assert remembered(transport)


def test_several_runs_that_ask_at_once_find_the_same(object_server: ObjectServer) -> None:
    transport = bucket_store(object_server.new_bucket(), object_server.options)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: find_out(transport), range(4)))
    assert {(each.creates_only, each.swaps) for each in found} == {(True, True)}
    assert remembered(transport) in found


def test_one_that_never_ends_is_told(object_server: ObjectServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capabilities, "sleep", lambda seconds: None)
    transport = bucket_store(object_server.new_bucket(), object_server.options)
    monkeypatch.setattr(transport, "delete", lambda names: None)
    transport.create(FILE, b"{}", JSON)
    with pytest.raises(LockedError, match="run this again"):
        find_out(transport)


def test_an_error_is_no_answer(object_server: ObjectServer) -> None:
    transport = bucket_store("s3://nobody-made-it", object_server.options)
    with pytest.raises(StoreError, match="no such bucket"):
        find_out(transport)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"format": 2}', b'{"format": 1}', b'{"format": 1, "swaps": 1}'])
def test_what_is_not_understood_is_asked_again(data: bytes) -> None:
    assert Capabilities.from_bytes(data) is None


def test_what_is_remembered_is_read_again() -> None:
    known = Capabilities(True, False, True, "2026-11-22T03:00:00+00:00", "br")
    assert Capabilities.from_bytes(known.to_bytes()) == known
