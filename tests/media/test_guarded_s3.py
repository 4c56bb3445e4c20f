"""`GuardedStorage` around the S3 storage of django-storages, against a real server (moto)."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from threading import Barrier
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, storages
from django.test import override_settings
from storages.backends.s3 import S3Storage
from tests.helpers.object_server import (
    Application,
    ObjectServer,
    Start,
    obedient,
    object_server,
    overwriting,
    without_conditions,
)

from clearway.media import GuardedStorage

__all__ = ["object_server"]
HTML = b"<!doctype html><script>alert(1)</script>"


@pytest.fixture
def bucket(object_server: ObjectServer) -> Iterator[str]:
    yield object_server.new_bucket().removeprefix("s3://")
    object_server.habit = obedient


def options(server: ObjectServer, bucket: str) -> dict[str, Any]:
    return {
        "bucket_name": bucket,
        "endpoint_url": server.url,
        "access_key": "k",
        "secret_key": "s",
        "region_name": "us-east-1",
        "addressing_style": "path",
        "location": "media",
    }


@pytest.fixture
def storage(object_server: ObjectServer, bucket: str) -> GuardedStorage:
    given = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options(object_server, bucket)}
    return GuardedStorage(given)


def content(storage: Storage, name: str) -> bytes:
    with storage.open(name) as file:
        return bytes(file.read())


@pytest.mark.parametrize(
    ("name", "type_", "disposition"),
    [
        ("a/page.html", "text/html; charset=utf-8", 'attachment; filename="page.html"'),
        ("drawing.svg", "image/svg+xml", 'attachment; filename="drawing.svg"'),
        ("feed.xml", None, 'attachment; filename="feed.xml"'),
        ("page.xhtml", None, 'attachment; filename="page.xhtml"'),
        ("x.js", None, 'attachment; filename="x.js"'),
        ("unknown.zzz", "application/octet-stream", 'attachment; filename="unknown.zzz"'),
        ("backup.tar.gz", None, 'attachment; filename="backup.tar.gz"'),
        ("photo.png", "image/png", 'inline; filename="photo.png"'),
    ],
)
def test_answers_of_the_store_have_the_fields_of_the_policy(
    storage: GuardedStorage, object_server: ObjectServer, bucket: str, name: str, type_: str | None, disposition: str
) -> None:
    upload = ContentFile(HTML if "page" in name else b"x", name)
    upload.content_type = "text/html"  # type: ignore[attr-defined]  # what a client said of it
    place = storage.save(name, upload)
    fields = object_server.headers(f"s3://{bucket}", f"media/{place}")
    assert fields["content-disposition"] == disposition
    assert fields["cache-control"] == "private, no-cache"
    assert "content-encoding" not in fields
    assert "x-amz-acl" not in fields
    assert fields["content-type"] == type_ if type_ else fields["content-type"] != "text/html"


def test_of_two_uploads_of_one_name_at_the_same_moment_none_is_lost(
    storage: GuardedStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = Barrier(2, timeout=20)
    wanted = storage.get_available_name

    def at_once(name: str, max_length: int | None = None) -> str:
        found = wanted(name, max_length)
        if name == "x.bin":
            together.wait()
        return found

    monkeypatch.setattr(storage, "get_available_name", at_once)
    contents = [b"one", b"two"]
    with ThreadPoolExecutor(2) as threads:
        names = list(threads.map(lambda data: storage.save("x.bin", ContentFile(data)), contents))
    assert len(set(names)) == 2
    assert "x.bin" in names
    assert [content(storage, name) for name in names] == contents


@pytest.mark.parametrize("size", [5, 9_000_000], ids=["in one request", "in parts"])
def test_a_name_that_is_taken_after_the_look_gets_another_and_can_be_overwritten_by_hand(
    storage: GuardedStorage, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage.save("x.txt", ContentFile(b"first"))
    with monkeypatch.context() as patch:
        patch.setattr(storage, "get_available_name", lambda name, max_length=None: name)
        patch.setattr(storage, "get_alternative_name", lambda root, ext: f"{root}_other{ext}")
        with storage.open("x.txt", "wb") as file:  # what the other storage offers stays as it is
            file.write(b"again")
        other = storage.save("x.txt", ContentFile(b"2" * size))
    assert other != "x.txt"
    assert (content(storage, "x.txt"), content(storage, other)) == (b"again", b"2" * size)


def test_what_can_be_read_once_is_not_tried_again(storage: GuardedStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    class Once(BytesIO):
        def seekable(self) -> bool:
            return False

    storage.save("x.txt", ContentFile(b"first"))
    monkeypatch.setattr(storage, "get_available_name", lambda name, max_length=None: name)
    with pytest.raises(FileExistsError):
        storage.save("x.txt", File(Once(b"second"), "x.txt"))
    assert content(storage, "x.txt") == b"first"


@pytest.mark.parametrize("habit", [without_conditions, overwriting])
def test_a_store_without_conditions_is_written_to_all_the_same(
    storage: GuardedStorage, object_server: ObjectServer, habit: Any
) -> None:
    object_server.habit = habit
    names = [storage.save("x.txt", ContentFile(data)) for data in (b"1", b"2", b"3")]
    assert [content(storage, name) for name in names] == [b"1", b"2", b"3"]
    assert len(set(names)) == 3


def test_an_error_of_the_store_is_that_of_the_storage(storage: GuardedStorage, object_server: ObjectServer) -> None:
    from botocore.exceptions import ClientError

    def closed(store: Application, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "PUT":
            start("403 Forbidden", [("Content-Type", "application/xml")])
            return [b"<Error><Code>AccessDenied</Code></Error>"]
        return store(environ, start)

    object_server.habit = closed
    with pytest.raises(ClientError, match="AccessDenied"):
        storage.save("x.txt", ContentFile(b"x"))


def test_files_are_found_named_by_url_and_removed(storage: GuardedStorage, bucket: str) -> None:
    place = storage.save("a b/é.txt", ContentFile(b"text"))
    assert storage.exists(place)
    assert (storage.size(place), storage.listdir("")[0]) == (4, [place.partition("/")[0]])
    url = urlsplit(storage.url(place))
    assert url.path.startswith(f"/{bucket}/media/")
    assert "Signature" in url.query
    storage.delete(place)
    storage.delete(place)
    assert not storage.exists(place)


@pytest.mark.parametrize("backend", ["S3Storage", "GuardedStorage"])
def test_settings_of_django_storages_go_on_working(object_server: ObjectServer, bucket: str, backend: str) -> None:
    plain = {"BACKEND": "storages.backends.s3.S3Storage"}
    guarded = {"BACKEND": "clearway.media.GuardedStorage", "OPTIONS": {"storage": plain}}
    with override_settings(
        STORAGES={"default": plain if backend == "S3Storage" else guarded},
        AWS_STORAGE_BUCKET_NAME=bucket,
        AWS_S3_ENDPOINT_URL=object_server.url,
        AWS_S3_ACCESS_KEY_ID="k",
        AWS_S3_SECRET_ACCESS_KEY="s",
        AWS_S3_ADDRESSING_STYLE="path",
        AWS_LOCATION="live",
        AWS_QUERYSTRING_AUTH=False,
        AWS_S3_OBJECT_PARAMETERS={"CacheControl": "max-age=5", "Metadata": {"by": "shop"}},
    ):
        place = storages["default"].save("x.txt", ContentFile(b"x"))
        assert storages["default"].url(place) == f"{object_server.url}/{bucket}/live/x.txt"
        assert storages["default"].bucket_name == bucket  # type: ignore[attr-defined]
    fields = object_server.headers(f"s3://{bucket}", "live/x.txt")
    assert (fields["cache-control"], fields["x-amz-meta-by"]) == ("max-age=5", "shop")
    assert ("content-disposition" in fields) is (backend == "GuardedStorage")


def test_a_plain_s3_storage_has_no_conditions_of_ours(object_server: ObjectServer, bucket: str) -> None:
    plain = S3Storage(**options(object_server, bucket))
    assert [plain.save("x.txt", ContentFile(data)) for data in (b"1", b"2")] == ["x.txt", "x.txt"]
    assert content(plain, "x.txt") == b"2"
