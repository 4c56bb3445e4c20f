"""A snapshot asks once, and writes only what nobody else has written meanwhile."""

from pathlib import Path

import pytest
from tests.helpers.object_server import ObjectServer

from clearway.stores.errors import ChangedError
from clearway.stores.object_store import bucket_store
from clearway.stores.shared_directory import SharedDirectory
from clearway.stores.snapshot import Snapshot
from clearway.stores.transport import Fields, Transport

FIELDS = Fields("text/plain", "")


@pytest.fixture
def transport(tmp_path: Path) -> Transport:
    made = SharedDirectory(tmp_path)
    made.create("records/a", b"1", FIELDS)
    return made


def test_what_was_seen_is_what_is_replaced(transport: Transport) -> None:
    files = Snapshot(transport, "records")
    assert files.read("a") == b"1"
    files.swap("a", b"2")
    files.swap("a", b"3")
    files.swap("new", b"4")
    assert [transport.read(name)[0] for name in ("records/a", "records/new")] == [b"3", b"4"]
    assert [*files.list("..")] == []


def test_what_somebody_else_wrote_stays(transport: Transport) -> None:
    files = Snapshot(transport, "records")
    assert files.head("new") is None
    assert files.read("a") == b"1"
    for name in ("records/a", "records/new"):
        transport.put(name, b"theirs", FIELDS)
        with pytest.raises(ChangedError):
            files.swap(name.removeprefix("records/"), b"mine")
        assert transport.read(name)[0] == b"theirs"


def test_whoever_wrote_the_same_was_not_in_the_way(transport: Transport) -> None:
    """That is also how a write looks whose answer was lost, and which the client sent again."""
    files = Snapshot(transport, "records")
    files.read("a")
    transport.put("records/a", b"2", FIELDS)
    files.swap("a", b"2")
    files.swap("a", b"3")
    assert transport.read("records/a")[0] == b"3"


def test_names_that_no_listing_has_are_not_asked_for(object_server: ObjectServer) -> None:
    url = object_server.new_bucket()
    transport = bucket_store(url, object_server.options)
    transport.create("r/a", b"1", FIELDS)
    object_server.asked.clear()
    files = Snapshot(transport, "r")
    files.limit({"r/a", "r/folder/b"})
    assert files.read("a") == files.read("a") == b"1"
    assert files.digest("b") is None
    assert list(files.list("folder")) == ["folder/b"]
    with pytest.raises(FileNotFoundError, match="r/c does not exist"):
        files.read("c")
    assert len(object_server.asked_of(url)) == 1


def test_what_is_deleted_is_gone(transport: Transport) -> None:
    files = Snapshot(transport, "records")
    files.delete("a")
    assert files.head("a") is None
    assert list(transport.list()) == []
