"""Which columns name files, and in which databases their rows are."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from tests.media.order.process import output_of
from tests.media.order.shelf.models import Book

from clearway.media.order.columns import UnreadableError, file_columns, named_column, rows, still_named

_REPORT = """
from dataclasses import asdict
from clearway.media.order.examine import Wanted, examine
from clearway.media.order import changes
found = examine(Wanted(older_than=0))
made = changes.set_aside(Wanted(older_than=0), apply=True)
print(json.dumps({
    "orphans": [each.name for each in found.orphans], "missing": [each.database for each in found.missing],
    "unread": [each.what + ": " + each.reason for each in found.unread], "code": found.code,
    "held": [each.name for each in made.files], "made": made.code,
}))
"""
_FILES = """
for name in ("a.txt", "b.txt"):
    default_storage.save(name, ContentFile(b"x"))
"""


def found(folder: Path, program: str, migrated: str = "default,other") -> dict[str, Any]:
    read: dict[str, Any] = json.loads(output_of(folder, _FILES + program + _REPORT, migrated))
    return read


def test_each_column_is_there_once(media: Path) -> None:
    labels = [column.label for column in file_columns()]
    assert labels == ["shelf.Book.cover", "shelf.Atlas.chart", "shelf.Paper.file"]


def test_rows_of_every_database_count(tmp_path: Path) -> None:
    program = 'Book(cover="a.txt").save(using="other"); Book(cover="gone").save(using="other")'
    read = found(tmp_path, program)
    assert (read["orphans"], read["missing"], read["code"], read["held"]) == (["b.txt"], ["other"], 1, ["b.txt"])


def test_a_database_without_the_tables_has_no_rows(tmp_path: Path) -> None:
    read = found(tmp_path, 'Book(cover="a.txt").save()', "default")
    assert (read["orphans"], read["unread"], read["held"]) == (["b.txt"], [], ["b.txt"])


@pytest.mark.parametrize("alias", ["default", "other"])
def test_a_database_that_is_down_leaves_no_verdict(tmp_path: Path, alias: str) -> None:
    program = f"""
connections[{alias!r}].close()
connections[{alias!r}].settings_dict["NAME"] = here / "nowhere" / "down.sqlite3"
"""
    read = found(tmp_path, program)
    assert (read["orphans"], read["code"], read["held"], read["made"]) == ([], 2, [], 2)
    assert f"shelf.Book.cover in the database {alias}: unable to open database file" in read["unread"]


def test_a_database_that_a_router_excludes_is_not_asked(tmp_path: Path) -> None:
    program = """
from django.db import router
class Router:
    def allow_migrate(self, db, app_label, **hints):
        return db == "default"
router.routers = [Router()]
connections["other"].settings_dict["NAME"] = here / "nowhere" / "down.sqlite3"
Book(cover="a.txt").save()
"""
    read = found(tmp_path, program)
    assert (read["orphans"], read["code"]) == (["b.txt"], 1)


def test_no_tables_anywhere_leave_no_verdict(tmp_path: Path) -> None:
    program = """
for alias in ("default", "other"):
    with connections[alias].schema_editor() as editor:
        editor.delete_model(Paper)
"""
    read = found(tmp_path, program)
    assert (read["orphans"], read["made"]) == ([], 2)
    assert read["unread"] == ["shelf.Paper.file in the database default and other: there is no table shelf_paper"]


def test_rows_have_their_keys_and_databases(media: Path) -> None:
    Book(pk=7, cover="a.txt").save()
    Book(pk=8, cover="").save()
    assert list(rows(named_column("shelf.Book.cover"))) == [("default", 7, "a.txt")]


def test_a_few_names_are_asked_for(media: Path) -> None:
    Book(cover="a.txt", hidden=True).save()
    assert still_named(named_column("shelf.Book.cover"), ["a.txt", "b.txt"]) == {"a.txt"}


def test_what_cannot_be_read_is_an_error(media: Path) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE shelf_paper")
    for read in (lambda column: list(rows(column)), lambda column: still_named(column, ["x"])):
        with pytest.raises(UnreadableError, match="no table"):
            read(named_column("shelf.Paper.file"))


@pytest.mark.parametrize("label", ["", "a", "a.b", "shelf.Book", "shelf.Book.nothing", "shelf.Nothing.cover"])
def test_a_label_that_names_no_field_is_refused(media: Path, label: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        named_column(label)
