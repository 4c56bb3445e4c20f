"""Bridge into a store and out of one: objects get the header fields that a release gives them."""

import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from tests.helpers.object_server import ObjectServer
from tests.releases.live_site import serving
from tests.releases.publishing import missing, publish
from tests.releases.sites import NEW, OLD, at, released
from tests.releases.test_bridge import django_root

from clearway.cli import main
from clearway.releases.files import files_of
from clearway.releases.objects import objects_of
from clearway.releases.verify import verify
from clearway.stores.decode import decoded
from clearway.stores.targets import open_target, snapshot_places
from clearway.stores.transport import Fields

FOREVER = "public, max-age=31536000, immutable"
TEXT = Fields("text/plain", "")
CSS = b"a{color:red}" * 40
Capture = pytest.CaptureFixture[str]

pytestmark = pytest.mark.usefixtures("credentials")


@pytest.fixture(params=["bucket", "directory"])
def url(request: pytest.FixtureRequest, object_server: ObjectServer, tmp_path: Path, capsys: Capture) -> str:
    """A target with one release."""
    url = f"{object_server.new_bucket()}/live" if request.param == "bucket" else str(tmp_path / "target")
    released(tmp_path / "public", NEW)
    publish(capsys, tmp_path / "public", url)
    return url


def bridge(capsys: Capture, given: str, url: str, *words: str, code: int = 0) -> dict[str, Any]:
    capsys.readouterr()
    assert main(["bridge", given, "--target", url, "--format", "json", *words]) == code
    read: dict[str, Any] = json.loads(capsys.readouterr().out)
    return read


def old_bucket(server: ObjectServer, files: dict[str, bytes], *, zipped: bool = False) -> tuple[str, dict[str, str]]:
    """A bucket as S3ManifestStaticStorage leaves it: both names, one lifetime, texts encoded where it is told to."""
    url = f"{server.new_bucket()}/static"
    target, paths = open_target(url, {}), {}
    for name, data in files.items():
        stem, _, suffix = name.rpartition(".")
        paths[name] = f"{stem}.{hashlib.md5(data).hexdigest()[:12]}.{suffix}"
        stored = gzip.compress(data) if zipped else data
        for each in (name, paths[name]):
            target.put(each, stored, Fields("text/css", "max-age=86400", "gzip" if zipped else ""))
    target.put("staticfiles.json", json.dumps({"paths": paths, "version": "1.1"}).encode(), TEXT)
    return url, paths


@pytest.mark.parametrize("zipped", [False, True])
def test_the_hashed_files_of_a_bucket_of_django_storages(
    object_server: ObjectServer, url: str, zipped: bool, capsys: Capture
) -> None:
    given, paths = old_bucket(object_server, {"a.css": CSS, "app/b.js": b"let b"}, zipped=zipped)
    target = open_target(url, {})
    before = {entry.name for entry in target.list()}
    planned = bridge(capsys, given, url, "--dry-run")
    assert {entry.name for entry in target.list()} == before
    done = bridge(capsys, given, url)
    assert done == planned | {"done": True}
    assert {each["name"] for each in done["files"]} == set(paths.values())
    assert target.read(paths["a.css"])[0] == CSS
    if "://" in url:
        headers = object_server.headers(url, paths["a.css"])
        assert (headers["content-type"], headers["cache-control"]) == ("text/css; charset=utf-8", FOREVER)
        assert "content-encoding" not in headers
    assert target.head("a.css") is None
    assert verify(snapshot_places(target)).differences == []
    assert missing(target) == []
    (id_,) = done["releases"]
    assert snapshot_places(target).records.history().entries[id_].retired
    assert bridge(capsys, given, url)["files"] == []
    assert main(["prune", "--target", url, "--retain", "1", "--retain-days", "0", "--grace", "0"]) == 0
    assert target.head(paths["a.css"]) is None


def test_the_releases_of_a_directory_with_their_variants(
    object_server: ObjectServer, url: str, tmp_path: Path, capsys: Capture
) -> None:
    (old,) = released(tmp_path / "old", OLD)
    done = bridge(capsys, str(tmp_path / "old"), url)
    assert done["releases"] == [old.id]
    target, there = open_target(url, {}), snapshot_places(open_target(url, {})).records.release(old.id)
    wanted = objects_of(old, "", None)
    assert files_of(there).keys() == wanted.keys() == {name for name in wanted if target.head(name)}
    for name, each in wanted.items() if "://" in url else ():
        headers = object_server.headers(url, name)
        assert headers["content-type"] == each.fields.type
        assert headers.get("content-encoding", "") == each.fields.encoding
    assert verify(snapshot_places(target)).differences == []


def test_a_live_site(url: str, tmp_path: Path, capsys: Capture) -> None:
    paths = django_root(tmp_path / "old", {"a.css": CSS})
    with serving(tmp_path / "old") as live:
        assert [each["name"] for each in bridge(capsys, live.url, url)["files"]] == [paths["a.css"]]


def test_what_is_damaged_there_or_something_else_here_is_left_behind(
    object_server: ObjectServer, url: str, capsys: Capture
) -> None:
    given, paths = old_bucket(object_server, {"a.css": CSS, "b.css": b"b{}", "c.css": b"c{}"})
    open_target(given, {}).put(paths["a.css"], b"edited", TEXT)
    open_target(url, {}).put(paths["b.css"], b"somebody else's", TEXT)
    done = bridge(capsys, given, url, code=1)
    assert {each["file"]: each["problem"] for each in done["differences"]} == {
        paths["a.css"]: "does not have the hash that its name says",
        paths["b.css"]: "is another file here; the one that is here stays",
    }
    assert {each["name"] for each in done["files"]} == {paths["c.css"]}
    assert open_target(url, {}).read(paths["b.css"])[0] == b"somebody else's"


def test_from_and_into_a_target_in_one_coding(object_server: ObjectServer, tmp_path: Path, capsys: Capture) -> None:
    urls = [f"{object_server.new_bucket()}/live" for _ in range(2)]
    for tree, url in ((OLD, urls[0]), (NEW, urls[1])):
        released(tmp_path / str(len(tree)), tree)
        publish(capsys, tmp_path / str(len(tree)), url, "--coding", "br")
    old = at(tmp_path / str(len(OLD))).records
    bridge(capsys, urls[0], urls[1])
    bridge(capsys, str(tmp_path / str(len(OLD))), urls[1])
    target = open_target(urls[1], {})
    release = old.release(old.current() or "")
    for asset in release.assets.values():
        data = target.read(asset.name)[0]
        is_coded = object_server.headers(urls[1], asset.name).get("content-encoding") == "br"
        assert hashlib.sha256((decoded("br", data) or b"") if is_coded else data).hexdigest() == asset.sha256
    assert verify(snapshot_places(target)).differences == []
    released(tmp_path / "back", {"a.txt": b"a"})
    assert main(["bridge", urls[0], "--root", str(tmp_path / "back")]) == 0
    assert verify(at(tmp_path / "back")).differences == []


def test_an_empty_bucket_is_told(object_server: ObjectServer, url: str, capsys: Capture) -> None:
    assert main(["bridge", f"{object_server.new_bucket()}/none", "--target", url]) == 2
    assert "has neither" in capsys.readouterr().err
