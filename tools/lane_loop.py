"""An event loop and a transport without a kernel: time stands still, threads are calls, nothing is ever waited for."""

import asyncio
import socket
from asyncio import Future, events
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar, TypeVarTuple, Unpack

Ts = TypeVarTuple("Ts")
T = TypeVar("T")

HIGH = 65536  # octets of a transport's buffer above which a protocol is asked to pause


class _NoSelector:
    def select(self, timeout: float | None) -> list[Any]:
        return []


class Loop(asyncio.BaseEventLoop):
    """Runs until nothing is left to do; the time is whatever the test says."""

    def __init__(self) -> None:
        super().__init__()
        self._selector = _NoSelector()
        self.now = 0.0
        self._of_asyncio: Any = self  # for what the type stubs do not know
        self.has_quick_threads = False
        self.writers: dict[int, Callable[[], Any]] = {}

    def time(self) -> float:
        return self.now

    def run(self) -> None:
        """Run what is ready and what is due, and what these bring about."""
        events._set_running_loop(self)
        try:
            while self._of_asyncio._ready or self._is_due():
                self._of_asyncio._run_once()
        finally:
            events._set_running_loop(None)

    def forget(self) -> None:
        """All timers."""
        self._of_asyncio._scheduled.clear()

    def _is_due(self) -> bool:
        timers = self._of_asyncio._scheduled
        return bool(timers) and timers[0].when() <= self.now

    def run_in_executor(self, executor: Any, func: Callable[[Unpack[Ts]], T], *args: *Ts) -> Future[T]:
        """Call it at once, and say so at once or later."""
        future: Future[T] = self.create_future()
        say = self._say_at_once if self.has_quick_threads else self._say_later
        events._set_running_loop(None)  # as in a thread
        try:
            say(future.set_result, func(*args))
        except Exception as error:
            say(future.set_exception, error)
        finally:
            events._set_running_loop(self)
        return future

    def _say_at_once(self, what: Callable[..., Any], result: Any) -> None:
        what(result)

    def _say_later(self, what: Callable[..., Any], result: Any) -> None:
        self.call_soon(self.call_soon, what, result)

    def add_writer(self, fd: Any, callback: Callable[[Unpack[Ts]], Any], *args: *Ts) -> None:
        self.writers[fd.fileno()] = partial(callback, *args)

    def remove_writer(self, fd: Any) -> bool:
        return self.writers.pop(fd.fileno(), None) is not None

    def _process_events(self, event_list: Any) -> None:
        pass

    def _write_to_self(self) -> None:
        pass


class Wire:
    """The two ends of a real connection, for what is sent past the transport; one after another uses it."""

    def __init__(self) -> None:
        self.ours, self._theirs = socket.socketpair()
        self._theirs.setblocking(False)

    def read(self) -> bytes:
        """What lies in it."""
        parts = []
        while True:
            try:
                parts.append(self._theirs.recv(1 << 20))
            except BlockingIOError:
                return b"".join(parts)

    def close(self) -> None:
        self.ours.close()
        self._theirs.close()

    def getpeername(self) -> tuple[str, int]:
        return "127.0.0.1", 50000

    def getsockname(self) -> tuple[str, int]:
        return "127.0.0.1", 8000

    def fileno(self) -> int:
        return self.ours.fileno()


class Transport:
    """Keeps what is written to it. A slow one holds octets back until `drain`, as a client that does not read does."""

    def __init__(self, loop: Loop, wire: Wire, *, is_slow: bool) -> None:
        self._loop, self._wire, self._is_slow = loop, wire, is_slow
        self._protocol: Any = None
        self._sent: list[bytes] = []
        self._held = 0
        self._is_dead = self._is_lost = self._is_paused = False
        self.is_reading = True
        self.broken_by = ""

    @property
    def takes(self) -> bool:
        """Whether it would read more."""
        return self.is_reading and not self.is_closing()

    @property
    def is_full(self) -> bool:
        """Whether an answer waits for the client to read."""
        return self._is_paused or bool(self._loop.writers)

    def sent(self) -> bytes:
        """All that the client has got."""
        self._read_wire()
        return b"".join(self._sent)

    def bring(self, data: bytes) -> None:
        """Hand octets to the protocol; it is over when that does not survive them."""
        try:
            self._protocol.data_received(data)
        except Exception as error:
            self.broken_by = repr(error)
            self.abort()

    def drain(self) -> bool:
        """Let the client read; whether there was anything."""
        found = self._read_wire() or bool(self._held)
        for proceed in list(self._loop.writers.values()):
            proceed()
            found = True
        self._held = 0
        if self._is_paused:
            self._is_paused = False
            self._protocol.resume_writing()
        if self.is_closing():
            self._lose()
        return found

    def _read_wire(self) -> bool:
        data = self._wire.read()
        self._sent.append(data)
        return bool(data)

    # --- what a protocol calls

    def set_protocol(self, protocol: Any) -> None:
        self._protocol = protocol

    def get_protocol(self) -> Any:
        return self._protocol

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self._wire if name == "socket" else default

    def write(self, data: bytes) -> None:
        if not data or self._is_dead:
            return
        self._read_wire()
        self._sent.append(bytes(data))
        if self._is_slow:
            self._held += len(data)
            if self._held > HIGH and not self._is_paused:
                self._is_paused = True
                self._protocol.pause_writing()

    def writelines(self, parts: Any) -> None:
        self.write(b"".join(parts))

    def get_write_buffer_size(self) -> int:
        return self._held

    def pause_reading(self) -> None:
        self.is_reading = False

    def resume_reading(self) -> None:
        self.is_reading = True

    def is_closing(self) -> bool:
        return self._is_dead or self._is_closing

    _is_closing = False

    def close(self) -> None:
        """As asyncio's: what is held back goes out first; then nothing more is taken."""
        if not self.is_closing():
            self._is_closing = True
            if not self._held:
                self._lose()

    def abort(self) -> None:
        self._is_closing = True
        self._lose()

    def _lose(self) -> None:
        self._is_dead = True
        if not self._is_lost:
            self._is_lost = True
            self._loop.call_soon(self._protocol.connection_lost, None)
