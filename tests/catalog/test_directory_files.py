"""The files of a plain directory: validators, edits, index files, and what took a file's place."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote, urljoin

import pytest

from clearway.catalog import reading
from clearway.catalog.directory_files import FRESH_FOR, DirectoryFiles
from clearway.catalog.layer import UNREAD
from clearway.catalog.live_files import LiveFiles
from clearway.catalog.reading import LARGEST_DIGESTED, open_refusing_links, read_resource
from clearway.catalog.tree import DiskFile, Tree, disk_file
from clearway.http.header_rules import HeaderRules
from clearway.http.resource import Redirect, Resource

from .samples import URL, digest_tag, headers_of, plant, tag_of

KINDS = [DirectoryFiles, LiveFiles]


def layer(
    root: Path, kind: type = DirectoryFiles, rules: HeaderRules | None = None, **options: object
) -> DirectoryFiles:
    made: DirectoryFiles = kind(Tree(os.fspath(root)), rules or HeaderRules(), URL, **options)
    return made


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The paths of the files that were read."""
    paths: list[str] = []

    def spy(path: str) -> object:
        paths.append(path)
        return open_refusing_links(path)

    monkeypatch.setattr(reading, "open_refusing_links", spy)
    return paths


# --- validators


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_is_answered_with_the_digest_of_its_content(tmp_path: Path, kind: type) -> None:
    plant(tmp_path, {"d/a.css": b"body"})
    os.utime(tmp_path / "d/a.css", (1_700_000_000, 1_700_000_000))
    headers = headers_of(layer(tmp_path, kind).find("d/a.css"))
    assert headers == {
        "Content-Type": "text/css; charset=utf-8",
        "Content-Length": "4",
        "ETag": digest_tag(b"body"),
        "Last-Modified": "Tue, 14 Nov 2023 22:13:20 GMT",
        "Cache-Control": "max-age=60, public",
        "Accept-Ranges": "bytes",
        "X-Content-Type-Options": "nosniff",
        "Access-Control-Allow-Origin": "*",
    }


@pytest.mark.parametrize("kind", KINDS)
def test_each_coding_has_a_digest_of_its_own(tmp_path: Path, kind: type) -> None:
    plant(tmp_path, {"a.css": b"plain", "a.css.gz": b"zip", "a.css.br": b"br"})
    found = layer(tmp_path, kind).find("a.css")
    assert isinstance(found, Resource)
    tags = {each.coding: each.tag for each in found.representations}
    assert tags == {"br": digest_tag(b"br"), "gzip": digest_tag(b"zip"), "identity": digest_tag(b"plain")}
    if kind is DirectoryFiles:
        assert layer(tmp_path).find("a.css.gz") is None


def test_a_large_file_is_not_read_for_its_validator(tmp_path: Path, opened: list[str]) -> None:
    for size, digested in ((LARGEST_DIGESTED, True), (LARGEST_DIGESTED + 1, False)):
        path = tmp_path / f"{size}.bin"
        with path.open("wb") as file:
            file.truncate(size)
        os.utime(path, ns=(0, 0xABC))
        found = layer(tmp_path).find(path.name)
        assert (os.fspath(path) in opened) is digested
        if not digested:
            assert tag_of(found) == f'"{size:x}-abc"'
            os.utime(path, ns=(0, 0xABD))
            assert tag_of(layer(tmp_path).find(path.name)) == f'"{size:x}-abd"'


def test_files_are_read_on_first_use_only(tmp_path: Path, opened: list[str], clock: SimpleNamespace) -> None:
    plant(tmp_path, {"a.css": b"a", "b.css": b"b"})
    made = layer(tmp_path)
    assert opened == []
    assert made.find_in_memory("a.css") is UNREAD
    first = made.find("a.css")
    clock.now += FRESH_FOR * 10
    assert made.find("a.css") is first
    assert made.find_in_memory("a.css") is first
    assert opened == [str(tmp_path / "a.css")]


# --- edits


