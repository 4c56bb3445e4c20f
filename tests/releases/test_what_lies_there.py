"""Publishing to a target that has the right texts already: in another encoding, or with other header fields."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.helpers.object_server import Application, ObjectServer, Start
from tests.releases.publishing import current, missing, publish
from tests.releases.sites import OLD, at, released, write

from clearway.catalog import layout
from clearway.cli import main
from clearway.releases.objects import Object, objects_of
from clearway.stores.targets import open_target
from clearway.stores.transport import Fields, Transport

CSS = {"a.css": b"".join(b".c%d{margin:%dpx}\n" % (n, n % 7) for n in range(400)), "b.css": b"a{color:red}" * 90}
OCTETS = "binary/octet-stream"
Capture = pytest.CaptureFixture[str]

pytestmark = pytest.mark.usefixtures("credentials")


def built(tmp_path: Path, levels: str, more: bytes = b"") -> Path:
    """The same texts by another encoder, and a text of its own."""
    write(tmp_path / "source", CSS | ({"more.css": more} if more else {}))
    out = tmp_path / levels
    assert main(["build", str(tmp_path / "source"), "--out", str(out), "--levels", levels, "-v", "0"]) == 0
    return out


def objects(root: Path) -> dict[str, Object]:
    records = at(root).records
    return objects_of(records.release(records.current() or ""), "", 60)


def synced(root: Path, target: Transport, type_: str) -> None:
    """As a tool does that knows nothing of types and encodings."""
    for name in objects(root):
        target.put(name, (root / name).read_bytes(), Fields(type_, ""))


@pytest.mark.parametrize("words", [(), ("--coding", "br")])
def test_another_encoder_is_not_in_the_way(url: str, tmp_path: Path, words: tuple[str, ...], capsys: Capture) -> None:
    best, fast = built(tmp_path, "br=11,gzip=9"), built(tmp_path, "fast", b"p{color:blue}" * 90)
    assert (best / "a.css").exists()
    capsys.readouterr()
    publish(capsys, best, url, *words)
    before = lying(url)
    done = publish(capsys, fast, url, *words)
    assert (done["differences"], done["done"]) == ([], True)
    assert {each["name"].partition(".")[0] for each in done["uploads"]} == {"more"}
    assert before.items() <= lying(url).items()
    for more in ((), ("--verify",)):
        assert publish(capsys, fast, url, *words, *more)["uploads"] == []
    assert main(["verify", "--target", url]) == 0
    assert publish_again(capsys, best, url, *words)["uploads"] == []
    assert main(["verify", "--target", url]) == 0


def publish_again(capsys: Capture, root: Path, url: str, *words: str) -> dict[str, Any]:
    capsys.readouterr()
    return publish(capsys, root, url, *words)


def lying(url: str) -> dict[str, bytes]:
    target = open_target(url, {})
    names = [entry.name for entry in target.list() if ".css" in entry.name]
    return {name: target.read(name)[0] for name in names}


def test_what_a_run_with_another_encoder_left_that_was_killed_is_not_in_the_way(
    url: str, tmp_path: Path, capsys: Capture
) -> None:
    """Nothing of it is on record."""
    best, fast = built(tmp_path, "br=11,gzip=9"), built(tmp_path, "fast")
    capsys.readouterr()
    target = open_target(url, {})
    for name, each in objects(best).items():
        target.put(name, (best / name).read_bytes(), each.fields)
    assert publish(capsys, fast, url)["done"]
    assert missing(target) == []
    assert main(["verify", "--target", url]) == 0


def test_an_encoding_of_something_else_is_in_the_way(url: str, tmp_path: Path, capsys: Capture) -> None:
    root = built(tmp_path, "fast")
    capsys.readouterr()
    target = open_target(url, {})
    taken = next(name for name in objects(root) if name.startswith("a.") and name.endswith(".gz"))
    for data in (b"no gzip at all", next(path.read_bytes() for path in sorted(root.glob("b.*.gz")))):
        target.put(taken, data, objects(root)[taken].fields)
        assert [each["file"] for each in publish(capsys, root, url, code=1)["differences"]] == [taken]
        assert target.read(taken)[0] == data


def test_what_a_tool_put_there_is_answered_as_it_must_be(
    object_server: ObjectServer, tmp_path: Path, capsys: Capture
) -> None:
    released(tmp_path / "public", OLD)
    url = f"{object_server.new_bucket()}/live"
    synced(tmp_path / "public", open_target(url, {}), OCTETS)
    publish(capsys, tmp_path / "public", url)
    for name, each in objects(tmp_path / "public").items():
        headers = object_server.headers(url, name)
        told = {key: headers.get(key, "") for key in ("content-type", "cache-control", "content-encoding")}
        assert Fields(*told.values()) == replace(each.fields, caching="public, max-age=31536000, immutable")
    assert publish(capsys, tmp_path / "public", url, "--verify")["uploads"] == []


def test_what_was_answered_otherwise_since_is_put_right_by_verify(
    object_server: ObjectServer, tmp_path: Path, capsys: Capture
) -> None:
    released(tmp_path / "public", OLD)
    url = f"{object_server.new_bucket()}/live"
    publish(capsys, tmp_path / "public", url)
    target, name = open_target(url, {}), min(objects(tmp_path / "public"))
    target.put(name, target.read(name)[0], Fields(OCTETS, ""))
    assert publish(capsys, tmp_path / "public", url)["uploads"] == []
    assert [each["name"] for each in publish(capsys, tmp_path / "public", url, "--verify")["uploads"]] == [name]
    assert object_server.headers(url, name)["content-type"] != OCTETS


def test_another_encoding_that_is_answered_wrongly_is_in_the_way(
    object_server: ObjectServer, tmp_path: Path, capsys: Capture
) -> None:
    best, fast = built(tmp_path, "br=11,gzip=9"), built(tmp_path, "fast")
    capsys.readouterr()
    url = f"{object_server.new_bucket()}/live"
    synced(best, open_target(url, {}), OCTETS)
    names = {each["file"] for each in publish(capsys, fast, url, code=1)["differences"]}
    assert (
        names == {name for name in objects(fast) if (best / name).read_bytes() != (fast / name).read_bytes()} != set()
    )


def test_a_store_that_keeps_no_header_fields_is_not_written_to_again(
    object_server: ObjectServer, tmp_path: Path, capsys: Capture
) -> None:
    released(tmp_path / "public", OLD)
    url = f"{object_server.new_bucket()}/live"
    with object_server.behaving(forgetful):
        first = publish(capsys, tmp_path / "public", url)["release"]
        assert publish(capsys, tmp_path / "public", url, "--verify")["uploads"] == []
        assert current(open_target(url, {})) == first
        assert missing(open_target(url, {})) == []
        assert main(["publish", "--root", str(tmp_path / "public"), url]) == 0
    assert object_server.headers(url, f"{layout.FOLDER}/store.json")["content-type"] == OCTETS


def forgetful(store: Application, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    """As rclone does: it has no place for header fields."""
    lost = ("HTTP_CACHE_CONTROL", "HTTP_CONTENT_ENCODING")
    kept = {key: value for key, value in environ.items() if key not in lost}
    return store({**kept, "CONTENT_TYPE": OCTETS} if environ["REQUEST_METHOD"] == "PUT" else kept, start)
