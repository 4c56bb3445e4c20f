"""Bad names to a bucket: what is kept there, under which key, with which header fields, and who is sent it."""

import urllib.request
from collections.abc import Iterator

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.test import RequestFactory, override_settings
from tests.bad_input.site import FORGED
from tests.helpers.bucket import BucketServer, bucket_server
from tests.media.bad_input.kept import MINE, harms, kept
from tests.media.bad_input.names import GROUPS, shown

from clearway.media import GuardedStorage
from clearway.media.private import PrivateBucket, private_files

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture(scope="module")
def server() -> Iterator[BucketServer]:
    with bucket_server() as made:
        yield made


def some(*groups: str, each: int) -> list[str]:
    """Every so many names of these groups."""
    return [name for group in groups for name in list(dict.fromkeys(GROUPS[group]()))[::each] if len(name) < 5000]


NAMES = [*some("quoting", "hidden", "formed", each=2), *some("climbing", "elsewhere", "devices", "long", each=20)]


def put(storage: Storage, name: str) -> str | None:
    place = kept(storage, name)
    assert place is None or list(harms(name, place)) == []
    return place


def test_an_object_has_a_harmless_key_and_fields_of_one_line(server: BucketServer) -> None:
    inner = {**server.storage, "OPTIONS": {**server.storage["OPTIONS"], "location": "public"}}
    storage, other = GuardedStorage(inner, names="opaque"), storages.create_storage(server.storage)
    other.save("outside.txt", ContentFile(b"of another"))  # S3's overwrites
    places = [place for name in NAMES if (place := put(storage, name))]
    assert len(places) > 60
    assert len(set(places)) == len(places)
    for place in places:
        with urllib.request.urlopen(storage.url(place)) as answer:
            assert answer.read() == MINE, shown(place)
            assert FORGED.decode() not in answer.headers
            assert answer.headers["Content-Disposition"].isprintable()
    folders, files = other.listdir("")
    assert set(folders) <= {"public", "private"}, "something was kept outside"
    assert set(files) <= {"outside.txt", "secret.txt"}, "something was kept outside"
    with other.open("outside.txt") as file:
        assert file.read() == b"of another"


@pytest.mark.parametrize("road", ["stream", "redirect"])
def test_a_name_that_is_asked_for_never_leaves_the_location(server: BucketServer, road: str) -> None:
    inner = {**server.storage, "OPTIONS": {**server.storage["OPTIONS"], "location": "private"}}
    with override_settings(CLEARWAY={"media": {}}):
        storage, other = PrivateBucket(inner, road=road), storages.create_storage(server.storage)
        other.save("secret.txt", ContentFile(b"of another"))
        mine = storage.save("alice/x.txt", ContentFile(MINE))
        view = private_files(lambda request, file: True, storage=storage)
        asked = [*some("climbing", "elsewhere", each=5), "../secret.txt", "alice/../../secret.txt", "..\\secret.txt"]
        for name in (
            *asked,
            "alice/../alice/x.txt",
            "./alice/x.txt",
            "alice//x.txt",
            "%2e%2e/secret.txt",
            "alice",
            "n" * 1500,
            "a/" * 700 + "x",
        ):
            response = view(RequestFactory().get("/"), name)
            assert response.status_code == 404, shown(name)
        assert view(RequestFactory().get("/"), mine).status_code in (200, 302)