def test_an_edited_file_has_a_new_tag_soon(tmp_path: Path, clock: SimpleNamespace) -> None:
    plant(tmp_path, {"a.css": b"old"})
    made = layer(tmp_path)
    assert tag_of(made.find("a.css")) == digest_tag(b"old")
    plant(tmp_path, {"a.css": b"newer"})
    clock.now += FRESH_FOR * 0.9
    assert tag_of(made.find_in_memory("a.css")) == digest_tag(b"old")
    clock.now += FRESH_FOR * 0.2
    assert made.find_in_memory("a.css") is UNREAD
    assert tag_of(made.find("a.css")) == digest_tag(b"newer")
    assert tag_of(made.find_in_memory("a.css")) == digest_tag(b"newer")


def test_steady_requests_do_not_keep_an_edit_from_being_seen(tmp_path: Path, clock: SimpleNamespace) -> None:
    plant(tmp_path, {"a.css": b"old"})
    made = layer(tmp_path)
    made.find("a.css")
    plant(tmp_path, {"a.css": b"newer"})
    clock.now += FRESH_FOR * 0.9
    assert tag_of(made.find("a.css")) == digest_tag(b"old")
    clock.now += FRESH_FOR * 0.9
    assert tag_of(made.find("a.css")) == digest_tag(b"newer")


def test_reread_looks_at_once(tmp_path: Path, clock: SimpleNamespace) -> None:
    plant(tmp_path, {"a.css": b"old"})
    made = layer(tmp_path)
    made.find("a.css")
    plant(tmp_path, {"a.css": b"newer"})
    assert tag_of(made.reread("a.css")) == digest_tag(b"newer")
    (tmp_path / "a.css").unlink()
    assert made.reread("a.css") is None
    assert made.find_in_memory("a.css") is UNREAD
    assert made.find("a.css") is None
    assert made.reread("never.css") is None


def test_a_deleted_file_is_missed_and_found_when_it_returns(tmp_path: Path, clock: SimpleNamespace) -> None:
    plant(tmp_path, {"a.css": b"a"})
    made = layer(tmp_path)
    made.find("a.css")
    (tmp_path / "a.css").unlink()
    clock.now += FRESH_FOR * 2
    assert made.find("a.css") is None
    plant(tmp_path, {"a.css": b"back"})
    assert tag_of(made.find("a.css")) == digest_tag(b"back")


def test_a_variant_that_changes_or_ages_is_noticed(tmp_path: Path, clock: SimpleNamespace) -> None:
    plant(tmp_path, {"a.css": b"plain", "a.css.gz": b"zip"})
    made = layer(tmp_path)
    made.find("a.css")
    os.utime(tmp_path / "a.css.gz", (1, 1))
    clock.now += FRESH_FOR * 2
    found = made.find("a.css")
    assert isinstance(found, Resource)
    assert [each.coding for each in found.representations] == ["identity"]


def test_a_new_file_is_not_seen_before_the_next_start(tmp_path: Path) -> None:
    made = layer(tmp_path)
    plant(tmp_path, {"a.css": b"a"})
    assert (made.find("a.css"), made.find_in_memory("a.css")) == (None, None)


# --- what took a file's place


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("instead", ["outside", "fifo", "directory", "gone"])
def test_what_took_a_files_place_is_never_read(
    tmp_path: Path, clock: SimpleNamespace, opened: list[str], kind: type, instead: str
) -> None:
    plant(tmp_path, {"root/a.css": b"a", "secret": b"secret"})
    path, made = tmp_path / "root/a.css", layer(tmp_path / "root", kind)
    assert isinstance(made.find("a.css"), Resource)
    del opened[:]
    path.unlink()
    if instead == "outside":
        path.symlink_to(tmp_path / "secret")
    elif instead == "fifo":
        os.mkfifo(path)
    elif instead == "directory":
        path.mkdir()
    clock.now += FRESH_FOR * 2
    assert made.find("a.css") is None
    assert made.reread("a.css") is None
    assert opened == []


def test_a_directory_on_the_way_that_became_a_link_is_not_followed_out(tmp_path: Path, clock: SimpleNamespace) -> None:
    plant(tmp_path, {"root/d/a.css": b"a", "out/a.css": b"other"})
    made = layer(tmp_path / "root")
    (tmp_path / "root/d/a.css").unlink()
    (tmp_path / "root/d").rmdir()
    (tmp_path / "root/d").symlink_to(tmp_path / "out")
    assert made.find("d/a.css") is None


