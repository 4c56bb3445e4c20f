"""Defects of the peers that are no matter of one request, each shown on them where they are installed, and fixed."""

import gzip
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from tests.helpers.released import write
from tests.helpers.replies import Reply
from tests.helpers.wsgi import environ, run, says
from tests.peers.behaviours import CSS, GZ, MTIME, PAGE

import clearway
from clearway import wsgi
from clearway.http.media_types import DEFAULT, media_type
from clearway.middleware import ClearwayMiddleware

Make = Callable[..., Any]


def whitenoise(root: Path, **options: Any) -> Any:
    return pytest.importorskip("whitenoise", reason="needs whitenoise").WhiteNoise(says(PAGE), root, **options)


def servestatic(root: Path, **options: Any) -> Any:
    return pytest.importorskip("servestatic", reason="needs servestatic").ServeStatic(says(PAGE), root, **options)


def ours(root: Path, **options: Any) -> Any:
    return wsgi.Clearway(says(PAGE), root, **options)


THEIRS = pytest.mark.parametrize("make", [whitenoise, servestatic])
ALL = pytest.mark.parametrize("make", [whitenoise, servestatic, ours])


def get(app: Any, target: str, **headers: str) -> Reply:
    return run(app, environ(target, headers={name.replace("_", "-"): value for name, value in headers.items()}))


def timed(root: Path, files: dict[str, bytes], mtime: int = MTIME) -> None:
    write(root, files)
    for name in files:
        os.utime(root / name, (mtime, mtime))


# --- files that change


@THEIRS
def test_a_file_that_vanished_is_an_error_of_theirs(tmp_path: Path, make: Make) -> None:
    timed(tmp_path, {"a.txt": b"a"})
    app = make(tmp_path)
    (tmp_path / "a.txt").unlink()
    with pytest.raises(OSError, match="No such file"):
        get(app, "/a.txt")


def test_a_file_that_vanished_is_a_miss_of_ours(tmp_path: Path) -> None:
    timed(tmp_path, {"a.txt": b"a"})
    app = ours(tmp_path)
    (tmp_path / "a.txt").unlink()
    assert get(app, "/a.txt").body == PAGE  # at the site's root a miss is the application's


@THEIRS
def test_a_file_that_grew_has_the_old_length_there(tmp_path: Path, make: Make) -> None:
    timed(tmp_path, {"a.txt": b"old"})
    app = make(tmp_path)
    timed(tmp_path, {"a.txt": b"new and longer"}, MTIME + 5)
    with pytest.raises(AssertionError, match="Content-Length 3, 14 octets sent"):
        get(app, "/a.txt")


def test_a_file_that_grew_has_its_own_length_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clearway.catalog.directory_files.FRESH_FOR", -1)
    timed(tmp_path, {"a.txt": b"old"})
    app = ours(tmp_path)
    before = get(app, "/a.txt")
    timed(tmp_path, {"a.txt": b"new and longer"}, MTIME + 5)
    after = get(app, "/a.txt")
    assert (after["Content-Length"], after.body) == ("14", b"new and longer")
    assert before["ETag"] != after["ETag"]


# --- validators


@pytest.mark.parametrize(("make", "alike"), [(whitenoise, True), (servestatic, True), (ours, False)])
def test_one_tag_for_two_representations(tmp_path: Path, make: Make, alike: bool) -> None:
    timed(tmp_path, {"a.css": CSS, "a.css.gz": GZ})
    app = make(tmp_path)
    plain, encoded = get(app, "/a.css"), get(app, "/a.css", Accept_Encoding="gzip")
    assert plain.body != encoded.body
    assert (plain["ETag"] == encoded["ETag"]) is alike


@pytest.fixture
def in_zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    def move(name: str) -> None:
        monkeypatch.setenv("TZ", name)
        time.tzset()

    if not hasattr(time, "tzset"):
        pytest.skip("needs time.tzset")
    yield move
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(("make", "alike"), [(whitenoise, False), (servestatic, False), (ours, True)])
def test_a_tag_that_depends_on_the_time_zone(
    tmp_path: Path, make: Make, alike: bool, in_zone: Callable[[str], None]
) -> None:
    timed(tmp_path, {"a.txt": b"a"})
    tags = []
    for zone in ("UTC", "America/New_York"):
        in_zone(zone)
        tags.append(get(make(tmp_path), "/a.txt")["ETag"])
    assert (tags[0] == tags[1]) is alike


