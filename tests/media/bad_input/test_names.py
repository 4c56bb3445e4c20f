"""Every bad name to every storage: refused as Django refuses, or kept below the root under a name that harms nobody."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import FileSystemStorage, InMemoryStorage, Storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from tests.bad_input.site import CANARY, FORGED
from tests.helpers.roads import ROADS, Road
from tests.media.bad_input.kept import MINE, astray, harms, kept
from tests.media.bad_input.names import GROUPS, every_name, shown
from tests.media.bad_input.surroundings import Surroundings, make_surroundings

from clearway.media import GuardedStorage, MediaStorage, object_metadata
from clearway.policy.file_names import safe_name

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="only on POSIX"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

MAKERS: dict[str, Callable[[Path], Storage]] = {
    "kept": lambda root: MediaStorage(root, "/media/"),
    "opaque": lambda root: MediaStorage(root, "/media/", names="opaque", fan_out=2),
    "by content": lambda root: MediaStorage(root, "/media/", names="content"),
    "guarded, in memory": lambda root: GuardedStorage(InMemoryStorage(root, "/media/")),
    "guarded, on disk": lambda root: GuardedStorage(FileSystemStorage(root, "/media/"), names="opaque"),
}


@pytest.fixture(scope="module", autouse=True)
def quiet() -> Iterator[None]:
    with override_settings(MEDIA_URL="/media/", LOGGING_CONFIG=None):
        yield


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without waiting for the disk: thousands of files are made, and none has to outlive a crash."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)


@pytest.fixture
def here(tmp_path: Path) -> Surroundings:
    return make_surroundings(tmp_path)


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("maker", MAKERS)
def test_a_bad_name_is_refused_or_made_harmless(here: Surroundings, maker: str, group: str) -> None:
    storage, around, before = MAKERS[maker](here.root), here.around(), here.inside()
    places: dict[str, str] = {}
    for name in dict.fromkeys(GROUPS[group]()):
        place = kept(storage, name)
        if place is None:
            continue
        assert list(harms(name, place)) == []
        assert place not in places or maker == "by content", f"{shown(name)} took the place of {shown(places[place])}"
        places[place] = name
        with storage.open(place) as file:
            assert file.read() == MINE
        assert list(astray(place, storage.url(place))) == []
    assert here.around() == around
    assert before.items() <= here.inside().items(), "a file of another user was touched"
    assert len(places) > 10


def test_what_is_kept_lies_below_the_root(here: Surroundings) -> None:
    storage = MediaStorage(here.root, "/media/")
    before = {path for path in here.root.rglob("*") if path.is_file()}
    places = {place for name in GROUPS["climbing"]() if (place := kept(storage, name))}
    after = {path for path in here.root.rglob("*") if path.is_file()}
    assert {path.relative_to(here.root).as_posix() for path in after - before} == places


@pytest.mark.parametrize("road", ["WSGI", "ASGI", "middleware, Client"])
def test_what_is_kept_is_served_as_it_is_and_forges_no_field(here: Surroundings, road: str) -> None:
    storage = MediaStorage(here.root, "/media/")
    with override_settings(MEDIA_ROOT=here.root, MEDIA_URL="/media/", CLEARWAY={"media": {"serve": True}}):
        ask: Road = ROADS[road]()
        for name in (*GROUPS["quoting"](), *GROUPS["formed"](), *GROUPS["extensions"](), *GROUPS["invisible"]()):
            place = kept(storage, name)
            if place is None:
                continue
            reply = ask(storage.url(place))
            assert (reply.status, reply.body) == (200, MINE), shown(place)
            assert not any(unfit(value) for _, value in reply.fields), reply.fields
            assert FORGED.decode().lower() not in dict(reply.fields)
            assert dict(reply.fields)["x-content-type-options"] == "nosniff"


def unfit(value: str) -> bool:
    """Whether a field value is more than one line of ASCII."""
    return not value.isascii() or not value.isprintable()


@pytest.mark.parametrize("group", GROUPS)
def test_the_metadata_of_an_object_forge_no_field(group: str) -> None:
    for name in GROUPS[group]():
        stored = object_metadata(name[:5000])
        assert not any(unfit(value) for value in stored.values()), shown(name)
        plain = stored["Content-Disposition"].partition("; filename*=")[0]
        assert plain.count('"') == 2
        assert plain.endswith('"')
        assert not set(plain.partition('"')[2]) & set("\\;/")


@pytest.mark.parametrize("longest", [20, 100])
def test_a_column_that_is_short_is_obeyed(here: Surroundings, longest: int) -> None:
    storage = MediaStorage(here.root, "/media/", names="opaque" if longest > 50 else "kept")
    for name in (*GROUPS["long"](), *GROUPS["formed"](), *GROUPS["extensions"](), *GROUPS["elsewhere"]()):
        place = kept(storage, name, max_length=longest)
        assert place is None or len(place) <= longest
        assert place is None or list(harms(name, place)) == []


@pytest.mark.parametrize("maker", MAKERS)
def test_no_name_that_is_asked_for_reads_or_removes_what_lies_around(here: Surroundings, maker: str) -> None:
    storage, around, before = MAKERS[maker](here.root), here.around(), here.inside()
    asked: tuple[Callable[[str], Any], ...] = (
        storage.exists, storage.size, storage.listdir, storage.get_modified_time, storage.delete, opened(storage)
    )  # fmt: skip
    for name in (*GROUPS["climbing"](), *GROUPS["elsewhere"](), *GROUPS["hidden"]()):
        for ask in asked:
            if ask == storage.delete and inside(here, name):
                continue
            try:
                given = ask(name)
            except (OSError, ValueError, SuspiciousFileOperation):
                continue
            assert CANARY not in (given if isinstance(given, bytes) else b"")
            assert "canary.txt" not in str(given)
    assert here.around() == around
    assert here.inside() == before


def inside(here: Surroundings, name: str) -> bool:
    """Whether a name is one of the root itself, or of a file of another user, spelled in another way."""
    return "\0" not in name and os.path.normpath(os.path.join(here.root, name)).startswith(str(here.root))


def opened(storage: Storage) -> Callable[[str], bytes]:
    def read(name: str) -> bytes:
        with storage.open(name) as file:
            return bytes(file.read())

    return read


def test_the_name_of_an_upload_is_made_safe_when_it_is_given(here: Surroundings) -> None:
    """As `FileField` does it: `get_valid_name` on what `UploadedFile` left of the name, then `save`."""
    storage = MediaStorage(here.root, "/media/")
    for name in every_name():
        try:
            valid = storage.get_valid_name(str(SimpleUploadedFile(name, b"").name))
        except SuspiciousFileOperation:
            continue
        assert valid == safe_name(valid), shown(name)
        assert not set(valid) & {"/", "\\"}


def test_the_table_is_long() -> None:
    assert len(every_name()) > 2000
