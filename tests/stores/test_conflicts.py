"""What a store answers when another run writes the same name at the same moment, and when clocks differ."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from tests.helpers.object_server import Application, ObjectServer, Start, refused

from clearway.stores import object_store
from clearway.stores.errors import ChangedError, StoreError
from clearway.stores.object_store import BucketStore, bucket_store
from clearway.stores.transport import Fields, Version

TEXT = Fields("text/plain", "")
CONFLICT, SKEWED = ("409 Conflict", "ConditionalRequestConflict"), ("403 Forbidden", "RequestTimeTooSkewed")


class Answering:
    """Another answer to requests of one method, a number of times."""

    def __init__(self, method: str, answer: tuple[str, str], times: int) -> None:
        self.left, self._method, self._answer = times, method, answer

    def __call__(self, store: Application, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != self._method or not self.left:
            return store(environ, start)
        self.left -= 1
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        return refused(start, *self._answer)


@pytest.fixture
def bucket(object_server: ObjectServer, monkeypatch: pytest.MonkeyPatch) -> BucketStore:
    monkeypatch.setattr(object_store, "_PAUSES", (0.0,) * 3)
    return bucket_store(object_server.new_bucket(), object_server.options)


def test_a_create_that_met_another_one_is_repeated(object_server: ObjectServer, bucket: BucketStore) -> None:
    answering = Answering("PUT", CONFLICT, 2)
    with object_server.behaving(answering):
        assert bucket.create("name", b"data", TEXT)
    assert answering.left == 0
    assert bucket.read("name")[0] == b"data"


def test_a_create_that_met_another_one_which_won_creates_nothing(
    object_server: ObjectServer, bucket: BucketStore
) -> None:
    bucket.put("name", b"theirs", TEXT)
    with object_server.behaving(Answering("PUT", CONFLICT, 1)):
        assert bucket.create("name", b"data", TEXT) is None
    assert bucket.read("name")[0] == b"theirs"


def test_a_create_that_keeps_meeting_others_fails_and_claims_no_object(
    object_server: ObjectServer, bucket: BucketStore
) -> None:
    with (
        object_server.behaving(Answering("PUT", CONFLICT, -1)),
        pytest.raises(StoreError, match=r"409 .*run this again"),
    ):
        bucket.create("name", b"data", TEXT)


def test_a_swap_that_keeps_meeting_others_was_not_the_first(object_server: ObjectServer, bucket: BucketStore) -> None:
    with object_server.behaving(Answering("PUT", CONFLICT, -1)), pytest.raises(ChangedError):
        bucket.swap("name", b"data", TEXT, Version('"0"'))


@pytest.mark.parametrize("ask", [lambda bucket: bucket.read("name"), lambda bucket: list(bucket.list())])
def test_a_conflict_where_nothing_is_written_is_an_error_of_the_store(
    object_server: ObjectServer, bucket: BucketStore, ask: Callable[[BucketStore], object]
) -> None:
    with object_server.behaving(Answering("GET", CONFLICT, -1)), pytest.raises(StoreError, match="409"):
        ask(bucket)


def test_a_store_that_doubts_the_time_blames_no_credentials(object_server: ObjectServer, bucket: BucketStore) -> None:
    with object_server.behaving(Answering("PUT", SKEWED, -1)), pytest.raises(StoreError, match="the clock of this"):
        bucket.put("name", b"data", TEXT)
