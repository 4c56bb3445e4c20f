"""What every transport does, asked of a directory, of a real server over HTTP, and of the client's own memory."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from hashlib import md5
from pathlib import Path
from typing import Any

import pytest
from tests.helpers import gcs_stand_in
from tests.helpers.object_server import Application, ObjectServer, Start, refused

from clearway.releases.uploading import proven
from clearway.stores.capabilities import find_out
from clearway.stores.errors import ChangedError, StoreError
from clearway.stores.object_store import BucketStore, bucket_store
from clearway.stores.shared_directory import SharedDirectory
from clearway.stores.targets import open_target
from clearway.stores.transport import Fields, Transport, Version

CSS = Fields("text/css; charset=utf-8", "public, max-age=31536000, immutable", "br")
NAMES = ("css/site.4f3c1d2a9b7e.css", "a b/é(1)+&=.svg", "100%/50%25~x#y.js", ".clearway/current", "deep/" * 20 + "x")


@pytest.fixture(params=["directory", "server", "memory"])
def transport(request: pytest.FixtureRequest, tmp_path: Path, object_server: ObjectServer) -> Transport:
    if request.param == "directory":
        return SharedDirectory(tmp_path / "target")
    if request.param == "server":
        return bucket_store(f"{object_server.new_bucket()}/live site", object_server.options)
    from obstore.store import MemoryStore

    return BucketStore(MemoryStore(), "memory")


@pytest.mark.parametrize("name", NAMES)
def test_what_is_created_is_read_and_listed(transport: Transport, name: str) -> None:
    version = transport.create(name, b"a{}", CSS)
    assert version
    data, entry = transport.read(name)
    assert (data, entry.size) == (b"a{}", 3)
    (listed,) = transport.list()
    assert (listed.name, listed.size) == (name, 3)
    found = transport.head(name)
    assert found
    assert (found.size, found.version) == (3, entry.version)
    assert abs(found.changed - listed.changed) < 2 * 10**9


def test_what_is_not_there_is_not_there(transport: Transport) -> None:
    assert list(transport.list()) == []
    assert transport.head("a") is None
    with pytest.raises(FileNotFoundError):
        transport.read("a")
    transport.delete(["a", "b/c"])


def test_an_object_is_created_once(transport: Transport) -> None:
    assert transport.create("a", b"first", CSS)
    assert transport.create("a", b"second", CSS) is None
    assert transport.read("a")[0] == b"first"


def test_of_many_that_create_one_wins(transport: Transport) -> None:
    with ThreadPoolExecutor(12) as pool:
        made = list(pool.map(lambda number: transport.create("a", b"%d" % number, CSS), range(12)))
    winners = [number for number, version in enumerate(made) if version]
    assert [b"%d" % number for number in winners] == [transport.read("a")[0]]


def test_a_swap_needs_the_version_that_is_there(transport: Transport) -> None:
    first = transport.create("a", b"1", CSS)
    assert first
    second = transport.swap("a", b"2", CSS, first)
    with pytest.raises(ChangedError):
        transport.swap("a", b"3", CSS, first)
    assert transport.read("a")[0] == b"2"
    assert transport.swap("a", b"4", CSS, second)
    assert transport.swap("a", b"5", CSS, transport.read("a")[1].version)


def test_what_is_gone_cannot_be_swapped(transport: Transport) -> None:
    version = transport.create("a", b"1", CSS)
    assert version
    transport.delete(["a"])
    with pytest.raises(ChangedError):
        transport.swap("a", b"2", CSS, version)
    assert transport.head("a") is None


def test_of_many_that_swap_one_wins(transport: Transport) -> None:
    version = transport.create("a", b"", CSS)
    assert version
    known = version

    def swap(number: int) -> bool:
        try:
            return bool(transport.swap("a", b"%d" % number, CSS, known))
        except ChangedError:
            return False

    with ThreadPoolExecutor(12) as pool:
        assert sum(pool.map(swap, range(12))) == 1


def test_put_writes_whatever_is_there(transport: Transport) -> None:
    transport.put("a", b"1", CSS)
    transport.put("a", b"2", CSS)
    assert transport.read("a")[0] == b"2"


def test_a_copy_is_an_object_of_its_own(transport: Transport) -> None:
    transport.create("a", b"1", CSS)
    transport.copy("a", "b/c")
    transport.delete(["a"])
    assert transport.read("b/c")[0] == b"1"
    with pytest.raises(FileNotFoundError):
        transport.copy("a", "d")


def test_many_are_listed_and_deleted(transport: Transport) -> None:
    names = [f"folder/{number:04}" for number in range(1100)]
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda name: transport.create(name, b"", CSS), names))
    assert sorted(entry.name for entry in transport.list()) == names
    transport.delete(names[1:])
    assert [entry.name for entry in transport.list()] == names[:1]


def test_a_name_does_not_lead_out(transport: Transport) -> None:
    for name in ("../out", "a/../../out"):
        with pytest.raises((StoreError, ValueError)):
            transport.create(name, b"", CSS)


def test_the_server_keeps_the_header_fields(object_server: ObjectServer) -> None:
    url = object_server.new_bucket()
    transport = bucket_store(url, object_server.options)
    transport.create("a.css", b"x", CSS)
    transport.copy("a.css", "b.css")
    for name in ("a.css", "b.css"):
        headers = object_server.headers(url, name)
        assert headers["content-type"] == "text/css; charset=utf-8"
        assert headers["content-encoding"] == "br"
        assert headers["cache-control"] == "public, max-age=31536000, immutable"


def test_a_page_of_a_listing_is_one_request(object_server: ObjectServer) -> None:
    url = object_server.new_bucket()
    transport = bucket_store(url, object_server.options)
    for number in range(7):
        transport.create(f"{number}/{number}", b"", CSS)
    object_server.asked.clear()
    assert len(list(transport.list())) == 7
    assert len(object_server.asked_of(url)) == 1


def without_batches(store: Application, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    """A store that deletes one object a request."""
    if environ["REQUEST_METHOD"] == "POST":
        environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        return refused(start, "501 Not Implemented", "NotImplemented")
    return store(environ, start)


def test_a_store_without_batches_deletes_one_by_one(object_server: ObjectServer) -> None:
    transport = bucket_store(object_server.new_bucket(), object_server.options)
    for name in "abc":
        transport.put(name, b"", CSS)
    with object_server.behaving(without_batches):
        transport.delete(["absent", "a", "b"])
    assert [entry.name for entry in transport.list()] == ["c"]


def test_what_is_absent_keeps_nothing_from_being_deleted() -> None:
    with gcs_stand_in.running() as server:
        transport = bucket_store(server.new_bucket(), server.options)
        names = [str(number) for number in range(40)]
        for name in names:
            transport.put(name, b"", CSS)
        transport.delete(["absent", *names, "absent/too"])
        assert list(transport.list()) == []


def test_what_a_listing_of_google_says_can_be_swapped() -> None:
    """Its condition names a generation, and a listing has none."""
    with gcs_stand_in.running() as server:
        transport = bucket_store(server.new_bucket(), server.options)
        transport.put("a", b"1", CSS)
        (seen,) = transport.list()
        transport.swap("a", b"2", CSS, seen.version)
        with pytest.raises(ChangedError):
            transport.swap("a", b"3", CSS, seen.version)
        transport.delete(["a"])
        with pytest.raises(ChangedError):
            transport.swap("a", b"3", CSS, seen.version)


def test_a_store_that_wants_a_second_between_writes_gets_it() -> None:
    with gcs_stand_in.running() as server:
        server.is_slow = True
        assert find_out(bucket_store(server.new_bucket(), server.options)).is_conditional


@pytest.mark.parametrize(
    ("version", "is_proven"),
    [
        (Version(f'"{md5(b"data").hexdigest()}"'), True),
        (Version(md5(b"data").hexdigest()), True),
        (Version(f'"{md5(b"other").hexdigest()}"'), False),
        (Version(f'"{md5(b"data").hexdigest()}-2"'), False),  # of an upload in parts
        (Version('"0x8DCAFE"'), False),  # of Azure
        (Version(None, "3"), False),
    ],
)
def test_an_entity_tag_proves_contents_where_it_is_their_md5(version: Version, is_proven: bool) -> None:
    assert proven(version, b"data") == is_proven


Wrong = Callable[[ObjectServer], Transport]


def no_bucket(server: ObjectServer) -> Transport:
    return bucket_store("s3://nobody-made-it", server.options)


def no_server(server: ObjectServer) -> Transport:
    return bucket_store("s3://bucket", server.options | {"endpoint": "http://127.0.0.1:9"})


@pytest.mark.parametrize(("make", "advice"), [(no_bucket, "make it"), (no_server, "run this again")])
def test_an_error_says_what_to_do(make: Wrong, advice: str, object_server: ObjectServer) -> None:
    transport = make(object_server)
    for ask in (lambda: transport.create("a", b"", CSS), lambda: list(transport.list()), lambda: transport.read("a")):
        with pytest.raises(StoreError, match=advice) as caught:
            ask()
        assert "\n" not in str(caught.value)
        assert transport.where in str(caught.value)


@pytest.mark.parametrize("text", ["ftp://host/x", "http://bucket.example/x", "memory:///", "file:///tmp/x"])
def test_a_target_is_a_bucket_or_a_directory(text: str) -> None:
    with pytest.raises(StoreError, match="s3://, gs://, az://"):
        open_target(text, {})


def test_an_option_that_the_client_does_not_know_is_named(object_server: ObjectServer) -> None:
    with pytest.raises(StoreError, match="endpiont"):
        bucket_store("s3://bucket", {"endpiont": object_server.url})


def test_a_directory_and_a_file_of_the_same_name_are_told(tmp_path: Path) -> None:
    transport = SharedDirectory(tmp_path)
    transport.create("a", b"", CSS)
    with pytest.raises(StoreError, match="same name"):
        transport.create("a/b", b"", CSS)