def test_a_link_that_is_turned_is_followed(tmp_path: Path, clock: SimpleNamespace) -> None:
    plant(tmp_path, {"v1/a.css": b"one", "v2/a.css": b"two", "app": "v1", "b.css": "v1/a.css"})
    made = layer(tmp_path)
    assert [tag_of(made.find(name)) for name in ("app/a.css", "b.css")] == [digest_tag(b"one")] * 2
    for name, target in (("app", "v2"), ("b.css", "v2/a.css")):
        (tmp_path / name).unlink()
        (tmp_path / name).symlink_to(target)
    clock.now += FRESH_FOR * 2
    assert [tag_of(made.find(name)) for name in ("app/a.css", "b.css")] == [digest_tag(b"two")] * 2


def test_a_link_in_the_last_place_is_refused_when_a_file_is_opened(tmp_path: Path) -> None:
    plant(tmp_path, {"real": b"", "link": "real"})
    open_refusing_links(str(tmp_path / "real")).close()
    with pytest.raises(OSError, match="link"):
        open_refusing_links(str(tmp_path / "link"))
    listed = {"identity": DiskFile(str(tmp_path / "link"), 0, 0)}
    assert read_resource("/a", listed, HeaderRules()) is None


@pytest.mark.parametrize("writers", [0, 1])
def test_a_fifo_that_takes_the_place_at_the_last_moment_is_no_file(tmp_path: Path, writers: int) -> None:
    os.mkfifo(tmp_path / "a.css")
    reader = os.open(tmp_path / "a.css", os.O_RDONLY | os.O_NONBLOCK)
    writer = os.open(tmp_path / "a.css", os.O_WRONLY | os.O_NONBLOCK) if writers else None
    try:
        assert read_resource("/a.css", {"identity": DiskFile(str(tmp_path / "a.css"), 4, 0)}, HeaderRules()) is None
    finally:
        os.close(reader)
        if writer is not None:
            os.close(writer)


def test_content_that_is_longer_than_it_was_found_is_not_vouched_for(tmp_path: Path) -> None:
    plant(tmp_path, {"a.css": b"1234"})
    file = disk_file(str(tmp_path / "a.css"))
    assert file is not None
    plant(tmp_path, {"a.css": b"12345678"})
    found = read_resource("/a.css", {"identity": file}, HeaderRules())
    assert found is None or tag_of(found) == digest_tag(b"1234")


def test_an_odd_time_of_change_is_no_obstacle(tmp_path: Path) -> None:
    plant(tmp_path, {"a.css": b"a"})
    for seconds in (-1, 0, 2**33, 2**40):
        try:
            os.utime(tmp_path / "a.css", (seconds, seconds))
        except OverflowError:
            continue
        assert tag_of(layer(tmp_path).find("a.css")) == digest_tag(b"a")


# --- index files


@pytest.mark.parametrize("kind", KINDS)
def test_a_directory_is_answered_from_its_index_file(tmp_path: Path, kind: type) -> None:
    plant(tmp_path, {"index.html": b"top", "d/e/index.html": b"deep", "d/a.css": b"a", "f/myindex.html": b"no"})
    made = layer(tmp_path, kind, index_file="index.html")
    assert tag_of(made.find("")) == digest_tag(b"top")
    assert tag_of(made.find("d/e/")) == digest_tag(b"deep")
    assert headers_of(made.find("d/e/"))["Content-Type"] == "text/html; charset=utf-8"
    assert made.find("index.html") == made.find("d/e/index.html") == HeaderRules().redirect("./")
    assert made.find("d/e") == HeaderRules().redirect("./e/")
    assert isinstance(made.find("f/myindex.html"), Resource)
    for miss in ("d", "d/", "f", "f/", "d/e/index", "/", "d/e//", "d/a.css/", "index.html/"):
        assert made.find(miss) is None, miss


