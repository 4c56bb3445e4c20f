"""In a store without conditions, a lease keeps a second run away."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from clearway.stores import lease
from clearway.stores.errors import ChangedError, LockedError
from clearway.stores.lease import FILE, Leased
from clearway.stores.shared_directory import SharedDirectory
from clearway.stores.transport import Fields, Transport

FIELDS = Fields("text/plain", "")


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Transport:
    monkeypatch.setattr(lease, "_SETTLES", 0)
    return SharedDirectory(tmp_path)


@contextmanager
def leased(target: Transport) -> Iterator[Transport]:
    held = Leased(target)
    with held.alone():
        yield held


def test_one_run_at_a_time(target: Transport) -> None:
    with leased(target) as held:
        assert held.create("a", b"1", FIELDS)
        with pytest.raises(LockedError, match="another run publishes"), leased(target):
            pass
    with leased(target) as held:
        assert held.create("a", b"2", FIELDS) is None
    assert [entry.name for entry in target.list()] == ["a"]


def test_every_write_looks_first(target: Transport) -> None:
    with leased(target) as held:
        version = held.create("a", b"1", FIELDS)
        assert version
        target.put("a", b"theirs", FIELDS)
        with pytest.raises(ChangedError):
            held.swap("a", b"2", FIELDS, version)
        found = held.head("a")
        assert found
        held.swap("a", b"3", FIELDS, found.version)
        held.copy("a", "b")
        held.delete(["a"])
    assert target.read("b")[0] == b"3"


def test_a_lease_that_was_taken_over_ends_the_writes(target: Transport) -> None:
    with leased(target) as held:
        target.put(FILE, b'{"owner": "somebody", "until": 9999999999}', FIELDS)
        for write in (lambda: held.put("a", b"", FIELDS), lambda: held.delete(["a"])):
            with pytest.raises(LockedError, match="took"):
                write()
    assert target.read(FILE)[0].startswith(b'{"owner": "somebody"')


@pytest.mark.parametrize("left", [b'{"owner": "somebody", "until": 1}', b"", b"[]", b'{"owner": 1}'])
def test_what_a_killed_run_left_ends_by_itself(target: Transport, left: bytes) -> None:
    target.put(FILE, left, FIELDS)
    with leased(target) as held:
        assert held.create("a", b"1", FIELDS)


def test_of_two_that_begin_together_one_goes_on(target: Transport, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = b'{"owner": "somebody", "until": 9999999999}'
    monkeypatch.setattr(lease, "sleep", lambda seconds: target.put(FILE, theirs, FIELDS))
    with pytest.raises(LockedError), leased(target):
        pass
    assert target.read(FILE)[0] == theirs
