"""`GuardedStorage`: the policies around a storage that knows none of them."""

import pickle
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, InMemoryStorage, Storage, storages
from django.db.migrations.writer import MigrationWriter
from django.test import override_settings

from clearway.media import GuardedStorage, mismatched
from clearway.media.guarded import object_metadata

MEMORY = {"BACKEND": "django.core.files.storage.InMemoryStorage", "OPTIONS": {"base_url": "https://cdn.example/m/"}}


class Bucket(InMemoryStorage):
    """As the classes of django-storages: names are overwritten, and a hook says what is stored with an object."""

    def __init__(self, **parameters: str) -> None:
        super().__init__()
        self.object_parameters: dict[str, Any] = parameters
        self.stored: dict[str, dict[str, Any]] = {}

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def get_object_parameters(self, name: str) -> dict[str, Any]:
        return self.object_parameters.copy()

    def _save(self, name: str, content: Any) -> str:
        self.stored[name] = self.get_object_parameters(name)
        if self.exists(name):
            self.delete(name)
        return str(super()._save(name, content))

    def url(self, name: str | None, parameters: Any = None, expire: int = 0) -> str:
        return f"/{name}?{parameters}&{expire}"


class S3Storage(Bucket):
    """The one whose parameters are spelled in another way."""


def test_nothing_is_overwritten_though_the_other_would() -> None:
    bucket = Bucket()
    storage = GuardedStorage(bucket)
    names = [storage.save("a/x.txt", ContentFile(text)) for text in (b"1", b"2")]
    assert names[0] == "a/x.txt"
    assert [storage.open(name).read() for name in names] == [b"1", b"2"]


@pytest.mark.parametrize(
    ("name", "kept"), [("a/shell.php.jpg", "a/shell_php.jpg"), ("CON", "_CON"), (".env", "_.env"), ("a\\b", "a/b")]
)
def test_names_are_safe(name: str, kept: str) -> None:
    assert GuardedStorage(Bucket()).save(name, ContentFile(b"")) == kept


@pytest.mark.parametrize("name", ["../x", "a/../../x", "/x", "..", "", "a\\..\\..\\x"])
def test_no_name_leads_out(name: str) -> None:
    storage = GuardedStorage(Bucket())
    with pytest.raises(SuspiciousFileOperation):
        storage.save(name, ContentFile(b"x"))
    with pytest.raises(SuspiciousFileOperation):
        storage._save(name, ContentFile(b"x"))


def test_keys_keep_the_original_name() -> None:
    opaque, shared = GuardedStorage(Bucket(), names="opaque"), GuardedStorage(Bucket(), names="content", fan_out=1)
    places = {opaque.save("x.txt", ContentFile(b"x")) for _ in range(3)}
    assert len(places) == 3
    assert all(place.endswith("/x.txt") for place in places)
    assert {shared.save("x.txt", ContentFile(b"x")) for _ in range(2)} == {"2d/711642b726b04401627ca9fbac32f5/x.txt"}


@pytest.mark.parametrize(
    ("kind", "spelled"),
    [
        (S3Storage, ("ContentType", "ContentDisposition", "CacheControl")),
        (Bucket, ("content_type", "content_disposition", "cache_control")),
    ],
)
def test_the_policy_goes_with_the_object(kind: type[Bucket], spelled: tuple[str, str, str]) -> None:
    bucket = kind()
    GuardedStorage(bucket).save("a/drawing.svg", ContentFile(b"<svg>"))
    policy = ("image/svg+xml", 'attachment; filename="drawing.svg"', "private, no-cache")
    assert bucket.stored == {"a/drawing.svg": dict(zip(spelled, policy, strict=True))}


def test_what_the_project_sets_itself_stays() -> None:
    bucket = Bucket(cache_control="max-age=5", acl="private")
    GuardedStorage(bucket).save("x.png", ContentFile(b"\x89PNG\r\n\x1a\n"))
    stored = bucket.stored["x.png"]
    assert (stored["cache_control"], stored["acl"], stored["content_type"]) == ("max-age=5", "private", "image/png")


