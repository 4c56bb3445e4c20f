"""The lane of gunicorn's gthread worker: the thread that waits for connections answers static requests itself.

What a connection brings is read here. Octets that are not one plain request that the lane knows are put back where
gunicorn's parser reads next, and the connection goes to the pool, as it would have gone without a lane.
"""

import errno
import socket
import time
from datetime import datetime
from email.utils import formatdate
from functools import partial
from selectors import EVENT_READ, EVENT_WRITE
from typing import Any

from gunicorn import util
from gunicorn.workers import gthread

from clearway.http.resource import Answer
from clearway.serve.bodies import Body, FileChangedError, OpenFile

from .gunicorn_answers import Answers, render
from .gunicorn_connection import Connection, send_at_once
from .gunicorn_request import AccessLog, why_not
from .handed_over import Client, Rest
from .lane import Lane, Render
from .poller import Poller
from .sending import POSSIBLE, Sending
from .waiting import Waiting

_READ = 8192  # octets, as gunicorn's own reader takes them
_WORTH_COPYING = 32768  # octets of a body that are cheaper copied behind their head than sent apart
_ROUND = 0.1  # seconds between gunicorn's other duties, when there is much to answer
_STALLED = 60.0  # seconds in which a client has taken nothing, after which it is given up
_LINGER = 2.0  # seconds, as gunicorn's `close_graceful`, in which a client may see the end and close
_LINGER_OCTETS = 65536  # that it may go on sending


