"""The lane of gunicorn's gthread worker: the thread that waits for connections answers static requests itself.

A request is looked at where it lies, in the socket's buffer (MSG_PEEK), and taken out only when it is answered; every
other one is read by gunicorn, in its pool, as if nobody had looked.
"""

import errno
import socket
import time
from datetime import datetime
from email.utils import formatdate
from functools import partial
from selectors import EVENT_READ, EVENT_WRITE
from typing import Any

from gunicorn import SERVER
from gunicorn.workers import gthread

from clearway.http.fields import STATUSES, Fields
from clearway.http.resource import Answer
from clearway.serve.bodies import FileChangedError

from .gunicorn_request import AccessLog, Schemes, plain_heads, why_not
from .head import LONGEST
from .lane import Lane, Render
from .sending import Sending
from .waiting import Waiting

_PEEKED = 2 * LONGEST
_START = {status: f"HTTP/1.1 {status} {text}\r\nServer: {SERVER}\r\n".encode() for status, text in STATUSES.items()}
_CONNECTION = {True: b"Connection: keep-alive\r\n", False: b"Connection: close\r\n"}


class LaneThreadWorker(gthread.ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn's gthread worker with the lane of the application that it serves.

    Each connection is in one place: `pending_conns` before its first request, `keepalived_conns` between two, on its
    way out in a `Sending`, or in the pool.
    """

    @staticmethod
    def find_lane(application: Any, render: Render, script_name: str) -> Lane | None:
        """The lane of an application; what the root module gives."""
        raise NotImplementedError

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.keepalived_conns, self.pending_conns = Waiting(), Waiting()
        self.lane: Lane | None = None
        self._heads, self._schemes = plain_heads(self.cfg), Schemes(self.cfg)
        self._access_log = AccessLog(self.log, self.cfg)
        self._date = (0, b"")

    def load_wsgi(self) -> None:
        """Load the application, and then its lane."""
        super().load_wsgi()
        try:
            reason = why_not(self.cfg)
            self.lane = None if reason else self.find_lane(self.wsgi, _render, "")
        except Exception as error:
            reason = str(error)
        if reason:
            self.log.warning("Static files take the ordinary road, not the lane: %s.", reason)

    # --- when a connection can be read

    def accept(self, listener: socket.socket) -> None:
        """Let a new connection wait in the poller, not in a thread, unless its request is there already."""
        if self.lane is None:
            super().accept(listener)
            return
        try:
            client, address = listener.accept()
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK):
                raise
            return
        self.nr_conns += 1
        connection = gthread.TConn(self.cfg, client, address, listener.getsockname())
        connection.data_ready = True
        data = _peek(client)
        if data is None:
            self._await_first(connection)
        elif not self._answers(connection, data):
            self.enqueue_req(connection)

    def on_pending_socket_readable(self, conn: Any, client: socket.socket) -> None:
        """Answer the first request of a connection, or hand it to the pool."""
        self._on_readable(conn, client, super().on_pending_socket_readable)

    def on_client_socket_readable(self, conn: Any, client: socket.socket) -> None:
        """Answer a further request of a connection, or hand it to the pool."""
        self._on_readable(conn, client, super().on_client_socket_readable)

    def _on_readable(self, connection: Any, client: socket.socket, hand_over: Any) -> None:
        data = _peek(client) if self.lane else b""
        if data is not None and not self._answers(connection, data):
            hand_over(connection, client)

    def _await_first(self, connection: Any) -> None:
        """As long as gunicorn would wait for it, in a thread and then in the poller."""
        connection.timeout = time.monotonic() + gthread.DEFAULT_WORKER_DATA_TIMEOUT + self.cfg.keepalive
        self.pending_conns.append(connection)
        readable = partial(self.on_pending_socket_readable, connection)
        self.poller.register(connection.sock, EVENT_READ, readable)

    # --- the answer

    def _answers(self, connection: Any, data: bytes) -> bool:
        """Answer the request that `data` is, if it is plain, the lane knows it, and this worker goes on after it."""
        head = self._heads.read(data) if data and self.lane else None
        if head is None or not self.alive or not self.cfg.keepalive or self.nr + 1 >= self.max_requests:
            return False
        scheme = self._schemes.of(connection.client, head.fields)
        found = self.lane.answer(head, scheme) if self.lane and scheme else None
        if found is None:
            return False
        answer, rendered, body = found
        started = datetime.now() if self._access_log.wanted else None  # noqa: DTZ005  # as gunicorn's
        self.nr += 1
        is_kept = head.keep_alive and self._may_keep(connection)
        start = b"".join((_START[answer.status], self._date_field(), _CONNECTION[is_kept], rendered, b"\r\n"))
        sending = Sending(connection.sock, start, answer, body)
        connection.sock.recv(len(data))
        self._proceed(connection, sending, is_kept)
        if started:
            count = len(body) if isinstance(body, bytes) else answer.octets.count if answer.octets else 0
            took = datetime.now() - started  # noqa: DTZ005
            self._access_log.write(connection, data, answer, rendered, count, took)
        return True

    def _may_keep(self, connection: Any) -> bool:
        others = len(self.keepalived_conns) - (connection in self.keepalived_conns)
        return bool(others < self.max_keepalived)

    def _date_field(self) -> bytes:
        now = int(time.time())
        if self._date[0] != now:
            self._date = now, f"Date: {formatdate(now, usegmt=True)}\r\n".encode()
        return self._date[1]

    def _proceed(self, connection: Any, sending: Sending, is_kept: bool) -> None:
        """Send what the socket takes, and what follows when that was all."""
        try:
            done = sending.proceed()
        except (OSError, FileChangedError):
            is_kept, done = False, True
        if not done:
            return self._watch(connection, EVENT_WRITE, partial(self._go_on, connection, sending, is_kept))
        sending.close()
        return self._keep(connection) if is_kept else self._close(connection)

    def _go_on(self, connection: Any, sending: Sending, is_kept: bool, _client: socket.socket) -> None:
        self._proceed(connection, sending, is_kept)

    # --- where the connection goes

    def _keep(self, connection: Any) -> None:
        connection.set_timeout()
        if connection in self.keepalived_conns:
            self.keepalived_conns.move_to_end(connection)
        else:
            self._watch(connection, EVENT_READ, partial(self.on_client_socket_readable, connection))
            self.keepalived_conns.append(connection)

    def _watch(self, connection: Any, events: int, callback: Any) -> None:
        """Take the connection from where it waits, and have the poller call back."""
        if self._forget(connection) or connection.sock in self.poller.get_map():
            self.poller.modify(connection.sock, events, callback)
        else:
            self.poller.register(connection.sock, events, callback)

    def _forget(self, connection: Any) -> bool:
        for waiting in (self.keepalived_conns, self.pending_conns):
            if connection in waiting:
                waiting.remove(connection)
                return True
        return False

    def _close(self, connection: Any) -> None:
        if self._forget(connection) or connection.sock in self.poller.get_map():
            self.poller.unregister(connection.sock)
        self.nr_conns -= 1
        connection.close()


def _peek(client: socket.socket) -> bytes | None:
    """What lies in the socket's buffer; None when that is nothing, empty when the client has gone."""
    try:
        return client.recv(_PEEKED, socket.MSG_PEEK)
    except BlockingIOError:
        return None
    except OSError:
        return b""


def _render(answer: Answer, fields: Fields) -> bytes:
    """Header fields as gunicorn writes them."""
    return b"".join(f"{name}: {value}\r\n".encode("latin-1") for name, value in fields)
