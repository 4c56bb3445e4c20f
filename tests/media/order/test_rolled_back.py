"""A file whose transaction was rolled back goes with it, unless a row names it all the same."""

import logging
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, default_storage
from django.core.signals import request_finished, request_started
from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from tests.media.order.conftest import files
from tests.media.order.process import files_after
from tests.media.order.shelf.models import Atlas, Book, Note, Paper

from clearway.media import GuardedStorage, MediaStorage, rolled_back


class UndoError(Exception):
    """Rolls a transaction back."""


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    yield
    rolled_back._own.uploads.clear()
    rolled_back._late.clear()


@pytest.fixture
def request_() -> Iterator[Any]:
    """A request that this thread works for; call it to end it."""
    ended = []

    def end() -> None:
        ended.append(True)
        request_finished.send(None)

    request_started.send(None)
    yield end
    if not ended:
        request_finished.send(None)


@pytest.fixture
def get() -> Any:
    client = Client(raise_request_exception=False)
    return lambda view, **query: client.get(f"/{view}/", query)


# --- requests


def test_a_committed_upload_stays(media: Path, get: Any) -> None:
    assert get("committed").status_code == 200
    assert files(media) == {"covers/cover.txt"}


@pytest.mark.filterwarnings("ignore")
def test_an_upload_of_a_failed_request_is_deleted(media: Path, get: Any) -> None:
    logging.disable(logging.ERROR)
    try:
        assert get("failing").status_code == 500
    finally:
        logging.disable(logging.NOTSET)
    assert files(media) == set()


def test_a_savepoint_takes_its_own_upload_alone(media: Path, get: Any) -> None:
    assert get("savepoint").status_code == 200
    assert files(media) == {Book.objects.get().cover.name}


def test_a_row_that_is_saved_again_keeps_its_upload(media: Path, get: Any) -> None:
    name = get("retrying").content.decode()
    assert files(media) == {name}
    assert Book.objects.get(code="free").cover.name == name


def test_nothing_is_asked_where_nothing_was_rolled_back(media: Path, get: Any) -> None:
    with CaptureQueriesContext(connection) as queries:
        get("committed")
    assert [each["sql"] for each in queries if "cover" in each["sql"] and "SELECT" in each["sql"]] == []


# --- transactions


def saved(name: str = "x.txt", storage: Any = default_storage) -> str:
    return str(storage.save(name, ContentFile(b"content")))


def undone(*names: str, storage: Any = default_storage) -> list[str]:
    found = []
    with pytest.raises(UndoError), transaction.atomic():
        found = [saved(name, storage) for name in names]
        raise UndoError
    return found


def test_the_file_is_there_until_the_request_is_over(media: Path, request_: Any) -> None:
    undone("x.txt")
    assert files(media) == {"x.txt"}
    request_()
    assert files(media) == set()


def test_outside_of_transactions_nothing_is_watched(media: Path, request_: Any) -> None:
    saved()
    request_()
    assert files(media) == {"x.txt"}


@pytest.mark.parametrize("committed", [True, False])
def test_the_outer_transaction_decides(media: Path, request_: Any, committed: bool) -> None:
    try:
        with transaction.atomic(), transaction.atomic():
            saved()
            if not committed:
                raise UndoError
    except UndoError:
        pass
    request_()
    assert files(media) == ({"x.txt"} if committed else set())


def test_an_upload_in_an_unfinished_transaction_stays(media: Path, request_: Any) -> None:
    with pytest.raises(UndoError), transaction.atomic():
        saved()
        request_()
        assert files(media) == {"x.txt"}
        raise UndoError
    request_started.send(None)
    request_finished.send(None)  # the next one of the process, as after a TestCase
    assert files(media) == set()


def test_a_transaction_marked_for_rollback_is_one(media: Path, request_: Any) -> None:
    with transaction.atomic():
        saved()
        transaction.set_rollback(True)
    request_()
    assert files(media) == set()


def test_it_can_be_switched_off(media: Path, request_: Any) -> None:
    with override_settings(CLEARWAY={"media": {"rolled_back": "keep"}}):
        undone("x.txt")
        request_()
    assert files(media) == {"x.txt"}


@pytest.mark.parametrize("names", ["opaque", "kept"])
def test_the_naming_does_not_matter(media: Path, request_: Any, names: str) -> None:
    undone("x.txt", storage=MediaStorage(names=names))
    request_()
    assert files(media) == set()


def test_what_other_uploads_may_share_stays(media: Path, request_: Any) -> None:
    undone("x.txt", storage=MediaStorage(names="content"))
    request_()
    assert len(files(media)) == 1


def test_a_guarded_storage_does_the_same(media: Path, request_: Any) -> None:
    memory = InMemoryStorage()
    storage = GuardedStorage(memory)
    column: Any = Paper._meta.get_field("file")
    before, column.storage = column.storage, storage
    try:
        (name,) = undone("x.txt", storage=storage)
        assert memory.exists(name)
        request_()
        assert not memory.exists(name)
    finally:
        column.storage = before


def test_a_storage_that_no_field_uses_is_left_alone(media: Path, request_: Any, tmp_path: Path) -> None:
    undone("x.txt", storage=MediaStorage(tmp_path / "exports"))
    request_()
    assert files(tmp_path / "exports") == {"x.txt"}