class LaneThreadWorker(gthread.ThreadWorker):  # type: ignore[misc]
    """Gunicorn's gthread worker with the lane of the application that it serves.

    A connection is in the pool, or waits in one of four places: `pending_conns` before its first request,
    `keepalived_conns` between two, `sending_conns` while the client takes an answer, `closing_conns` at its end.
    """

    @staticmethod
    def find_lane(application: Any, render: Render, script_name: str) -> Lane | None:
        """The lane of an application; what the root module gives."""
        raise NotImplementedError

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.keepalived_conns, self.pending_conns = Waiting(), Waiting()
        self.sending_conns, self.closing_conns = Waiting(), Waiting()
        self.lane: Lane | None = None
        self._given: Answers | None = None
        self._access_log = AccessLog(self.log, self.cfg)
        self._keepalive = self.cfg.keepalive
        self._second, self._kept, self._closed = 0, b"", b""
        self._listening: dict[Any, tuple[Any, Any]] = {}

    def load_wsgi(self) -> None:
        """Load the application, and then its lane."""
        super().load_wsgi()
        try:
            reason = why_not(self.cfg)
            self.lane = None if reason else self.find_lane(self.wsgi, render, "")
        except Exception as error:
            reason = repr(error)
        if reason:
            self.log.warning("Static files take the ordinary road, not the lane: %s.", reason)
        if self.lane:
            self._given = Answers(self.lane, self.cfg, self.log)
            self.poller.close()
            self.poller: Any = Poller()

    # --- gunicorn's loop

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """As gunicorn's, again and again for a while: its duties between two calls cost more than an answer."""
        if self.lane is None:
            super().wait_for_and_dispatch_events(timeout)
            return
        end = time.monotonic() + _ROUND
        while timeout >= 0 and self.poller.dispatch(timeout) and self._goes_on():
            timeout = end - time.monotonic()

    def _goes_on(self) -> bool:
        return bool(self.alive and self._accepting == (self.nr_conns < self.worker_connections))

    def _cap_keepalive(self, deadline: float) -> None:
        """When the worker stops, wait no longer for first requests than a thread of gunicorn would have."""
        super()._cap_keepalive(deadline)
        for connection in self.pending_conns:
            connection.timeout -= self._keepalive

    def murder_pending(self) -> None:
        """Close also what has stalled on its way out."""
        super().murder_pending()
        now = time.monotonic()
        for connection in (*self.sending_conns.expired(now), *self.closing_conns.expired(now)):
            self._close(connection)

    # --- when a connection can be read

    def accept(self, listener: Any) -> None:
        """Let a new connection wait in the poller, not in a thread, unless its request is there already."""
        if self.lane is None:
            super().accept(listener)
            return
        accept, own = self._listening.get(listener) or self._listen(listener)
        try:
            client, address = accept()
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK):
                raise
            return
        self.nr_conns += 1
        connection = Connection(self.cfg, client, address, own, self.close_slowly)
        if not self._read(connection, client):
            seconds = gthread.DEFAULT_WORKER_DATA_TIMEOUT + self._keepalive  # as gunicorn waits, in two places
            self._wait(connection, self.pending_conns, self._read, seconds)

    def _listen(self, listener: Any) -> tuple[Any, Any]:
        self._listening[listener] = listener.accept, listener.getsockname()
        return self._listening[listener]

    def on_pending_socket_readable(self, conn: Any, client: socket.socket) -> None:
        """Answer the first request of a connection, or hand it to the pool."""
        if self.lane is None:
            super().on_pending_socket_readable(conn, client)
        else:
            self._read(conn, client)

    def on_client_socket_readable(self, conn: Any, client: socket.socket) -> None:
        """Answer a further request of a connection, or hand it to the pool."""
        if self.lane is None or conn.has_read_ahead():
            super().on_client_socket_readable(conn, client)
        else:
            self._read(conn, client)

    def _read(self, connection: Any, client: socket.socket) -> bool:
        """Take what has come and do what it asks for; whether there was anything."""
        try:
            data = client.recv(_READ)
        except BlockingIOError:
            return False
        except OSError:
            data = b""
        if not data:
            self._close(connection)
        elif not self._answers(connection, data):
            self._leave(connection)
            if POSSIBLE and connection.parser is None:
                connection.sock = Client.of(client, self._has_room)
            connection.init()
            connection.parser.unreader.unread(data)
            self.enqueue_req(connection)
        return True

    # --- the answer

    def _answers(self, connection: Any, data: bytes) -> bool:
        """Answer the request that `data` is, if it is plain, the lane knows it, and this worker goes on after it."""
        if not self.alive or not self._keepalive or self.nr + 1 >= self.max_requests:
            return False
        started = datetime.now() if self._access_log.wanted else None  # noqa: DTZ005  # as gunicorn's
        found = self._given.find(data, connection.client) if self._given else None
        if found is None:
            return False
        (head, _, answer, start, rest), body = found
        if not isinstance(body, bytes) and not self._may_send(body):
            return False
        self.nr += 1
        if started and self.lane:
            rewritten = self.lane.rewritten(head)
            connection.log = partial(self._access_log.write, connection, data, answer, rest, body, started, rewritten)
        others = len(self.keepalived_conns) - (connection.place is self.keepalived_conns)
        is_kept = head.keep_alive and others < self.max_keepalived
        connection.then = self._keep if is_kept else self._linger
        if isinstance(body, bytes) and len(body) < _WORTH_COPYING:
            if not head.keep_alive and not self._has_been_used(connection):
                connection.then = self._close  # one short answer, and a client that sends no more: nothing can be lost
            self._send(connection, b"".join((start, self._between(is_kept), rest, body)), answer, b"")
        else:
            self._send(connection, b"".join((start, self._between(is_kept), rest)), answer, body)
        return True

    def _has_been_used(self, connection: Any) -> bool:
        return connection.parser is not None or connection.place is self.keepalived_conns

    def _may_send(self, body: OpenFile) -> bool:
        """Whether a file may go out from here. While it does it counts as a connection: both are descriptors."""
        if POSSIBLE and self.cfg.sendfile is not False and self._has_room():
            return True
        body.file.close()
        return False

    def _has_room(self) -> bool:
        return bool(self.nr_conns < self.worker_connections)

    def _between(self, is_kept: bool) -> bytes:
        now = int(time.time())
        if self._second != now:
            date = f"Date: {formatdate(now, usegmt=True)}\r\nConnection: "
            self._second = now
            self._kept, self._closed = (f"{date}{each}\r\n".encode() for each in ("keep-alive", "close"))
        return self._kept if is_kept else self._closed

    def _send(self, connection: Any, octets: bytes, answer: Answer, body: Body) -> None:
        """Send what the socket takes now, and the rest when it takes more."""
        try:
            sending = send_at_once(connection.sock, octets, answer, body)
        except OSError:
            self._close(connection)
            return
        except FileChangedError as error:
            self.log.error("%s", error)
            self._close(connection)
            return
        if sending is None:
            self._finish(connection)
        else:
            self._send_later(connection, sending)

    def _send_later(self, connection: Any, sending: Sending | Rest) -> None:
        connection.sending = sending
        self.nr_conns += 1
        self._wait(connection, self.sending_conns, self._proceed, _STALLED, EVENT_WRITE)

    def _proceed(self, connection: Any, _client: socket.socket) -> None:
        try:
            done = connection.sending.proceed()
        except OSError:
            self._close(connection)
        except FileChangedError as error:
            self.log.error("%s", error)
            self._close(connection)
        else:
            if done:
                self._finish(connection)
            else:
                connection.timeout = time.monotonic() + _STALLED
                self.sending_conns.move_to_end(connection)

    def _finish(self, connection: Any) -> None:
        if connection.sending is not None or connection.log is not None:
            self._end_answer(connection)
        connection.then(connection)

    def _end_answer(self, connection: Any) -> None:
        if connection.sending is not None:
            connection.sending.close()
            connection.sending = None
            self.nr_conns -= 1
        if connection.log is not None:
            log, connection.log = connection.log, None
            log()

    # --- what a thread has left

    def finish_request(self, conn: Any, fs: Any) -> None:
        """As gunicorn's, when the client has taken all of the answer."""
        rest = conn.sock.take_rest() if isinstance(conn.sock, Client) else None
        if rest is None:
            super().finish_request(conn, fs)
        else:
            conn.then = partial(self._end_request, fs)
            self._send_later(conn, rest)

    def _end_request(self, done: Any, connection: Any) -> None:
        self._leave(connection)
        super().finish_request(connection, done)

    # --- where the connection goes

    def _wait(self, connection: Any, place: Waiting, callback: Any, seconds: float, events: int = EVENT_READ) -> None:
        called = partial(callback, connection)
        if connection.place is None:
            self.poller.register(connection.sock, events, called)
        else:
            connection.place.remove(connection)
            self.poller.modify(connection.sock, events, called)
        connection.timeout = time.monotonic() + seconds
        place.append(connection)

    def _leave(self, connection: Any) -> None:
        if connection.place is not None:
            connection.place.remove(connection)
            self.poller.unregister(connection.sock)

    def _keep(self, connection: Any) -> None:
        if connection.place is self.keepalived_conns:
            connection.timeout = time.monotonic() + self._keepalive
            self.keepalived_conns.move_to_end(connection)
        else:
            seconds = self._keepalive if self.alive else min(self._keepalive, _LINGER)
            self._wait(connection, self.keepalived_conns, self._read, seconds)

    def _close(self, connection: Any) -> None:
        self._leave(connection)
        if connection.sending is not None or connection.log is not None:
            self._end_answer(connection)
        self.nr_conns -= 1
        util.close(connection.sock)

    def _linger(self, connection: Any) -> None:
        self._leave(connection)
        self.nr_conns -= 1
        self.close_slowly(connection)

    def close_slowly(self, connection: Any) -> None:
        """What gunicorn's `close_graceful` does, while the poller goes on (RFC 9112 §9.6)."""
        self.nr_conns += 1
        try:
            connection.sock.setblocking(False)
            connection.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._close(connection)
        else:
            self._drain(connection, connection.sock)

    def _drain(self, connection: Any, client: socket.socket) -> None:
        try:
            data = client.recv(_LINGER_OCTETS)
            connection.drained += len(data)
            is_over = not data or connection.drained >= _LINGER_OCTETS
        except OSError as error:
            is_over = not isinstance(error, BlockingIOError)
        if is_over:
            self._close(connection)
        elif connection.place is None:
            self._wait(connection, self.closing_conns, self._drain, _LINGER)