@pytest.mark.parametrize("kind", KINDS)
def test_without_an_index_file_a_directory_is_nothing(tmp_path: Path, kind: type) -> None:
    plant(tmp_path, {"index.html": b"top", "d/index.html": b"d"})
    made = layer(tmp_path, kind)
    assert isinstance(made.find("index.html"), Resource)
    assert [made.find(name) for name in ("", "d", "d/")] == [None] * 3


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "name", ["docs", "a:b", "50%", "a?b", "a#b", "a b", "ü", "%2e%2e", "http:", "..a", "a;b", "x\udcff"]
)
def test_redirects_lead_to_the_directory_whatever_its_name(tmp_path: Path, kind: type, name: str) -> None:
    plant(tmp_path, {f"top/{name}/index.html": b"i"})
    made = layer(tmp_path, kind, index_file="index.html")
    if name.startswith("."):
        assert made.find(f"top/{name}/") is None
        return
    here = "http://h/static/top/" + quote(os.fsencode(name))
    bare, full = made.find(f"top/{name}"), made.find(f"top/{name}/index.html")
    assert isinstance(bare, Redirect)
    assert isinstance(full, Redirect)
    assert urljoin(here, bare.location) == urljoin(f"{here}/index.html", full.location) == f"{here}/"
    assert isinstance(made.find(f"top/{name}/"), Resource)


def test_an_index_file_is_watched_like_any(tmp_path: Path, clock: SimpleNamespace) -> None:
    plant(tmp_path, {"d/index.html": b"one", "d/index.html.gz": b"zip"})
    made = layer(tmp_path, index_file="index.html")
    assert made.find_in_memory("d/") is UNREAD
    first = made.find("d/")
    assert isinstance(first, Resource)
    assert [each.coding for each in first.representations] == ["gzip", "identity"]
    plant(tmp_path, {"d/index.html": b"two!"})
    clock.now += FRESH_FOR * 2
    assert tag_of(made.find("d/")) == digest_tag(b"two!")
    assert isinstance(made.find_in_memory("d"), Redirect)
    (tmp_path / "d/index.html").unlink()
    clock.now += FRESH_FOR * 2
    assert made.find("d/") is None


# --- which files never change


@pytest.mark.parametrize("kind", KINDS)
def test_the_project_says_what_is_immutable(tmp_path: Path, kind: type) -> None:
    plant(tmp_path, {"real/a.css": b"", "l.css": "real/a.css", "d/index.html": b""})
    asked: list[tuple[str, str]] = []

    def immutable(path: str, url: str) -> bool:
        asked.append((path, url))
        return url == "/static/l.css"

    made = layer(tmp_path, kind, HeaderRules(immutable=immutable), index_file="index.html")
    ages = [headers_of(made.find(name))["Cache-Control"] for name in ("l.css", "real/a.css", "d/")]
    assert ages == ["public, max-age=31536000, immutable", "max-age=60, public", "max-age=60, public"]
    assert asked == [
        (str(tmp_path / "real/a.css"), "/static/l.css"),
        (str(tmp_path / "real/a.css"), "/static/real/a.css"),
        (str(tmp_path / "d/index.html"), "/static/d/"),
    ]


# --- files that are replaced meanwhile


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_is_replaced_while_it_is_read_is_there_all_the_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: type
) -> None:
    plant(tmp_path, {"a.css": b"old"})
    made = layer(tmp_path, kind)
    contents = [b"newer", b"newest"]

    def replaced(path: str) -> object:
        if contents:
            (tmp_path / "next").write_bytes(contents.pop(0))
            (tmp_path / "next").replace(path)
        return open_refusing_links(path)

    monkeypatch.setattr(reading, "open_refusing_links", replaced)
    assert tag_of(made.find("a.css")) == digest_tag(b"newest")


@pytest.mark.parametrize("kind", KINDS)
def test_who_rewrites_a_file_in_place_is_given_time(
    tmp_path: Path, kind: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path, {"a.css": b"body"})
    files = layer(tmp_path, kind)
    waited: list[float] = []

    def one_page_more(path: str) -> object:
        if len(waited) < 3:
            with Path(path).open("ab") as file:
                file.write(b"+")
        return open_refusing_links(path)

    monkeypatch.setattr(reading, "time", SimpleNamespace(sleep=waited.append, time=time.time))
    monkeypatch.setattr(reading, "open_refusing_links", one_page_more)
    assert tag_of(files.find("a.css")) == digest_tag(b"body++")
    assert waited == sorted(waited)
    assert waited[-1] > 0
