"""One run at a time: one winner, one message, and no lock outlives its process."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest

from clearway.stores import lock
from clearway.stores.directory import Directory
from clearway.stores.errors import LockedError
from clearway.stores.lock import exclusive

HOLD = """
import sys, time
from pathlib import Path
from clearway.stores import lock
from clearway.stores.directory import Directory
if sys.argv[2] == "file":
    lock.fcntl = None
with lock.exclusive(Directory(Path(sys.argv[1]))):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture(params=["kernel", "file"])
def kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "file":
        monkeypatch.setattr(lock, "fcntl", None)
    elif lock.fcntl is None:
        pytest.skip("only on systems with flock")
    return str(request.param)


def holder(root: Path, kind: str) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(root), kind], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_the_second_is_told_and_the_next_gets_it(tmp_path: Path, kind: str) -> None:
    store = Directory(tmp_path)
    with exclusive(store):
        with pytest.raises(LockedError, match="run this again when it is done"), exclusive(store):
            pytest.fail("held twice")
        with pytest.raises(LockedError), exclusive(store):
            pytest.fail("the loser took the lock with it")
    with exclusive(store):
        pass
    assert list(tmp_path.iterdir()) == []


def test_threads_of_one_process_keep_each_other_away(tmp_path: Path, kind: str) -> None:
    errors: list[Exception] = []

    def other() -> None:
        try:
            with exclusive(Directory(tmp_path)):
                pass
        except LockedError as error:
            errors.append(error)

    with exclusive(Directory(tmp_path)):
        thread = Thread(target=other)
        thread.start()
        thread.join()
    assert len(errors) == 1


def test_the_message_names_the_other_process_which_may_be_killed(tmp_path: Path, kind: str) -> None:
    process = holder(tmp_path, kind)
    with process:
        try:
            named = str(process.pid) if kind == "file" or Path("/proc/locks").exists() else "another run"
            with pytest.raises(LockedError, match=named), exclusive(Directory(tmp_path)):
                pass
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
        with exclusive(Directory(tmp_path)):  # a dead process holds nothing
            pass


def test_the_kernels_lock_touches_nothing(tmp_path: Path) -> None:
    if lock.fcntl is None:
        pytest.skip("only on systems with flock")
    before = tmp_path.stat()
    with exclusive(Directory(tmp_path)):
        assert list(tmp_path.iterdir()) == []
    assert tmp_path.stat().st_mtime_ns == before.st_mtime_ns


@pytest.mark.parametrize(
    ("content", "is_stale"),
    [
        ({"pid": os.getpid(), "host": socket.gethostname()}, True),  # of an earlier process with our number
        ({"pid": os.getpid(), "host": "elsewhere"}, False),
        ({"pid": os.getppid(), "host": socket.gethostname()}, False),
        ({}, False),
    ],
)
def test_stale_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: object, is_stale: bool) -> None:
    monkeypatch.setattr(lock, "fcntl", None)
    (tmp_path / lock.FILE).write_text(json.dumps(content))
    if is_stale:
        with exclusive(Directory(tmp_path)):
            pass
        assert list(tmp_path.iterdir()) == []
    else:
        with pytest.raises(LockedError, match=f"or delete {re.escape(str(tmp_path))}"), exclusive(Directory(tmp_path)):
            pass


@pytest.mark.parametrize(("process", "is_free"), [(os.getpid, True), (os.getppid, False)], ids=["dead", "alive"])
def test_who_was_killed_while_it_took_a_file_over_is_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, process: Callable[[], int], is_free: bool
) -> None:
    monkeypatch.setattr(lock, "fcntl", None)
    for name, holder in ((lock.FILE, os.getpid()), (lock._TAKING_OVER, process())):
        (tmp_path / name).write_text(json.dumps({"pid": holder, "host": socket.gethostname()}))
    if is_free:
        with exclusive(Directory(tmp_path)):
            assert (tmp_path / lock.FILE).exists()
        assert list(tmp_path.iterdir()) == []
    else:
        with pytest.raises(LockedError), exclusive(Directory(tmp_path)):
            pass


def test_an_error_inside_frees_it(tmp_path: Path, kind: str) -> None:
    with pytest.raises(RuntimeError), exclusive(Directory(tmp_path)):
        raise RuntimeError
    with exclusive(Directory(tmp_path)):
        pass
