"""Processes without static files: names of a record that came with them, or that they fetch once."""

import json
import logging
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.http import HttpResponse
from django.template import Context, Template
from django.test import RequestFactory, override_settings
from tests.helpers.object_server import ObjectServer, object_server
from tests.helpers.record_places import BucketPlace, WebPlace, web_place
from tests.helpers.released import CREATED, hashed, publish

from clearway import fetched
from clearway.catalog import layout
from clearway.catalog.errors import UnknownReleaseError
from clearway.checks import check_static_root
from clearway.middleware import ClearwayMiddleware
from clearway.storage import ReleaseStorage
from clearway.stores.errors import StoreError

__all__ = ["object_server"]
Place = BucketPlace | WebPlace
CDN = "https://cdn.example/static/"
OLD = {"css/site.css": b"one", "js/gone.js": b"gone"}
NEW = {"css/site.css": b"two", "img/a b#c.png": b"odd"}


@pytest.fixture(autouse=True)
def no_outbox(monkeypatch: pytest.MonkeyPatch) -> None:
    """As outside of Django's test runner."""
    monkeypatch.delattr("django.core.mail.outbox", raising=False)


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A STATIC_ROOT of the machine that builds."""
    publish(tmp_path / "built", OLD, static_url=CDN)
    publish(tmp_path / "built", NEW, static_url=CDN, now=CREATED + 1)
    return tmp_path / "built"


@pytest.fixture(params=["bucket", "web"])
def place(request: pytest.FixtureRequest, tmp_path: Path, built: Path) -> Iterator[Place]:
    if request.param == "bucket":
        server: ObjectServer = request.getfixturevalue("object_server")
        bucket = BucketPlace(server, f"{server.new_bucket()}/live")
        bucket.up(built)
        bucket.forget()
        yield bucket
        bucket.recover()
    else:
        with web_place(tmp_path / "web") as web:
            web.up(built)
            yield web


@pytest.fixture
def copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a process keeps what it fetched."""
    monkeypatch.setenv("CLEARWAY_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def without_files(records: object, **more: Any) -> Any:
    """The settings of a process that has none."""
    return override_settings(
        STATIC_ROOT=None,
        STATIC_URL=CDN,
        STORAGES={"staticfiles": {"BACKEND": "clearway.storage.ReleaseStorage"}},
        CLEARWAY={"records": records, **more.pop("clearway", {})},
        **more,
    )


def fetching(place: Place, **more: Any) -> Any:
    return without_files(place.url, clearway={"publish": {"options": place.options}}, **more)


@pytest.fixture(params=["no STATIC_ROOT", "an absent one"])
def packaged(request: pytest.FixtureRequest, built: Path, tmp_path: Path) -> Iterator[ReleaseStorage]:
    """A process that has the folder of records, and nothing else."""
    (built / layout.FOLDER).rename(tmp_path / "records")
    root = None if request.param == "no STATIC_ROOT" else tmp_path / "absent"
    with without_files(tmp_path / "records"), override_settings(STATIC_ROOT=root):
        yield ReleaseStorage()


def names(files: dict[str, bytes]) -> dict[str, str]:
    return {name: hashed(name, data) for name, data in files.items()}


# --- packaged


def test_a_record_is_enough_for_names(packaged: ReleaseStorage) -> None:
    assert packaged.hashed_files == names(NEW)
    assert packaged.url("css/site.css?v#x") == f"{CDN}{hashed('css/site.css', b'two')}?v#x"
    assert packaged.url("img/a b#c.png") == CDN + hashed("img/a%20b%23c.png", b"odd")
    assert packaged.stored_name("css/site.css") == hashed("css/site.css", b"two")


def test_the_manifest_is_the_one_that_a_build_writes(packaged: ReleaseStorage) -> None:
    manifest = json.loads(packaged.read_manifest() or "")
    assert manifest == {"paths": names(NEW), "version": "1.1", "hash": packaged.manifest_hash}
    assert packaged.load_manifest() == (names(NEW), packaged.manifest_hash)
    assert packaged.manifest_hash


def test_a_name_that_only_an_earlier_release_has_resolves_there(packaged: ReleaseStorage) -> None:
    assert packaged.url("js/gone.js") == CDN + hashed("js/gone.js", b"gone")


def test_an_unknown_name_is_djangos_error_or_itself(packaged: ReleaseStorage) -> None:
    for name in ("css/nothing.css", "nothing.css", "CACHE/x.css"):
        with pytest.raises(ValueError, match="Missing staticfiles manifest entry"):
            packaged.url(name)


def test_an_unknown_name_is_itself_where_the_storage_is_not_strict(built: Path) -> None:
    with without_files(built / layout.FOLDER):
        storage = ReleaseStorage()
        storage.manifest_strict = False
        assert storage.url("css/nothing.css") == f"{CDN}css/nothing.css"


def test_a_folder_without_a_record_is_named(tmp_path: Path) -> None:
    with without_files(tmp_path / "nothing"), pytest.raises(ValueError, match=r"there is no release in .*nothing"):
        ReleaseStorage().url("css/site.css")


def test_a_packaged_record_can_be_pinned(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = publish(built, OLD, static_url=CDN)
    publish(built, NEW, static_url=CDN, now=CREATED + 1)
    monkeypatch.setenv("CLEARWAY_RELEASE", first.id)
    with without_files(built / layout.FOLDER):
        assert ReleaseStorage().hashed_files == names(OLD)
        monkeypatch.setenv("CLEARWAY_RELEASE", "0" * 16)
        with pytest.raises(UnknownReleaseError, match="CLEARWAY_RELEASE: there is no release 0000"):
            ReleaseStorage()


def test_without_a_static_root_a_place_for_records_is_enough(tmp_path: Path) -> None:
    with without_files(tmp_path):
        assert check_static_root() == []
    with without_files("s3://bucket/live"):
        assert check_static_root() == []
    with override_settings(STATIC_ROOT=None, STORAGES={"staticfiles": {"BACKEND": "clearway.storage.ReleaseStorage"}}):
        assert [message.id for message in check_static_root()] == ["clearway.E104"]


def page(request: Any) -> HttpResponse:
    return HttpResponse("page")


@pytest.mark.parametrize("kind", ["packaged", "pinned", "with an empty STATIC_ROOT"])
def test_a_server_without_files_answers_every_static_url_and_warns_of_none(
    kind: str, built: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    (built / layout.FOLDER).rename(tmp_path / "records")
    if kind == "pinned":
        monkeypatch.setenv("CLEARWAY_RELEASE", (tmp_path / "records" / layout.CURRENT).read_text().strip())
    root = tmp_path / "empty"
    if kind == "with an empty STATIC_ROOT":
        root.mkdir()
    with without_files(tmp_path / "records"), override_settings(STATIC_ROOT=root):
        middleware = ClearwayMiddleware(page)
        paths = [hashed("css/site.css", b"two"), hashed("js/gone.js", b"gone"), "css/site.css", "nothing.css", ""]
        for path in paths * 2:
            answer: Any = middleware(RequestFactory().get(f"/static/{path}"))
            assert (answer.status_code, answer["Cache-Control"]) == (404, "no-store")
        answer = middleware(RequestFactory().get("/page"))
        assert (answer.status_code, answer.content) == (200, b"page")
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []


# --- fetched


def test_names_are_fetched_once_with_three_requests_at_most(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    with fetching(place):
        storage = ReleaseStorage()
        assert place.asked == []
        assert storage.url("css/site.css") == CDN + hashed("css/site.css", b"two")
        assert len(place.asked) <= 3
        forbid_network(monkeypatch)
        assert storage.url("js/gone.js") == CDN + hashed("js/gone.js", b"gone")
        assert storage.hashed_files == names(NEW)
        assert json.loads(storage.read_manifest() or "")["paths"] == names(NEW)
        assert storage.manifest_hash == json.loads(storage.read_manifest() or "")["hash"]
        with pytest.raises(ValueError, match="Missing staticfiles manifest entry"):
            storage.url("css/nothing.css")


def forbid_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(fetched, "remote_files", refuse)


def test_the_tag_names_what_the_store_has(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    with fetching(place):
        tag = Template("{% load static %}{% static 'css/site.css' %} {% get_static_prefix %}")
        wanted = f"{CDN}{hashed('css/site.css', b'two')} {CDN}"
        assert tag.render(Context()) == wanted
        forbid_network(monkeypatch)
        assert {tag.render(Context()) for _ in range(3)} == {wanted}


def test_a_record_for_another_static_url_is_told(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    with fetching(place), override_settings(STATIC_URL="https://other.example/assets/"):
        assert ReleaseStorage().url("css/site.css").startswith("https://other.example/assets/css/site.")
    (said,) = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert said == f"{place.url}/.clearway was built for {CDN}, and STATIC_URL is https://other.example/assets/"


@pytest.mark.parametrize(
    ("here", "built_for", "is_elsewhere"),
    [
        ("/static/", "/static/", False),
        ("/app/static/", "/static/", False),
        ("/static/", "/app/static/", False),
        ("/static/", "/assets/", True),
        (CDN, "/static/", True),
        ("/static/", CDN, True),
        (CDN, "https://cdn.example/", True),
        (CDN, CDN, False),
    ],
)
def test_a_script_name_is_no_other_static_url(here: str, built_for: str, is_elsewhere: bool) -> None:
    with override_settings(STATIC_URL=here):
        assert fetched.leads_elsewhere(built_for) is is_elsewhere


def test_threads_that_ask_at_once_fetch_once(place: Place) -> None:
    with fetching(place), ThreadPoolExecutor(8) as threads:
        storage = ReleaseStorage()
        urls = set(threads.map(lambda _: storage.url("css/site.css"), range(16)))
    assert urls == {CDN + hashed("css/site.css", b"two")}
    assert len(place.asked) <= 3


def test_a_pinned_release_is_fetched(place: Place, built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = publish(built, OLD, static_url=CDN)
    monkeypatch.setenv("CLEARWAY_RELEASE", first.id)
    with fetching(place):
        assert ReleaseStorage().hashed_files == names(OLD)
    assert layout.CURRENT not in place.asked
    monkeypatch.setenv("CLEARWAY_RELEASE", "0" * 16)
    with fetching(place), pytest.raises(StoreError, match=r"no release 0000.*unset CLEARWAY_RELEASE"):
        ReleaseStorage().url("css/site.css")


def test_a_release_on_its_way_is_looked_at_here(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As `clearway release` has it: the store does not have it yet."""
    (built / "staticfiles.json").write_text(json.dumps({"paths": names(OLD), "version": "1.1"}), encoding="ascii")
    monkeypatch.setenv("CLEARWAY_OWN_RECORDS", "1")
    forbid_network(monkeypatch)
    with without_files("s3://bucket/live"), override_settings(STATIC_ROOT=built):
        assert ReleaseStorage().hashed_files == names(OLD)


def test_a_process_stays_with_the_release_that_it_fetched(place: Place, built: Path) -> None:
    with fetching(place):
        storage = ReleaseStorage()
        assert storage.hashed_files == names(NEW)
        publish(built, OLD, static_url=CDN, now=CREATED + 2)
        place.up(built)
        assert storage.hashed_files == names(NEW)
        assert ReleaseStorage().hashed_files == names(OLD)


def nothing_there(place: Place) -> None:
    place.drop(layout.CURRENT)


def no_release(place: Place) -> None:
    index = next(name for name in listed(place, "catalogs") if name.endswith(pointed(place)))
    place.drop(index)
    place.drop(layout.record(pointed(place)))


def damaged(place: Place, folder: Path) -> None:
    overwrite(place, folder, layout.index(pointed(place)), b"clearway-index 2 damaged")


def of_somebody_else(place: Place, folder: Path) -> None:
    overwrite(place, folder, layout.CURRENT, b"<!doctype html><title>Not found</title>")


def pointed(place: Place) -> str:
    from clearway.stores.remote_files import remote_files

    return remote_files(place.url, place.options).read(layout.CURRENT).decode().strip()


def listed(place: Place, folder: str) -> list[str]:
    return [f"{folder}/{pointed(place)}"]


def overwrite(place: Place, folder: Path, name: str, data: bytes) -> None:
    path = folder / layout.FOLDER / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    place.up(folder)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda place, folder: nothing_there(place), r"current does not exist; publish one \(clearway publish"),
        (lambda place, folder: no_release(place), "there is no release [0-9a-f]{16}"),
        (damaged, "is damaged or of another version"),
        (of_somebody_else, "is not the id of a release"),
    ],
)
def test_what_is_no_record_is_refused_also_with_an_earlier_copy(
    place: Place, copies: Path, tmp_path: Path, spoil: Callable[[Place, Path], None], said: str
) -> None:
    with fetching(place):
        assert ReleaseStorage().hashed_files
        spoil(place, tmp_path / "spoiled")
        with pytest.raises(StoreError, match=said) as raised:
            ReleaseStorage().url("css/site.css")
    assert str(raised.value).startswith('CLEARWAY["records"]: ')


def test_a_store_that_fails_is_a_clear_error_which_goes_away_with_its_cause(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetched, "_AGAIN_AFTER", 0)
    place.fail()
    with fetching(place):
        storage = ReleaseStorage()
        with pytest.raises(StoreError, match=r'CLEARWAY\["records"\].*503.*no earlier copy'):
            storage.url("css/site.css")
        place.recover()
        assert storage.url("css/site.css") == CDN + hashed("css/site.css", b"two")


def test_a_store_that_fails_is_not_asked_by_every_page(place: Place) -> None:
    place.fail()
    with fetching(place):
        storage = ReleaseStorage()
        with pytest.raises(StoreError):
            storage.url("css/site.css")
        asked = len(place.asked)
        for _ in range(5):
            with pytest.raises(StoreError):
                storage.url("css/site.css")
        assert len(place.asked) == asked


def test_an_earlier_copy_stands_in_for_a_store_that_fails(
    place: Place, copies: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with fetching(place):
        assert ReleaseStorage().hashed_files == names(NEW)
        place.fail()
        storage = ReleaseStorage()
        assert storage.hashed_files == names(NEW)
        assert storage.url("js/gone.js") == CDN + hashed("js/gone.js", b"gone")
    (said,) = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert "503" in said
    assert "which was read from there before" in said


def test_copies_of_releases_that_are_no_longer_retained_go(place: Place, copies: Path, built: Path) -> None:
    kept = partial(copies.glob, "records/*/catalogs/*")
    with fetching(place):
        assert ReleaseStorage().hashed_files
        first = next(kept()).name
        (built / layout.FOLDER / layout.HISTORY).unlink()
        publish(built, {"other.css": b"other"}, static_url=CDN, now=CREATED + 3)
        place.up(built)
        assert ReleaseStorage().hashed_files == names({"other.css": b"other"})
    assert first not in [path.name for path in kept()]


def test_a_place_for_copies_that_cannot_be_written_is_passed_over(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("CLEARWAY_CACHE", str(tmp_path / "file"))
    with fetching(place):
        assert ReleaseStorage().hashed_files == names(NEW)


def test_two_stores_have_copies_of_their_own(place: Place, copies: Path) -> None:
    with fetching(place):
        assert ReleaseStorage().hashed_files
    other = {"publish": {"options": place.options}}
    place.fail()
    with without_files(f"{place.url}/elsewhere", clearway=other), pytest.raises(StoreError):
        ReleaseStorage().url("css/site.css")


def test_a_server_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetched, "_DEADLINE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with without_files(url), pytest.raises(StoreError, match="no answer within"):
            ReleaseStorage().url("css/site.css")


def test_the_middleware_fetches_when_a_worker_starts(place: Place) -> None:
    with fetching(place):
        ClearwayMiddleware(page)
        assert place.asked
        asked = len(place.asked)
        assert Template("{% load static %}{% static 'css/site.css' %}").render(Context()).startswith(CDN)
        assert len(place.asked) == asked
        place.fail()
    with fetching(place), pytest.raises(StoreError, match="no earlier copy"):
        ClearwayMiddleware(page)


@pytest.mark.parametrize("kind", ["development", "test run"])
def test_nothing_is_fetched_in_development_and_when_a_test_run_starts(
    place: Place, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if kind == "test run":
        monkeypatch.setattr("django.core.mail.outbox", [], raising=False)
    with fetching(place, DEBUG=kind == "development"):
        ClearwayMiddleware(page)
        assert place.asked == []
        if kind == "development":
            assert ReleaseStorage().url("css/site.css") == f"{CDN}css/site.css"
            assert place.asked == []


def test_a_test_run_without_a_store_has_plain_names(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.core.mail.outbox", [], raising=False)
    place.fail()
    with fetching(place):
        assert ReleaseStorage().url("css/site.css") == f"{CDN}css/site.css"


def test_collectstatic_with_such_settings_builds_here_and_asks_nobody(place: Place, tmp_path: Path) -> None:
    (tmp_path / "sources/css").mkdir(parents=True)
    (tmp_path / "sources/css/mine.css").write_bytes(b"mine")
    more = {
        "STATIC_ROOT": tmp_path / "static",
        "STATICFILES_DIRS": [tmp_path / "sources"],
        "STATICFILES_FINDERS": ["django.contrib.staticfiles.finders.FileSystemFinder"],
    }
    with fetching(place), override_settings(**more):
        call_command("collectstatic", interactive=False, verbosity=0)
    manifest = json.loads((tmp_path / "static/staticfiles.json").read_bytes())
    assert manifest["paths"] == names({"css/mine.css": b"mine"})
    assert (tmp_path / "static" / layout.FOLDER / layout.CURRENT).exists()
    assert place.asked == []


@pytest.mark.parametrize("options", [{}, {"clear": True}, {"dry_run": True}])
@pytest.mark.parametrize("records", ["folder", "s3://bucket/live"])
def test_collectstatic_without_a_static_root_stops_as_djangos_does(
    tmp_path: Path, records: str, options: dict[str, Any]
) -> None:
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources/mine.css").write_bytes(b"mine")
    finders = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    with (
        without_files(records if "://" in records else tmp_path / records),
        override_settings(STATICFILES_DIRS=[tmp_path / "sources"], STATICFILES_FINDERS=finders),
        pytest.raises(ImproperlyConfigured, match="STATIC_ROOT"),
    ):
        call_command("collectstatic", interactive=False, verbosity=0, **options)
