"""Private files in a bucket: one permission and one set of header fields, on every road."""

import asyncio
import time
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, InMemoryStorage
from django.test import AsyncRequestFactory, RequestFactory, override_settings
from tests.helpers.bucket import NAME, BucketServer, bucket_server

from clearway.media.private import CookieRedirect, PrivateBucket, Redirect, accessed, private_files
from clearway.media.private.files import PrivateFile
from clearway.media.private.objects import BLOCK
from clearway.media.private.roads.bucket_accel import BucketAccel
from clearway.stores.signing.cloudfront import KeyPair, cookies
from clearway.stores.signing.window import Window

CONTENT = bytes(range(256)) * 40
ODD = ("2026/Résumé – 日本.pdf", "plus+and%25 percent.txt", "a b;c=d&e@f,g$h!i'j(k)*~.txt", "x" * 200 + ".bin")
POLICY = {
    "Content-Security-Policy": "default-src 'none'; media-src 'self'; style-src 'unsafe-inline'; "
    "sandbox allow-same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


MADE: list[PrivateBucket] = []
ANSWERS: list[Any] = []


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    """As a server closes every answer."""
    yield
    while ANSWERS:
        ANSWERS.pop().close()


@pytest.fixture(scope="module")
def server() -> Iterator[BucketServer]:
    with bucket_server() as made:
        yield made
        for storage in MADE:
            storage._inner.connection.meta.client.close()
            storage.objects._client.close()  # type: ignore[attr-defined]


def storage_of(server: BucketServer, road: str = "stream") -> PrivateBucket:
    return _storage_of(server.port, road)


@cache
def _storage_of(port: int, road: str) -> PrivateBucket:
    """Each has a client of its own, which takes its time to make."""
    server = BucketServer(port)
    location = {"location": "private"}
    inner = {**server.storage, "OPTIONS": {**server.storage["OPTIONS"], **location}}
    MADE.append(PrivateBucket(inner, names="opaque", road=road))
    return MADE[-1]


def save(storage: PrivateBucket, name: str = "report.txt", content: bytes = CONTENT) -> str:
    return str(storage.save(name, ContentFile(content)))


def ask(storage: Any, name: str, method: str = "GET", may: Any = True, **headers: str) -> Any:
    """The answer of the view, in a thread."""
    view = private_files(lambda request, file: may, storage)
    request = RequestFactory().generic(method, "/x", headers={k.replace("_", "-"): v for k, v in headers.items()})
    ANSWERS.append(view(request, name=name))
    return ANSWERS[-1]


def status(url: str) -> int:
    try:
        with urlopen(url) as answer:
            return int(answer.status)
    except HTTPError as error:
        with error:
            return error.code


def body(response: Any) -> bytes:
    try:
        return b"".join(response.streaming_content) if response.streaming else bytes(response.content)
    finally:
        response.close()


@pytest.fixture(params=["bucket", "any storage"])
def storage(request: pytest.FixtureRequest, server: BucketServer) -> PrivateBucket:
    return storage_of(server) if request.param == "bucket" else PrivateBucket(InMemoryStorage(), names="opaque")


def test_the_whole_file_is_sent_with_the_policy_s_fields(storage: PrivateBucket) -> None:
    response = ask(storage, save(storage, "page.html"))
    assert (response.status_code, body(response)) == (200, CONTENT)
    sent = dict(response.headers)
    assert len(sent.pop("ETag")) > 8
    assert sent.pop("Last-Modified").endswith("GMT")
    assert sent == {
        **POLICY,
        "Content-Type": "text/html; charset=utf-8",
        "Content-Length": str(len(CONTENT)),
        "Content-Disposition": 'attachment; filename="page.html"',
        "Cache-Control": "private, no-store",
        "Accept-Ranges": "bytes",
    }


@pytest.mark.parametrize(
    ("asked", "status", "span"),
    [
        ("bytes=0-1", 206, slice(0, 2)),
        ("bytes=100-", 206, slice(100, None)),
        ("bytes=-7", 206, slice(-7, None)),
        ("bytes=10239-99999999", 206, slice(10239, None)),
        ("bytes=0-0,5-6", 200, slice(None)),
        ("lines=1-2", 200, slice(None)),
    ],
)
def test_ranges_are_sent(storage: PrivateBucket, asked: str, status: int, span: slice) -> None:
    response = ask(storage, save(storage), Range=asked)
    assert (response.status_code, body(response)) == (status, CONTENT[span])


def test_a_range_beyond_the_end_is_told_the_length(storage: PrivateBucket) -> None:
    response = ask(storage, save(storage), Range="bytes=10240-")
    assert (response.status_code, response["Content-Range"]) == (416, "bytes */10240")


def test_an_empty_file_is_sent(storage: PrivateBucket) -> None:
    response = ask(storage, save(storage, "empty.txt", b""))
    assert (response.status_code, response["Content-Length"], body(response)) == (200, "0", b"")


def test_conditions_and_head_are_answered_without_content(storage: PrivateBucket) -> None:
    name = save(storage)
    tag = ask(storage, name, "HEAD")["ETag"]
    assert ask(storage, name, If_None_Match=tag).status_code == 304
    assert body(ask(storage, name, "HEAD")) == b""
    assert ask(storage, name, Range="bytes=0-1", If_Range=tag).status_code == 206
    assert ask(storage, name, Range="bytes=0-1", If_Range='"other"').status_code == 200


def test_a_range_is_asked_of_the_bucket_and_nothing_more(server: BucketServer) -> None:
    storage = storage_of(server)
    name = save(storage)
    server.asked.clear()
    body(ask(storage, name, Range="bytes=5-9"))
    assert [(method, fields.get("range")) for method, _, fields in server.asked] == [
        ("HEAD", None),
        ("GET", "bytes=5-9"),
    ]


class Zeros(InMemoryStorage):
    """A file that is larger than what a test may use."""

    size_of_it = 400 * BLOCK

    def exists(self, name: str) -> bool:
        return True

    def size(self, name: str) -> int:
        return self.size_of_it

    def get_modified_time(self, name: str) -> Any:
        raise NotImplementedError

    def _open(self, name: str, mode: str = "rb") -> Any:
        return File(ZeroFile(self.size_of_it), name)  # type: ignore[arg-type]


class ZeroFile:
    def __init__(self, size: int) -> None:
        self._size, self._at = size, 0

    def seek(self, at: int) -> None:
        self._at = at

    def read(self, size: int) -> bytes:
        count = min(size, self._size - self._at)
        self._at += count
        return bytes(count)

    def close(self) -> None:
        """Nothing."""


def test_memory_does_not_grow_with_the_file() -> None:
    response = ask(PrivateBucket(Zeros()), "large.bin", Range="bytes=7-")
    tracemalloc.start()
    sent = sum(map(len, response.streaming_content))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sent == Zeros.size_of_it - 7
    assert most < 4 * BLOCK


def test_without_a_time_no_answer_is_taken_for_another() -> None:
    first, second = (ask(PrivateBucket(Zeros()), "large.bin", "HEAD") for _ in range(2))
    assert first["ETag"] != second["ETag"]
    assert "Last-Modified" not in first


def test_threads_share_what_asks_the_bucket(server: BucketServer) -> None:
    """An event loop's requests each have a thread of their own."""
    storage = storage_of(server)
    name = save(storage)
    storage.find(name)
    with patch.object(storage._inner, "_create_session", side_effect=AssertionError), ThreadPoolExecutor(3) as pool:
        found = list(pool.map(storage.find, [name] * 3))
    assert [file and file.size for file in found] == [len(CONTENT)] * 3


def test_a_connection_is_let_go_by_who_read_nothing_of_it(server: BucketServer) -> None:
    storage = storage_of(server)
    found = storage.find(save(storage))
    assert found is not None
    part = storage.objects.read(found.name, 0, 9, found.etag)
    part.close()
    assert part._file._raw_stream.closed


def test_an_object_comes_block_by_block(server: BucketServer) -> None:
    storage = storage_of(server)
    parts = list(map(len, ask(storage, save(storage, "large.bin", bytes(9 * BLOCK + 5))).streaming_content))
    assert sum(parts) == 9 * BLOCK + 5
    assert max(parts) <= BLOCK


def test_a_file_that_is_replaced_in_between_is_not_mixed(server: BucketServer) -> None:
    storage = storage_of(server)
    name = save(storage)
    found = storage.find(name)
    assert found is not None
    storage._inner.save(name, ContentFile(b"another"))
    with pytest.raises(FileNotFoundError):
        storage.objects.read(name, 0, found.size, found.etag)
    assert body(ask(storage, name)) == b"another"


def test_a_file_that_became_shorter_ends_the_connection() -> None:
    inner = InMemoryStorage()
    storage = PrivateBucket(inner)
    name = save(storage)
    found = storage.find(name)
    assert found is not None
    inner.delete(name)
    inner.save(name, ContentFile(b"short"))
    with pytest.raises(EOFError):
        list(storage.objects.read(name, 0, found.size, found.etag))


@pytest.mark.parametrize(
    "name", ["nothing.txt", "../secret", "a//b", "", ".hidden", "a\\b", "a\x00b", "x" * 2000, "\ud800", "a\n"]
)
def test_what_is_not_there_is_the_site_s_404(storage: PrivateBucket, name: str) -> None:
    response = ask(storage, name)
    assert (response.status_code, response["Cache-Control"]) == (404, "private, no-store")
    assert response.content == ask(storage, save(storage), may=False).content


@pytest.mark.parametrize("road", ["stream", "redirect", "x-accel"])
def test_a_permission_counts_at_the_next_request(server: BucketServer, road: str) -> None:
    storage = storage_of(server, road=road)
    name = save(storage)
    answers = [ask(storage, name, may=may).status_code for may in (True, False, True)]
    assert answers == ([200, 404, 200] if road != "redirect" else [302, 404, 302])


@pytest.mark.parametrize("road", ["stream", "redirect", "x-accel"])
def test_an_access_is_told_with_its_road(server: BucketServer, road: str) -> None:
    told: list[tuple[str, bool]] = []

    def note(sender: Any, **said: Any) -> None:
        told.append((said["road"], said["allowed"]))

    storage = storage_of(server, road=road)
    name = save(storage)
    accessed.connect(note)
    try:
        ask(storage, name).close()
        ask(storage, name, may=False)
    finally:
        accessed.disconnect(note)
    assert told == [(road, True), ("", False)]


@pytest.mark.parametrize("road", ["stream", "redirect", "x-accel"])
def test_head_says_what_get_sends(server: BucketServer, road: str) -> None:
    storage = storage_of(server, road=road)
    response = ask(storage, save(storage), "HEAD")
    assert (response.status_code, response["Content-Length"], body(response)) == (200, "10240", b"")


# --- the redirect


@pytest.mark.parametrize("name", ODD)
def test_the_client_is_sent_to_a_url_that_the_store_verifies(server: BucketServer, name: str) -> None:
    storage = storage_of(server, road="redirect")
    kept = save(storage, name)
    response = ask(storage, kept)
    assert dict(response.headers) == {
        "Cache-Control": "private, no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Location": response["Location"],
    }
    assert (response.status_code, response.content) == (302, b"")
    with urlopen(Request(response["Location"], headers={"Range": "bytes=2-5"})) as answer:
        found = storage.find(kept)
        assert found is not None
        assert (answer.status, answer.read()) == (206, CONTENT[2:6])
        for field in ("Content-Type", "Content-Disposition", "Cache-Control"):
            assert answer.headers[field] == found.headers[field]


@pytest.mark.parametrize(
    "change", [("private/", "private/x"), ("X-Amz-Expires=300", "X-Amz-Expires=301"), ("text%2Fplain", "text%2Fhtml")]
)
def test_a_url_that_was_changed_opens_nothing(server: BucketServer, change: tuple[str, str]) -> None:
    storage = storage_of(server, road="redirect")
    url = ask(storage, save(storage))["Location"].replace(*change)
    assert status(url) == 403


def test_a_url_that_expired_opens_nothing(server: BucketServer) -> None:
    storage = storage_of(server)
    name = save(storage)
    earlier = Redirect(storage.objects.url, clock=lambda: time.time() - 400)  # type: ignore[attr-defined]
    file = storage.find(name)
    assert file is not None
    assert status(earlier.respond(RequestFactory().get("/"), file)["Location"]) == 403


def test_the_url_stays_the_same_while_the_browser_may_keep_the_file(server: BucketServer) -> None:
    with override_settings(CLEARWAY={"media": {"private": {"max_age": 600}}}):
        storage = storage_of(server)
        file = storage.find(save(storage))
        assert file is not None
        times = iter([1_795_341_600, 1_795_342_199, 1_795_342_200])
        road = Redirect(storage.objects.url, clock=lambda: next(times))  # type: ignore[attr-defined]
        urls = [road.respond(RequestFactory().get("/"), file)["Location"] for _ in range(3)]
    assert urls[0] == urls[1] != urls[2]
    said = parse_qs(urlsplit(urls[0]).query)
    assert said["X-Amz-Expires"] == ["900"]
    assert said["response-cache-control"] == ["private, max-age=600"]


def test_the_object_itself_forbids_what_the_view_forbids(server: BucketServer) -> None:
    with override_settings(CLEARWAY={"media": {"max_age": 3600}}):
        storage = storage_of(server)
        name = save(storage, "picture.png", b"\x89PNG\r\n\x1a\n")
    kept = storage._inner.connection.meta.client.head_object(Bucket=NAME, Key=f"private/{name}")
    assert (kept["CacheControl"], kept["ContentType"]) == ("private, no-store", "image/png")


def test_a_network_before_the_bucket_can_be_sent_to() -> None:
    def sign(file: PrivateFile, time: Window) -> str:
        return f"https://cdn.example/{file.name}?until={time.end - time.start}"

    storage = PrivateBucket(InMemoryStorage(), road="redirect", sign=sign)
    assert ask(storage, save(storage))["Location"] == "https://cdn.example/report.txt?until=300"


def test_cookies_are_set_for_the_path_of_the_file_alone() -> None:
    pair = KeyPair("KEYID", lambda text: b"\xff" + text[-2:])

    def url(file: PrivateFile) -> str:
        return f"https://files.shop.example/{file.name}"

    road = CookieRedirect(url, lambda file, time: cookies(pair, url(file), time.end), ".shop.example")
    storage = PrivateBucket(InMemoryStorage(), road=road)
    response = ask(storage, save(storage, "a.mp4", b"\0"))
    assert (response.status_code, response["Location"]) == (302, "https://files.shop.example/a.mp4")
    assert set(response.cookies) == {"CloudFront-Expires", "CloudFront-Signature", "CloudFront-Key-Pair-Id"}
    for cookie in response.cookies.values():
        assert {cookie[key] for key in ("path", "domain")} == {"/a.mp4", ".shop.example"}
        assert (cookie["secure"], cookie["httponly"], cookie["max-age"]) == (True, True, 300)
    assert ask(storage, "a.mp4", may=False).cookies == {}


# --- nginx


def test_nginx_is_told_the_object_as_it_was_signed(server: BucketServer) -> None:
    storage = storage_of(server, road="x-accel")
    name = save(storage, "a b//c+d%.txt")
    response = ask(storage, name)
    assert response["X-Accel-Redirect"] == "/private-bucket/"
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert {field: response[field] for field in POLICY} == POLICY
    with urlopen(f"{server.url}{response['X-Clearway-Object']}") as answer:
        assert answer.read() == CONTENT


def test_the_internal_location_can_be_another() -> None:
    road = BucketAccel(lambda file, time: f"https://bucket.example/{file.name}", internal="/elsewhere/")
    storage = PrivateBucket(InMemoryStorage(), road=road)
    response = ask(storage, save(storage))
    assert (response["X-Accel-Redirect"], response["X-Clearway-Object"]) == ("/elsewhere/", "/report.txt")


# --- asynchronously


async def may_all(request: Any, file: Any) -> bool:
    return True


def test_an_event_loop_gets_the_blocks_without_waiting_for_them(server: BucketServer) -> None:
    storage = storage_of(server)
    name, view = save(storage), private_files(may_all, storage)

    async def asked() -> bytes:
        response = await view(AsyncRequestFactory().get("/x", headers={"Range": "bytes=10-"}), name=name)
        assert response.is_async
        return b"".join([part async for part in response])

    assert asyncio.run(asked()) == CONTENT[10:]


def test_a_client_that_leaves_an_event_loop_lets_the_object_go() -> None:
    closed: list[bool] = []

    class Noting(ZeroFile):
        def close(self) -> None:
            closed.append(True)

    class Kept(Zeros):
        def _open(self, name: str, mode: str = "rb") -> Any:
            return File(Noting(self.size_of_it), name)  # type: ignore[arg-type]

    view = private_files(may_all, PrivateBucket(Kept()))

    async def left() -> None:
        response = await view(AsyncRequestFactory().get("/x"), name="large.bin")
        parts = aiter(response)
        await anext(parts)
        await parts.aclose()
        response.close()

    asyncio.run(left())
    assert closed


# --- the settings


@pytest.mark.parametrize(
    ("options", "match"),
    [({"road": "nginx"}, "road must be one of"), ({"road": "redirect"}, "sign="), ({"road": "x-accel"}, "sign=")],
)
def test_a_wrong_road_is_said_at_start(options: dict[str, Any], match: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=match):
        PrivateBucket(InMemoryStorage(), **options)


def test_a_storage_that_compresses_is_refused(server: BucketServer) -> None:
    inner = {**server.storage, "OPTIONS": {**server.storage["OPTIONS"], "gzip": True}}
    with pytest.raises(ImproperlyConfigured, match="gzip"):
        PrivateBucket(inner)


def test_a_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="PrivateStorage"):
        PrivateBucket(FileSystemStorage(tmp_path))


def test_the_url_is_the_view_s() -> None:
    with override_settings(ROOT_URLCONF="tests.media.private.bucket_urls"):
        assert PrivateBucket(InMemoryStorage()).url("a/b c.txt") == "/private/a/b%20c.txt"


def test_two_storages_made_in_the_same_way_are_one() -> None:
    memory = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    assert PrivateBucket(memory) == PrivateBucket(memory)
    assert PrivateBucket(memory) != PrivateBucket(memory, view="other")
