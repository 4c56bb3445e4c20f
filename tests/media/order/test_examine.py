"""What is called an orphan, missing, a wrong mode or a wrong type, and what never is."""

import os
import stat
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, InMemoryStorage, storages
from django.db import connection
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.media.order.conftest import files
from tests.media.order.shelf.models import Atlas, Book, Note, Paper

from clearway.media import GuardedStorage, MediaStorage
from clearway.media.order import changes
from clearway.media.order.derived import is_left
from clearway.media.order.examine import Wanted, examine
from clearway.media.order.findings import Findings
from clearway.media.order.names import Names
from clearway.media.order.places import OddNameError, Place, bare, name_below, name_in, place_of

NOW = Wanted(older_than=0)


def put(root: Path, name: str, content: bytes = b"content", mode: int = 0o644) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(mode)
    return path


def orphans(wanted: Wanted = NOW) -> set[str]:
    return {each.name for each in examine(wanted).orphans}


def kinds(found: Findings) -> set[str]:
    every = ("orphans", "missing", "held", "odd", "modes", "types", "unread")
    return {kind for kind in every if getattr(found, kind)}


# --- orphans


def _row_of_book(name: str) -> None:
    Book(cover=name).save()


def _hidden_row(name: str) -> None:
    Book(cover=name, hidden=True).save()


def _row_of_child(name: str) -> None:
    Atlas(chart=name).save()


def _row_of_callable_storage(name: str) -> None:
    Paper(file=name).save()


def _row_with_odd_spelling(name: str) -> None:
    Book(cover=f"./covers//..//{name}").save()


def _row_with_whole_path(name: str) -> None:
    Book(cover=bare(storages["default"]).path(name)).save()


