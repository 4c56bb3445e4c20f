"""Servers of others as processes of a test run: started, awaited, ended by pid, and gone when the run is killed."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from signal import SIGCONT, SIGKILL, SIGTERM
from time import monotonic, sleep

SEARCH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])
MEMORY = Path("/dev/shm")
_PATIENCE = 30.0  # seconds
_PAUSE = 0.02

# The kernel ends a process with the thread that started it, so one thread lives as long as the run and starts all.
_starter = ThreadPoolExecutor(1, "starts daemons")


def program(name: str) -> str | None:
    """Where a program is, those for administrators too."""
    return shutil.which(name, path=SEARCH)


def lacking(names: Sequence[str]) -> list[str]:
    """Which of these programs this system does not have."""
    return [name for name in names if program(name) is None]


@contextmanager
def home(name: str, parent: Path | None = None) -> Iterator[Path]:
    """A folder of its own, in memory where that can be: servers that sync wait for no disk there.

    What a run that was killed left is removed.
    """
    parent = parent or (MEMORY if os.access(MEMORY, os.W_OK) else Path(tempfile.gettempdir()))
    for left in parent.glob(f"clearway-{name}-*"):
        if not Path("/proc", left.name.split("-")[2]).exists():
            shutil.rmtree(left, ignore_errors=True)
    made = Path(tempfile.mkdtemp(prefix=f"clearway-{name}-{os.getpid()}-", dir=parent))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def free_ports(count: int) -> list[int]:
    """Ports of loopback that nobody listens on now, all different."""
    taken = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    try:
        return [each.getsockname()[1] for each in taken]
    finally:
        for each in taken:
            each.close()


class Daemon:
    """A process in the foreground of nobody; what it says goes to `log`."""

    def __init__(
        self, words: Sequence[str], log: Path, *, environ: Mapping[str, str] | None = None, cwd: Path | None = None
    ) -> None:
        self.name, self.log = Path(words[0]).name, log
        self._process = _starter.submit(_started, words, log, environ, cwd).result()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def await_port(self, port: int, patience: float = _PATIENCE) -> None:
        """Wait until it listens. Raises `RuntimeError` with its last words."""
        end = monotonic() + patience
        while not _listens(port):
            if not self.is_running or monotonic() > end:
                self.stop()
                raise RuntimeError(f"{self.name} does not listen on {port}: {self.said()}")
            sleep(_PAUSE)

    def said(self) -> str:
        """The end of its log."""
        return self.log.read_text("utf-8", errors="replace")[-2000:] if self.log.exists() else ""

    def stop(self, patience: float = 10.0) -> None:
        """End it; without patience, or when that is over, it is killed."""
        self._process.send_signal(SIGTERM if patience else SIGKILL)
        self._process.send_signal(SIGCONT)
        try:
            self._process.wait(patience or None)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _started(
    words: Sequence[str], log: Path, environ: Mapping[str, str] | None, cwd: Path | None
) -> "subprocess.Popen[bytes]":
    bound = [program("setpriv") or "", "--pdeathsig", "KILL"] if program("setpriv") else []
    with log.open("ab") as said:
        return subprocess.Popen(
            [*bound, program(words[0]) or words[0], *words[1:]],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            env={**os.environ, **(environ or {})},
            cwd=cwd,
        )


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