# --- rows that name the file by then


def _by_hidden_row(name: str) -> None:
    Book(cover=name, hidden=True).save()


def _by_child_row(name: str) -> None:
    Atlas(chart=name).save()


def _by_other_model(name: str) -> None:
    Paper(file=name).save()


def _by_bulk(name: str) -> None:
    Book.objects.bulk_create([Book(cover=name)])


@pytest.mark.parametrize("keep", [_by_hidden_row, _by_child_row, _by_other_model, _by_bulk])
def test_any_row_keeps_the_file(media: Path, request_: Any, keep: Any) -> None:
    (name,) = undone("x.txt")
    keep(name)
    request_()
    assert files(media) == {"x.txt"}


def test_a_column_that_the_settings_name_keeps_it(media: Path, request_: Any) -> None:
    with override_settings(CLEARWAY={"media": {"named_by": ["shelf.Note.path"]}}):
        names = undone("x.txt", "y.txt")
        Note(path=names[0]).save()
        request_()
    assert files(media) == {"x.txt"}


def test_nothing_is_deleted_when_a_table_cannot_be_read(
    media: Path, request_: Any, caplog: pytest.LogCaptureFixture
) -> None:
    undone("x.txt")
    with connection.schema_editor() as editor:
        editor.delete_model(Paper)
    request_()
    assert files(media) == {"x.txt"}
    assert "is kept" in caplog.text


def test_a_storage_that_fails_ends_no_request(
    media: Path, request_: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(self: Any, name: str) -> None:
        raise OSError("read-only")

    undone("x.txt", "y.txt")
    monkeypatch.setattr(MediaStorage, "delete", fail)
    request_()
    assert caplog.text.count("read-only") == 2


# --- who ends what


def test_another_request_that_ends_deletes_nothing_of_this_one(media: Path, request_: Any) -> None:
    undone("x.txt")

    def other() -> None:
        request_started.send(None)
        request_finished.send(None)

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert files(media) == {"x.txt"}


def test_without_a_request_it_waits_for_the_end_of_the_process(media: Path) -> None:
    undone("x.txt")
    request_started.send(None)
    request_finished.send(None)
    assert files(media) == {"x.txt"}
    rolled_back.clean_up()
    assert files(media) == set()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="only on systems with fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
def test_a_child_process_deletes_nothing_of_its_parent(media: Path) -> None:
    undone("x.txt")
    child = os.fork()
    if child == 0:
        try:
            rolled_back.clean_up()
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    assert files(media) == {"x.txt"}


def test_the_database_of_a_test_is_not_taken_for_another(media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    undone("x.txt")
    monkeypatch.setitem(connection.settings_dict, "NAME", "another")
    rolled_back.clean_up()
    assert files(media) == {"x.txt"}


def test_a_command_deletes_at_its_end(tmp_path: Path) -> None:
    program = """
try:
    with transaction.atomic():
        default_storage.save("x.txt", ContentFile(b"x"))
        Book(cover=default_storage.save("y.txt", ContentFile(b"y"))).save(using="other")
        raise KeyError
except KeyError:
    pass
"""
    assert files_after(tmp_path, program) == {"y.txt"}


@pytest.mark.parametrize("fails", ["default", "other"])
def test_two_databases(tmp_path: Path, fails: str) -> None:
    """The row is in one of them: it decides."""
    program = f"""
outer, inner = {fails!r}, "default" if {fails!r} == "other" else "other"
try:
    with transaction.atomic(using=outer):
        with transaction.atomic(using=inner):
            Book(cover=default_storage.save("inner.txt", ContentFile(b"x"))).save(using=inner)
            Book(cover=default_storage.save("outer.txt", ContentFile(b"x"))).save(using=outer)
        raise KeyError
except KeyError:
    pass
"""
    assert files_after(tmp_path, program) == {"inner.txt"}


def test_under_asgi_each_request_has_its_own(tmp_path: Path) -> None:
    program = """
from django.core.asgi import get_asgi_application
from asgiref.testing import ApplicationCommunicator
app = get_asgi_application()
async def get(path):
    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": [], "http_version": "1.1"}
    one = ApplicationCommunicator(app, scope)
    await one.send_input({"type": "http.request", "body": b""})
    status = (await one.receive_output(20))["status"]
    await one.receive_output(20)
    await one.wait(20)
    return status
async def main():
    statuses = [await get(path) for path in ("/savepoint/", "/asynchronous/", "/retrying/")]
    left = {path.name for path in (here / "media" / "covers").iterdir()}
    named = {os.path.basename(book.cover.name) async for book in Book.objects.exclude(cover="")}
    assert statuses == [200] * 3 and left == named and len(left) == 3, (statuses, left, named)
asyncio.run(main())
"""
    assert len(files_after(tmp_path, program)) == 3


def test_a_killed_process_leaves_an_orphan(tmp_path: Path) -> None:
    program = """
with transaction.atomic():
    default_storage.save("x.txt", ContentFile(b"x"))
    sys.stdout.flush()
    os._exit(0)
"""
    assert files_after(tmp_path, program) == {"x.txt"}
