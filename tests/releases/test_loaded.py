"""The names of a release from its pointer, its index and the history, compared with its record."""

import re
from collections.abc import Sequence
from pathlib import Path
from shutil import rmtree

import pytest
from tests.helpers.released import CREATED, hashed, publish

from clearway.catalog import index, layout
from clearway.catalog.errors import RecordError, UnknownReleaseError
from clearway.catalog.history import History
from clearway.catalog.index import Index
from clearway.releases.loaded import load
from clearway.stores.directory import Directory

FILES = {"css/site.css": b"one", "a.tar.gz": b"packed", "img/a b#c.png": b"odd", ".x/y": b"z"}


class Counted(Directory):
    """Notes what is read."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.asked: list[str] = []

    def read(self, name: str) -> bytes:
        self.asked.append(name)
        return super().read(name)


def records(root: Path) -> Counted:
    return Counted(root / layout.FOLDER)


def test_names_are_those_of_the_record_and_three_files_are_read(tmp_path: Path) -> None:
    release = publish(tmp_path, FILES)
    files = records(tmp_path)
    loaded = load(files)
    assert loaded.names == {name: asset.name for name, asset in release.assets.items()}
    assert (loaded.id, loaded.static_url, loaded.retained) == (release.id, "/static/", {})
    assert files.asked == [layout.CURRENT, layout.index(release.id), layout.HISTORY]


def test_a_pinned_release_is_read_without_the_pointer(tmp_path: Path) -> None:
    first = publish(tmp_path, {"a.css": b"1"})
    publish(tmp_path, {"a.css": b"2"}, now=CREATED + 1)
    files = records(tmp_path)
    assert load(files, first.id).names == {"a.css": hashed("a.css", b"1")}
    assert layout.CURRENT not in files.asked


@pytest.mark.parametrize("order", [(b"1", b"2"), (b"2", b"1")])
def test_a_name_that_was_dropped_is_the_newest_that_was_published_under_it(
    tmp_path: Path, order: Sequence[bytes]
) -> None:
    for number, data in enumerate(order):
        publish(tmp_path, {"old.js": data, "x/a.tar.gz": data, "new.css": data}, now=CREATED + number)
    publish(tmp_path, {"new.css": b"3"}, now=CREATED + 9)
    loaded = load(records(tmp_path))
    assert loaded.names == {"new.css": hashed("new.css", b"3")}
    assert loaded.retained["old.js"] == hashed("old.js", order[-1])
    assert loaded.retained["x/a.tar.gz"] == hashed("x/a.tar.gz", order[-1])
    assert loaded.retained[hashed("old.js", order[0])] == hashed("old.js", order[0])


def test_without_an_index_the_record_tells(tmp_path: Path) -> None:
    release = publish(tmp_path, FILES)
    rmtree(tmp_path / layout.FOLDER / "catalogs")
    assert load(records(tmp_path)).names == {name: asset.name for name, asset in release.assets.items()}


def test_without_a_history_the_names_are_known_all_the_same(tmp_path: Path) -> None:
    publish(tmp_path, {"a.css": b"1", "b.css": b"1"})
    publish(tmp_path, {"a.css": b"2"}, now=CREATED + 1)
    (tmp_path / layout.FOLDER / layout.HISTORY).write_bytes(b"{")
    loaded = load(records(tmp_path))
    assert (loaded.names, loaded.retained["b.css"]) == ({"a.css": hashed("a.css", b"2")}, hashed("b.css", b"1"))


def test_where_one_name_hides_another_the_record_tells(tmp_path: Path) -> None:
    first = publish(tmp_path, {"a.css": b"1"})
    second = publish(tmp_path, {hashed("a.css", b"1"): b"other", "b.css": b"1"}, now=CREATED + 1)
    data = index.encode(second, [first], History().origins([]))
    assert Index(data).everything() is None
    (tmp_path / layout.FOLDER / layout.index(second.id)).write_bytes(data)
    assert load(records(tmp_path)).names == {name: asset.name for name, asset in second.assets.items()}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<html>404</html>", "'<html>404</html>', which is not the id of a release"),
        (b"", "which is not the id"),
        (b"\xff" * 16, "which is not the id"),
        (b"../../etc/passwd", "which is not the id"),
        (b"A" * 100_000, "A, which is not"),
    ],
)
def test_a_pointer_that_is_none_is_refused(tmp_path: Path, data: bytes, said: str) -> None:
    publish(tmp_path, FILES)
    (tmp_path / layout.FOLDER / layout.CURRENT).write_bytes(data)
    with pytest.raises(RecordError) as raised:
        load(records(tmp_path))
    assert said.replace("A,", "A',") in str(raised.value)
    assert len(str(raised.value)) < 400


def test_no_pointer_and_no_release_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(UnknownReleaseError, match=re.escape("current does not exist")):
        load(records(tmp_path))
    publish(tmp_path, FILES)
    (tmp_path / layout.FOLDER / layout.CURRENT).write_text("0123456789abcdef\n")
    with pytest.raises(UnknownReleaseError, match="there is no release 0123456789abcdef"):
        load(records(tmp_path))


@pytest.mark.parametrize("pinned", ["latest", "0123", "../current"])
def test_a_pin_that_is_no_id_is_refused(tmp_path: Path, pinned: str) -> None:
    publish(tmp_path, FILES)
    with pytest.raises(RecordError, match="CLEARWAY_RELEASE is"):
        load(records(tmp_path), pinned)


@pytest.mark.parametrize("folder", ["catalogs", "releases"])
def test_what_belongs_to_another_release_or_is_damaged_is_refused(tmp_path: Path, folder: str) -> None:
    first = publish(tmp_path, {"a.css": b"1"})
    second = publish(tmp_path, {"a.css": b"2"}, now=CREATED + 1)
    name = layout.index if folder == "catalogs" else layout.record
    here = tmp_path / layout.FOLDER
    if folder == "releases":
        rmtree(here / "catalogs")
    whole = (here / name(second.id)).read_bytes()
    for data in ((here / name(first.id)).read_bytes(), whole[:-20], b"", b"<html>", whole.replace(b"a.css", b"b.css")):
        (here / name(second.id)).write_bytes(data)
        with pytest.raises(RecordError):
            load(records(tmp_path))