ROWS = [
    _row_of_book, _hidden_row, _row_of_child, _row_of_callable_storage, _row_with_odd_spelling, _row_with_whole_path
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize("name", ["a.txt", "covers/2026/Résumé (1).txt"])
def test_a_file_that_any_row_names_is_no_orphan(media: Path, row: Callable[[str], None], name: str) -> None:
    put(media, name)
    assert orphans() == {name}
    row(name)
    found = examine(NOW)
    assert kinds(found) == set()
    assert found.code == 0


@pytest.mark.parametrize(
    "name", ["a.txt", "b/c/d.txt", "two\nlines.txt", "-rf", "a b", "\udce9.txt", "A.TXT", "x" * 250, "a.txt.json/b"]
)
def test_a_file_that_no_row_names_is_one(media: Path, name: str) -> None:
    put(media, name)
    put(media, "named.txt")
    Book(cover="named.txt").save()
    found = examine(NOW)
    assert [(each.storage, each.name, each.size) for each in found.orphans] == [("default", name, 7)]
    assert found.code == 1


@pytest.mark.parametrize(
    "name",
    [".htaccess", "a/.well-known/x", ".clearway-0123.tmp", "b/.clearway-0123.tmp", ".clearway-quarantine/files/x"],
)
def test_hidden_and_half_written_files_are_none(media: Path, name: str) -> None:
    put(media, name)
    assert orphans() == set()


def test_a_new_file_is_none_though_its_content_is_old(media: Path) -> None:
    path = put(media, "moved.txt")
    os.utime(path, (1, 1))
    found = examine(Wanted(older_than=3600))
    assert (found.orphans, found.young, found.code) == ([], 1, 0)


@pytest.mark.parametrize(
    ("patterns", "left"), [(["CACHE/*"], {"b.txt"}), (["*.txt"], {"CACHE/a/x.jpg"}), ([], {"b.txt", "CACHE/a/x.jpg"})]
)
def test_patterns_are_left_alone(media: Path, patterns: list[str], left: set[str]) -> None:
    put(media, "CACHE/a/x.jpg", b"\xff\xd8\xff")
    put(media, "b.txt")
    assert orphans(Wanted(older_than=0, leave=tuple(patterns))) == left


def test_a_link_is_not_followed_and_what_it_names_is_known(media: Path) -> None:
    outside = put(media.parent, "big/photo.txt").parent
    (media / "linked").symlink_to(outside)
    (media / "broken").symlink_to("nowhere")
    put(media, "real/inner.txt")
    (media / "alias").symlink_to(media / "real")
    Book(cover="linked/photo.txt").save()
    Book(cover="alias/inner.txt").save()
    assert kinds(examine(NOW)) == set()


def test_what_belongs_to_another_storage_below_is_left(media: Path) -> None:
    put(media, "backups/dump.bin")
    put(media, "static/site.css")
    backends = {**storages.backends, "backups": _media(media / "backups")}
    with override_settings(STORAGES=backends, STATIC_ROOT=media / "static"):
        assert orphans() == set()
    assert orphans() == {"backups/dump.bin", "static/site.css"}


def _media(location: Path) -> dict[str, Any]:
    return {"BACKEND": "clearway.media.MediaStorage", "OPTIONS": {"location": location}}


def test_a_field_whose_storage_lies_below_names_its_files_there(media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Paper._meta.get_field("file"), "storage", FileSystemStorage(media / "papers"))
    put(media, "papers/a.txt")
    put(media, "papers/b.txt")
    Paper(file="a.txt").save()
    Book(cover="b.txt").save()
    found = examine(NOW)
    assert [each.name for each in found.orphans] == ["papers/b.txt"]
    assert [each.name for each in found.missing] == ["b.txt"]


def test_storages_apart_are_compared_apart(media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = media.parent / "papers"
    monkeypatch.setattr(Paper._meta.get_field("file"), "storage", FileSystemStorage(elsewhere))
    put(media, "a.txt")
    put(elsewhere, "a.txt")
    Paper(file="a.txt").save()
    found = examine(NOW)
    assert [(each.storage, each.name) for each in found.orphans] == [("default", "a.txt")]
    assert found.storages == ["default", str(elsewhere)]
    assert examine(Wanted(older_than=0, storage=str(elsewhere))).files == 1


def test_a_column_that_is_no_file_field_counts_when_it_is_named(media: Path) -> None:
    put(media, "a.txt")
    Note(path="a.txt").save()
    Note(path="https://elsewhere.example/../x").save()
    assert orphans() == {"a.txt"}
    assert kinds(examine(Wanted(older_than=0, named_by=("shelf.Note.path",)))) == set()


@pytest.mark.parametrize("label", ["shelf.Nothing.path", "shelf.Note.nothing", "nothing", "a.b.c", ""])
def test_a_column_that_is_none_is_said(media: Path, label: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="no field is called"):
        examine(Wanted(named_by=(label,)))


def test_derived_files_of_an_application_are_left_when_it_is_installed(
    media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(media, "CACHE/images/x.txt")
    assert orphans() == {"CACHE/images/x.txt"}
    from clearway.media.order import derived

    monkeypatch.setattr(derived.apps, "is_installed", lambda name: name == "imagekit")
    assert orphans() == set()


# --- nothing is guessed


def test_no_verdict_where_a_table_is_missing(media: Path) -> None:
    put(media, "a.txt")
    with connection.schema_editor() as editor:
        editor.delete_model(Paper)
    found = examine(NOW)
    assert (found.orphans, found.code, found.blind) == ([], 2, {"default"})
    assert [(each.what, each.reason) for each in found.unread] == [
        ("shelf.Paper.file in the database default", "there is no table shelf_paper")
    ]
    made = changes.set_aside(NOW, apply=True)
    assert (made.code, made.files, files(media)) == (2, [], {"a.txt"})


def test_no_verdict_where_a_column_is_missing(media: Path) -> None:
    put(media, "a.txt")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE shelf_paper RENAME COLUMN file TO renamed")
    found = examine(NOW)
    assert (found.orphans, found.code) == ([], 2)
    assert "no such column" in found.unread[0].reason


def test_a_storage_of_its_own_has_its_verdict(media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = media.parent / "papers"
    monkeypatch.setattr(Paper._meta.get_field("file"), "storage", FileSystemStorage(elsewhere))
    with connection.schema_editor() as editor:
        editor.delete_model(Paper)
    put(media, "a.txt")
    put(elsewhere, "b.txt")
    found = examine(NOW)
    assert ([each.name for each in found.orphans], found.code) == (["a.txt"], 2)
    assert changes.set_aside(NOW, apply=True).files == []


def test_a_storage_that_lists_nothing_is_said(media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Silent(InMemoryStorage):
        def listdir(self, path: str) -> Any:
            raise NotImplementedError

    monkeypatch.setattr(Paper._meta.get_field("file"), "storage", Silent())
    found = examine(NOW)
    assert found.code == 2
    assert "cannot list" in found.unread[0].reason


# --- rows


@pytest.mark.parametrize("name", ["../x", "a/../../x", "..", ".", "/etc/passwd", "a\0b"])
def test_a_name_that_leads_nowhere_is_odd(media: Path, name: str) -> None:
    put(media.parent, "x")
    book = Book(cover=name)
    book.save()
    found = examine(NOW)
    assert kinds(found) == {"odd"}
    assert (found.odd[0].pk, found.odd[0].name, found.odd[0].field) == (str(book.pk), name, "cover")


@pytest.mark.parametrize("name", ["gone.txt", "folder", "x" * 300, "a.txt/b", "%2e%2e/x", "https://x.example/y"])
def test_a_row_without_its_file_is_missing(media: Path, name: str) -> None:
    put(media, "a.txt")
    (media / "folder").mkdir()
    Book(cover="a.txt").save()
    Book(cover="").save()
    Book(cover=None).save()
    atlas = Atlas(cover=name, chart="a.txt")
    atlas.save()
    found = examine(NOW)
    assert kinds(found) == {"missing"}
    (row,) = found.missing
    assert (row.model, row.field, row.pk, row.database, row.name) == (
        "shelf.Book", "cover", str(atlas.pk), "default", name
    )  # fmt: skip


def test_a_row_whose_file_was_set_aside_is_told_apart(media: Path) -> None:
    put(media, "a.txt")
    put(media, "b.txt")
    assert changes.set_aside(NOW, apply=True).code == 0
    from clearway.media.quarantine import Quarantine

    put(media, "scanned.txt")
    Quarantine(media).hold("scanned.txt", "not scanned")
    for name in ("a.txt", "scanned.txt"):
        Book(cover=name).save()
    found = examine(NOW)
    assert kinds(found) == {"held"}
    assert [each.name for each in found.held] == ["a.txt"]


def test_a_file_that_a_storage_below_holds_is_not_missing(media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from clearway.media.quarantine import Quarantine

    monkeypatch.setattr(Paper._meta.get_field("file"), "storage", FileSystemStorage(media / "papers"))
    put(media, "papers/a.txt")
    Quarantine(media / "papers").hold("a.txt", "not scanned")
    Paper(file="a.txt").save()
    assert kinds(examine(NOW)) == set()


# --- modes and types


def test_wrong_modes_are_found_and_mended(media: Path) -> None:
    put(media, "a/b.txt", mode=0o600)
    put(media, "a/c.txt", mode=0o644)
    os.chmod(media / "a", 0o2700)
    found = examine(Wanted())
    assert {(each.name, oct(each.mode & 0o777), oct(each.wanted)) for each in found.modes} == {
        ("a", "0o700", "0o755"), ("a/b.txt", "0o600", "0o644")
    }  # fmt: skip
    assert [each.name for each in changes.mend_modes(Wanted(), apply=False).files] == ["a", "a/b.txt"]
    assert stat.S_IMODE((media / "a").stat().st_mode) == 0o2700
    assert changes.mend_modes(Wanted(), apply=True).code == 0
    assert stat.S_IMODE((media / "a").stat().st_mode) == 0o2755
    assert stat.S_IMODE((media / "a/b.txt").stat().st_mode) == 0o644
    assert changes.mend_modes(Wanted(), apply=True).files == []


def test_a_closed_directory_is_mended_before_it_is_entered(media: Path) -> None:
    put(media, "a/b/c.txt", mode=0o000)
    for folder in ("a/b", "a"):
        os.chmod(media / folder, 0o000)
    assert len(changes.mend_modes(Wanted(), apply=True).files) == 3
    assert stat.S_IMODE((media / "a/b/c.txt").stat().st_mode) == 0o644


@pytest.mark.parametrize(
    ("file", "folder", "found"), [(None, None, set()), (0o600, None, {"a/b.txt"}), (None, 0o700, {"a"})]
)
def test_modes_are_those_of_the_storage(
    media: Path, monkeypatch: pytest.MonkeyPatch, file: int | None, folder: int | None, found: set[str]
) -> None:
    storage = FileSystemStorage(media, file_permissions_mode=file, directory_permissions_mode=folder)
    with override_settings(FILE_UPLOAD_PERMISSIONS=None):
        for model, field in ((Book, "cover"), (Atlas, "chart"), (Paper, "file")):
            monkeypatch.setattr(model._meta.get_field(field), "storage", storage)
        put(media, "a/b.txt", mode=0o644)
        assert {each.name for each in examine(Wanted()).modes} == found


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("a.png", b"<html><script>", "text/html"),
        ("a.jpg", b"\x89PNG\r\n\x1a\n", "image/png"),
        ("a.pdf", b"MZ" + b"\0" * 60, "application/x-executable"),
        ("a.png", b"\x89PNG\r\n\x1a\n", None),
        ("a.txt", b"text", None),
        ("a.png", b"", None),
    ],
)
def test_a_content_that_contradicts_its_name_is_found(
    media: Path, name: str, content: bytes, found: str | None
) -> None:
    put(media, name, content)
    Book(cover=name).save()
    types = examine(NOW).types
    assert [each.found for each in types] == ([found] if found else [])


# --- buckets


@pytest.fixture
def bucket(media: Path, monkeypatch: pytest.MonkeyPatch) -> GuardedStorage:
    storage = GuardedStorage(InMemoryStorage())
    monkeypatch.setattr(Paper._meta.get_field("file"), "storage", storage)
    return storage


def test_a_bucket_is_examined_as_a_directory_is(bucket: GuardedStorage) -> None:
    for name in ("a/named.txt", "a/orphan.txt", "wrong.png"):
        bucket._inner.save(name, ContentFile(b"<html>"))
    for name in ("a/named.txt", "gone.txt", "../x", "wrong.png"):
        Paper(file=name).save()
    found = examine(Wanted(older_than=0, contents=True))
    assert [each.name for each in found.orphans] == ["a/orphan.txt"]
    assert [each.name for each in found.missing] == ["gone.txt"]
    assert [each.name for each in found.odd] == ["../x"]
    assert [each.name for each in found.types] == ["wrong.png"]
    assert examine(Wanted(older_than=3600)).young == 1
    assert examine(NOW).types == []


# --- set aside, put back, deleted


@pytest.mark.parametrize("where", ["directory", "bucket"])
def test_orphans_are_set_aside_and_come_back(media: Path, bucket: GuardedStorage, where: str) -> None:
    storage: Any = bucket._inner if where == "bucket" else storages["default"]
    storage.save("a/b.txt", ContentFile(b"content"))
    assert changes.set_aside(NOW, apply=False).code == 1
    assert storage.exists("a/b.txt")
    assert changes.set_aside(NOW, apply=True).code == 0
    assert [note.name for _, note in changes.held(Wanted())[0]] == ["a/b.txt"]
    assert orphans() == set()
    assert changes.set_aside(NOW, apply=True).files == []
    assert changes.take_back(Wanted(), []).code == 0
    with storage.open("a/b.txt") as file:
        assert file.read() == b"content"
    assert changes.take_back(Wanted(), ["a/b.txt"]).code == 0
    assert orphans() == {"a/b.txt"}


def test_a_row_that_came_meanwhile_keeps_its_file(media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(media, "a.txt")
    put(media, "b.txt")

    def late(wanted: Wanted) -> Findings:
        found = examine(wanted)
        Book(cover="a.txt").save()
        return found

    monkeypatch.setattr(changes, "examine", late)
    assert [each.name for each in changes.set_aside(NOW, apply=True).files] == ["b.txt"]
    assert files(media) == {"a.txt"}


def test_what_is_purged_is_old_an_orphan_and_named_by_no_row(media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        put(media, name)
    changes.set_aside(NOW, apply=True)
    from clearway.media.quarantine import Quarantine

    put(media, "virus.txt")
    Quarantine(media).hold("virus.txt", "infected")
    Book(cover="a.txt").save()
    assert changes.purge(Wanted(older_than=3600), apply=True).files == []
    now = time.time() + 10
    monkeypatch.setattr(changes.time, "time", lambda: now)
    assert [each.name for each in changes.purge(NOW, apply=False).files] == ["b.txt", "c.txt"]
    assert changes.purge(NOW, apply=True).code == 0
    assert {note.name for note in Quarantine(media)} == {"a.txt", "virus.txt"}
    with connection.schema_editor() as editor:
        editor.delete_model(Paper)
    assert changes.purge(NOW, apply=True).code == 2


def test_names_that_are_not_held_are_problems(media: Path) -> None:
    put(media, "there.txt")
    assert changes.take_back(Wanted(), ["there.txt"]).code == 0
    assert [each.problem for each in changes.take_back(Wanted(), ["gone.txt", "../x"]).files] == ["is not held"] * 2
    assert changes.delete(Wanted(), ["there.txt"], apply=True).code == 1
    assert files(media) == {"there.txt"}


def test_one_problem_does_not_keep_the_others(media: Path) -> None:
    for content in (b"first", b"second"):
        put(media, "a.txt", content)
        put(media, "b.txt")
        made = changes.set_aside(NOW, apply=True)
        assert made.files[0].problem == ("" if content == b"first" else "held already")
        (note,) = [note for _, note in changes.held(Wanted())[0] if note.name == "b.txt"]
        changes.delete(Wanted(), [note.name], apply=True)
    assert files(media) == {"a.txt"}


# --- parts


@given(st.sets(st.text(min_size=1)), st.text(min_size=1))
@settings(max_examples=100)
def test_names_are_remembered(names: set[str], other: str) -> None:
    remembered = Names()
    for name in names:
        remembered.add(name)
    assert all(name in remembered for name in names)
    assert (other in remembered) == (other in names)
    remembered.add(other)
    assert other in remembered


def test_a_name_costs_little_memory() -> None:
    remembered = Names()
    tracemalloc.start()
    for number in range(200_000):
        remembered.add(f"2026/11/{number}.jpg")
    assert "2026/11/7.jpg" in remembered
    kept, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 200_000 * 16
    assert most < 200_000 * 80


@given(st.text(alphabet="ab./\\\0é", max_size=12), st.sampled_from(["", "inner/", "a/b/"]))
@settings(max_examples=300)
def test_no_name_leads_out(name: str, prefix: str) -> None:
    for named in (lambda: name_in(prefix, name), lambda: name_below("/srv/media", prefix, name)):
        try:
            found = named()
        except OddNameError:
            continue
        assert found.startswith(prefix)
        path = os.path.normpath(f"/srv/media/{found}")
        assert path == f"/srv/media/{found}"


def test_places_are_told_by_what_they_are(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    one, other = FileSystemStorage(tmp_path), MediaStorage(tmp_path / "link", names="opaque")
    assert place_of(one) == place_of(other) == place_of(GuardedStorage(one))
    assert place_of(one) != place_of(FileSystemStorage(f"{tmp_path}2"))
    assert not place_of(one).contains(place_of(FileSystemStorage(f"{tmp_path}2")))
    assert place_of(InMemoryStorage()) != place_of(InMemoryStorage())
    outer, inner = Place("disk", "/srv/media"), Place("disk", "/srv/media/a/b")
    assert (outer.prefix_of(inner), outer.contains(inner), inner.contains(outer)) == ("a/b/", True, False)


@pytest.mark.parametrize(
    ("name", "left"), [("CACHE/a/b", True), ("CACHE", False), (".x", True), ("a/.x", True), ("a.x", False)]
)
def test_what_is_left(name: str, left: bool) -> None:
    assert is_left(name, ["CACHE/*"]) == left