@pytest.mark.parametrize(
    ("name", "disposition"),
    [
        ('a"b\\c;d\r\ne.png', "inline; filename=\"a_b_c_d__e.png\"; filename*=UTF-8''a%22b%5Cc%3Bd%0D%0Ae.png"),
        ("日.html", "attachment; filename=\"_.html\"; filename*=UTF-8''%E6%97%A5.html"),
    ],
)
def test_metadata_hold_no_name_that_breaks_out(name: str, disposition: str) -> None:
    assert object_metadata(name)["Content-Disposition"] == disposition


def test_a_project_s_policy_and_types_count() -> None:
    given = {"media": {"inline": ["application/pdf"], "max_age": 60}, "mimetypes": {".X": "image/x"}}
    with override_settings(CLEARWAY=given):
        assert object_metadata("a.pdf") == {
            "Content-Type": "application/pdf",
            "Content-Disposition": 'inline; filename="a.pdf"',
            "Cache-Control": "max-age=60, public",
        }
        assert object_metadata("a.x")["Content-Type"] == "image/x"


def test_the_rest_is_the_other_storage_s(tmp_path: Path) -> None:
    bucket = Bucket()
    storage = GuardedStorage(bucket)
    storage.save("a/x.txt", ContentFile(b"xy"))
    assert storage.exists("a/x.txt")
    assert (storage.size("a/x.txt"), storage.listdir("a")) == (2, ([], ["x.txt"]))
    assert storage.url("a/x.txt", parameters={"v": 1}, expire=5) == "/a/x.txt?{'v': 1}&5"
    assert storage.get_modified_time("a/x.txt") == bucket.get_modified_time("a/x.txt")
    assert storage.get_created_time("a/x.txt") == bucket.get_created_time("a/x.txt")
    assert storage.get_accessed_time("a/x.txt") >= bucket.get_created_time("a/x.txt")
    assert storage.object_parameters == {}
    with pytest.raises(AttributeError):
        storage.nothing_of_that_name  # noqa: B018
    storage.delete("a/x.txt")
    assert not storage.exists("a/x.txt")
    assert GuardedStorage(FileSystemStorage(tmp_path)).path("x") == str(tmp_path / "x")
    assert pickle.loads(pickle.dumps(GuardedStorage(FileSystemStorage(tmp_path)))).path("x") == str(tmp_path / "x")


def test_settings_can_name_it() -> None:
    options = {"storage": MEMORY, "names": "opaque"}
    with override_settings(STORAGES={"default": {"BACKEND": "clearway.media.GuardedStorage", "OPTIONS": options}}):
        place = storages["default"].save("x.txt", ContentFile(b"x"))
        assert storages["default"].url(place) == f"https://cdn.example/m/{place}"


def test_a_migration_can_name_it() -> None:
    text, _ = MigrationWriter.serialize(GuardedStorage(storage=MEMORY))
    assert text.startswith("clearway.media.GuardedStorage(storage={'BACKEND'")


def test_a_content_that_its_name_hides_is_told_and_stored_whole(caplog: pytest.LogCaptureFixture) -> None:
    storage: Storage = GuardedStorage(Bucket())
    storage.save("x.png", ContentFile(b"<html>" + b"x" * 5000))
    assert [record.getMessage() for record in caplog.records] == [
        "x.png is named as image/png, and its content is text/html"
    ]
    assert storage.size("x.png") == 5006


class Stream:
    """What can be read once."""

    name = "x.png"

    def __init__(self) -> None:
        self._parts = [b"once"]

    def read(self, size: int = -1) -> bytes:
        return self._parts.pop() if self._parts else b""


def test_what_can_be_read_once_is_stored_without_a_look(caplog: pytest.LogCaptureFixture) -> None:
    class Once(File):
        def seekable(self) -> bool:
            return False

    storage = GuardedStorage(Bucket())
    storage.save("x.png", Once(Stream(), "x.png"))  # type: ignore[arg-type]
    assert (storage.open("x.png").read(), caplog.records) == (b"once", [])


def test_a_receiver_that_raises_keeps_it_out() -> None:
    def refuse(sender: type, **said: Any) -> None:
        raise ValueError(said["found"])

    bucket = Bucket()
    mismatched.connect(refuse)
    try:
        with pytest.raises(ValueError, match="text/html"):
            GuardedStorage(bucket).save("x.png", ContentFile(b"<html>"))
    finally:
        mismatched.disconnect(refuse)
    assert bucket.stored == {}