@pytest.mark.parametrize(("make", "alike"), [(whitenoise, False), (servestatic, False), (ours, True)])
def test_a_tag_that_changes_with_every_image(tmp_path: Path, make: Make, alike: bool) -> None:
    tags = []
    for mtime in (MTIME, MTIME + 86400):
        timed(tmp_path, {"a.txt": b"a"}, mtime)
        tags.append(get(make(tmp_path), "/a.txt")["ETag"])
    assert (tags[0] == tags[1]) is alike


# --- odd entries


def plant_broken_link(root: Path) -> None:
    (root / "broken").symlink_to("nowhere")


def plant_loop(root: Path) -> None:
    (root / "loop").symlink_to("loop")


def plant_fifo(root: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("needs FIFOs")
    os.mkfifo(root / "fifo")


ODD = pytest.mark.parametrize("plant", [plant_broken_link, plant_loop, plant_fifo])


@THEIRS
@ODD
@pytest.mark.filterwarnings("ignore:unclosed scandir", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_odd_entry_keeps_them_from_starting(tmp_path: Path, make: Make, plant: Callable[[Path], None]) -> None:
    write(tmp_path, {"a.txt": b"a"})
    plant(tmp_path)
    with pytest.raises(Exception):  # noqa: B017 - OSError, or an error of their own
        make(tmp_path)


@ODD
def test_an_odd_entry_is_passed_over_here(tmp_path: Path, plant: Callable[[Path], None]) -> None:
    write(tmp_path, {"a.txt": b"a"})
    plant(tmp_path)
    app = ours(tmp_path)
    assert get(app, "/a.txt").body == b"a"
    assert [get(app, f"/{name}").body for name in ("broken", "loop", "fifo")] == [PAGE] * 3


@pytest.mark.parametrize(("make", "status"), [(whitenoise, 200), (servestatic, 200), (ours, 404)])
def test_an_encoding_that_is_a_link_out_of_the_directory(tmp_path: Path, make: Make, status: int) -> None:
    write(tmp_path, {"www/a.css": CSS, "secret.gz": gzip.compress(b"secret")})
    (tmp_path / "www" / "a.css.gz").symlink_to(tmp_path / "secret.gz")
    reply = get(make(tmp_path / "www", prefix="s"), "/s/a.css", Accept_Encoding="gzip")
    assert (gzip.decompress(reply.body) == b"secret") if status == 200 else (reply.body == CSS)


@pytest.mark.parametrize(("make", "body"), [(whitenoise, b"secret"), (servestatic, PAGE), (ours, PAGE)])
def test_a_link_out_of_the_directory(tmp_path: Path, make: Make, body: bytes) -> None:
    write(tmp_path, {"www/a.txt": b"a", "secret.txt": b"secret"})
    (tmp_path / "www" / "link.txt").symlink_to(tmp_path / "secret.txt")
    assert get(make(tmp_path / "www"), "/link.txt").body == body


@pytest.mark.parametrize(("make", "body"), [(servestatic, b"out"), (ours, b"out")])
@pytest.mark.parametrize("autorefresh", [False, True])
def test_a_link_out_of_the_directory_can_be_allowed(tmp_path: Path, make: Make, body: bytes, autorefresh: bool) -> None:
    write(tmp_path, {"www/a.txt": b"a", "out/b.txt": b"out"})
    (tmp_path / "www" / "d").symlink_to(tmp_path / "out")
    app = make(tmp_path / "www", allow_unsafe_symlinks=True, autorefresh=autorefresh)
    assert get(app, "/d/b.txt").body == body


@ALL
def test_a_variant_that_is_older_than_its_file(tmp_path: Path, make: Make) -> None:
    timed(tmp_path, {"a.css": b"b{}" * 500})
    timed(tmp_path, {"a.css.gz": GZ}, MTIME - 60)
    reply = get(make(tmp_path), "/a.css", Accept_Encoding="gzip")
    decoded = gzip.decompress(reply.body) if reply["Content-Encoding"] else reply.body
    assert decoded == (b"b{}" * 500 if make is ours else CSS)


# --- the middleware, the package, the wrapper


@pytest.mark.parametrize(
    ("path", "sync", "asynchronous"),
    [
        ("whitenoise.middleware.WhiteNoiseMiddleware", True, False),
        ("servestatic.middleware.ServeStaticMiddleware", False, True),
        ("clearway.middleware.ClearwayMiddleware", True, True),
    ],
)
def test_which_chains_a_middleware_can_stand_in(path: str, sync: bool, asynchronous: bool) -> None:
    module, _, name = path.rpartition(".")
    with override_settings(STATIC_ROOT="/nowhere", STORAGES={"staticfiles": {"BACKEND": "x"}}):
        made = getattr(pytest.importorskip(module, reason=f"needs {module.partition('.')[0]}"), name)
    assert getattr(made, "sync_capable", True) is sync
    assert getattr(made, "async_capable", False) is asynchronous


@pytest.mark.parametrize(("name", "typed"), [("whitenoise", False), ("servestatic", False), ("clearway", True)])
def test_who_is_typed(name: str, typed: bool) -> None:
    package = pytest.importorskip(name, reason=f"needs {name}")
    assert Path(package.__path__[0], "py.typed").exists() is typed


def test_without_an_application_the_rest_is_not_found(tmp_path: Path) -> None:
    made = pytest.importorskip("whitenoise", reason="needs whitenoise").WhiteNoise(None, tmp_path)
    with pytest.raises(TypeError):
        get(made, "/none")
    alone = wsgi.Clearway(None, tmp_path)
    assert get(alone, "/none").status == 404
    assert list(alone({}, lambda status, fields: None)) == [b"Not Found\n"]


def test_the_hooks_of_their_classes_are_options_here() -> None:
    """No method of the middleware is there to be overridden but Django's own."""
    public = {name for name in vars(ClearwayMiddleware) if not name.startswith("_")}
    assert public == {"sync_capable", "async_capable"}
    assert clearway.__version__


@pytest.mark.parametrize(("make", "status"), [(whitenoise, 302), (servestatic, 302), (ours, 200)])
def test_an_empty_path_below_a_script_name(tmp_path: Path, make: Make, status: int) -> None:
    """Theirs leads from /app to /, which is another site's page."""
    write(tmp_path, {"index.html": b"home"})
    reply = run(make(tmp_path, index_file=True), environ("/", script_name="/app", PATH_INFO=""))
    assert (reply.status, reply["Location"]) == (status, "/" if status == 302 else None)


@pytest.mark.parametrize(("make", "field"), [(whitenoise, None), (servestatic, "*"), (ours, "*")])
def test_who_may_read_a_part(tmp_path: Path, make: Make, field: str | None) -> None:
    timed(tmp_path, {"a.txt": b"a" * 50})
    app = make(tmp_path)
    assert get(app, "/a.txt", Range="bytes=0-9")["Access-Control-Allow-Origin"] == "*"
    assert get(app, "/a.txt", Range="bytes=99-")["Access-Control-Allow-Origin"] == field


def test_a_directory_that_is_missing_is_said_in_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    package = pytest.importorskip("whitenoise", reason="needs whitenoise")
    with pytest.warns(UserWarning, match="No directory at"):
        package.WhiteNoise(says(PAGE), tmp_path / "nowhere")
    ours(tmp_path / "nowhere")
    assert f"{tmp_path}/nowhere is not a directory" in caplog.text


# --- media types

# theirs, by extension or name, where ours is another: registered since, or by the standard of the format
OURS_INSTEAD = {
    ".bmp": "image/bmp",
    ".ico": "image/vnd.microsoft.icon",
    ".m4a": "audio/mp4",
    ".m4v": "video/mp4",
    ".rar": "application/vnd.rar",
    ".svgz": "application/octet-stream",  # no Content-Encoding is read from a name
    ".ts": "text/plain",  # TypeScript, and not the transport stream of MPEG
    ".woff": "font/woff",
    ".xml": "application/xml",
    "apple-app-site-association": "application/json",
}


def their_types(peer: str) -> dict[str, str]:
    module = pytest.importorskip(f"{peer}.media_types", reason=f"needs {peer}")
    types: dict[str, str] = module.default_types()
    return types


def our_type(key: str) -> str:
    return media_type(f"x{key}" if key.startswith(".") else key)


@pytest.mark.parametrize("peer", ["whitenoise", "servestatic"])
def test_every_extension_that_they_know_has_a_type(peer: str) -> None:
    theirs = their_types(peer)
    assert len(theirs) > 100
    lost = [key for key, type_ in theirs.items() if our_type(key) == DEFAULT != type_]
    assert lost == [".svgz"]


@pytest.mark.parametrize("peer", ["whitenoise", "servestatic"])
def test_the_types_that_differ_are_those_that_were_registered_since(peer: str) -> None:
    differ = {key: our_type(key) for key, type_ in their_types(peer).items() if our_type(key) != type_}
    assert differ == OURS_INSTEAD
