"""In a store without conditions, a lease keeps a second run away."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from clearway.stores import lease, signs
from clearway.stores.errors import ChangedError, LockedError
from clearway.stores.lease import FILE, Leased
from clearway.stores.shared_directory import SharedDirectory
from clearway.stores.transport import Fields, Transport

FIELDS = Fields("text/plain", "")


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Transport:
    for module, name, seconds in ((lease, "_SETTLES", 0), (signs, "PAUSE", 0.01), (lease, "ARRIVING", 0)):
        monkeypatch.setattr(module, name, seconds)
    return SharedDirectory(tmp_path)


@contextmanager
def leased(target: Transport) -> Iterator[Transport]:
    held = Leased(target)
    with held.alone():
        yield held


def test_one_run_at_a_time(target: Transport, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "RENEWED", 0.01)
    with leased(target) as held:
        assert held.create("a", b"1", FIELDS)
        with pytest.raises(LockedError, match="and lives"), leased(target):
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


@pytest.mark.parametrize("left", [b'{"owner": "somebody"}', b"", b"[]", b'{"process": 1}'])
def test_what_gives_no_sign_of_life_is_taken_over(
    target: Transport, left: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "LASTS", 0.05)
    target.put(FILE, left, FIELDS)
    with leased(target) as held:
        assert held.create("a", b"1", FIELDS)


@pytest.mark.skipif(sys.platform != "linux", reason="only on Linux, which tells one machine from another")
def test_what_a_dead_process_of_this_machine_left_is_taken_over_soon(target: Transport) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        pass
    target.put(FILE, json.dumps(signs.own_sign() | {"process": process.pid}).encode(), FIELDS)
    with leased(target) as held:
        assert held.create("a", b"1", FIELDS)


def test_a_sign_that_changes_is_one_of_life_whatever_the_clocks_say(target: Transport) -> None:
    beats = iter(range(10**9))
    assert not signs.is_over(lambda: {"owner": "somebody", "beat": next(beats)}, silence=60)
    assert signs.is_over(lambda: {"owner": "somebody", "beat": 1}, silence=0.02)
    seen = iter([{"owner": "somebody", "beat": 1}, {"owner": "somebody", "beat": 2}, None])
    assert signs.is_over(lambda: next(seen), silence=60, patience=60)


def test_of_two_that_begin_together_one_goes_on(target: Transport, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = b'{"owner": "somebody", "until": 9999999999}'
    monkeypatch.setattr(lease, "sleep", lambda seconds: target.put(FILE, theirs, FIELDS))
    with pytest.raises(LockedError), leased(target):
        pass
    assert target.read(FILE)[0] == theirs
