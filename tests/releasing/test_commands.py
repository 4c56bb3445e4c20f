"""Commands of the project: how they end, what they say, what becomes of what they start."""

import os
import signal
import sys
import time
from pathlib import Path
from threading import Timer

import pytest

from clearway.releasing import commands
from clearway.releasing.commands import run
from clearway.releasing.routine import Command
from clearway.releasing.stopping import Stopped, stoppable

posix = pytest.mark.skipif(os.name != "posix", reason="only on POSIX: signals and a shell")


def python(code: str) -> Command:
    return Command((sys.executable, "-c", code))


def test_output_of_both_kinds_is_kept_in_order() -> None:
    ended = run(python("import sys; print('a', flush=True); print('b', file=sys.stderr, flush=True); print('c')"))
    assert (ended.code, ended.output.split()) == (0, ["a", "b", "c"])


def test_output_can_be_kept_apart() -> None:
    ended = run(python("import sys; print('a'); print('b', file=sys.stderr); sys.exit(3)"), apart=True)
    assert (ended.code, ended.output.strip(), ended.errors.strip()) == (3, "a", "b")
    assert ended.how == "ended with exit code 3"


def test_the_environment_has_what_it_is_told() -> None:
    ended = run(python("import os; print(os.environ['CLEARWAY_STEP'])"), {"CLEARWAY_STEP": "reload"})
    assert ended.output.strip() == "reload"


def test_a_program_that_is_not_there_is_told() -> None:
    ended = run(Command(("clearway-no-such-program",)))
    assert ended.code == 127
    assert "clearway-no-such-program" in ended.output


def test_output_that_is_no_text_and_too_long_is_kept_as_far_as_it_goes() -> None:
    ended = run(python("import sys; sys.stdout.buffer.write(b'\\xff' * 100_000 + b'end')"))
    assert ended.output.endswith("end")
    assert len(ended.output) < 70_000


@posix
def test_a_text_is_for_the_shell() -> None:
    assert run(Command("echo $((1 + 2)) && false")).output.strip() == "3"
    assert run(Command("exit 4")).code == 4
    assert run(Command("kill -9 $$")).how == "was ended by signal 9"


@posix
def test_what_it_leaves_in_the_background_is_not_waited_for() -> None:
    began = time.monotonic()
    ended = run(Command("sleep 30 & echo $!"))
    os.kill(int(ended.output), signal.SIGKILL)
    assert ended.code == 0
    assert time.monotonic() - began < 25


@posix
def test_after_its_time_it_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    ended = run(Command(f"sleep 60 & echo $! > {tmp_path}/pid; wait"), seconds=3)
    assert ended.is_late
    assert ended.how == "did not end in time and was stopped"
    wait_for_the_end_of(int((tmp_path / "pid").read_text()))


@posix
def test_it_is_over_when_all_that_a_shell_started_has_ended(tmp_path: Path) -> None:
    """A shell ends at once by a signal; what it started takes its time, and must not go on beside what follows."""
    slow = "import os, signal, sys, time; signal.signal(15, lambda *a: (time.sleep(1), os._exit(0)))\n"
    slow += "open(sys.argv[1], 'w').write(str(os.getpid())); time.sleep(60)"
    (tmp_path / "slow.py").write_text(slow, encoding="ascii")
    ended = run(Command(f"{sys.executable} {tmp_path}/slow.py {tmp_path}/pid && echo done"), seconds=3)
    assert ended.is_late
    assert has_ended(int((tmp_path / "pid").read_text()))


@posix
def test_what_does_not_end_by_itself_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "_GRACE", 0.5)
    ended = run(Command(f"trap '' TERM; echo $$ > {tmp_path}/pid; sleep 60 & wait; wait"), seconds=3)
    assert ended.is_late
    assert has_ended(int((tmp_path / "pid").read_text()))


@posix
def test_a_signal_for_us_ends_it() -> None:
    timer = Timer(0.5, os.kill, (os.getpid(), signal.SIGTERM))
    with stoppable():
        timer.start()
        with pytest.raises(Stopped, match="SIGTERM"):
            run(Command("sleep 60"))
    timer.join()


def wait_for_the_end_of(pid: int) -> None:
    for _ in range(200):
        if has_ended(pid):
            return
        time.sleep(0.05)
    raise AssertionError(f"process {pid} goes on")


def has_ended(pid: int) -> bool:
    """Whether it is gone, or only waits for its parent."""
    try:
        os.kill(pid, 0)
        return ") Z " in Path(f"/proc/{pid}/stat").read_text()
    except (ProcessLookupError, FileNotFoundError):
        return True
