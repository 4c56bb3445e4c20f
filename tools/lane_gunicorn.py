"""Workers of gunicorn in processes of their own, and what they make of the same connections."""

import logging
import multiprocessing
import os
import re
import signal
import socket
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from selectors import DefaultSelector
from types import SimpleNamespace
from typing import Any

from gunicorn import sock
from gunicorn.config import Config
from gunicorn.glogging import Logger

from tools.lane_sockets import Client, exchanges

FORMAT = (
    '%(h)s %(l)s %(u)s "%(r)s" %(m)s %(U)s %(q)s %(H)s %(s)s %(b)s %(B)s "%(f)s" "%(a)s" %({accept-encoding}i)s'
    " %({content-type}o)s %({vary}o)s %({content-length}o)s %({wsgi.url_scheme}e)s %({http_host}e)s"
    " %({wsgi.multithread}e)s"
)
ERROR = re.compile(rb"\r\nContent-Length: \d+\r\n\r\n<html>\n  <head>.*?</html>\n", re.DOTALL)
DATE = re.compile(rb"\r\nDate: [^\r]*")
_TRIES = 12
LAST = (  # what is answered only where the connection is still open and in step
    b"GET /static/a.css HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    b"GET /static/a.css HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /the-last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
)


class Log(Logger):  # type: ignore[misc]  # gunicorn has no types
    """Keeps the lines of the access log by the client's port."""

    def __init__(self, cfg: Any) -> None:
        super().__init__(cfg)
        self.lines: dict[str, list[str]] = defaultdict(list)
        self.troubles: list[str] = []

    def setup(self, cfg: Any) -> None:
        pass

    def access(self, resp: Any, req: Any, environ: Any, request_time: timedelta) -> None:
        atoms = self.atoms_wrapper_class(self.atoms(resp, req, environ, request_time))
        self.lines[str(environ.get("REMOTE_PORT"))].append(FORMAT % atoms)

    def exception(self, msg: str, *args: Any, **kwargs: Any) -> None:
        self.troubles.append(msg % args)

    def _nothing(self, *args: Any, **kwargs: Any) -> None:
        pass

    debug = info = warning = error = critical = _nothing


class Running:
    """A worker that serves the application that `make` gives, on a free port, in a process that ends with this one.

    All arguments have to be picklable; `options` are settings of gunicorn.
    """

    def __init__(self, worker_class: Any, make: Callable[[], Any], **options: Any) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        settings = {"threads": 32, "keepalive": 2, "graceful_timeout": 5} | options
        self._process = context.Process(target=_serve, args=(worker_class, make, settings, theirs), daemon=True)
        self._process.start()
        self.address = self._pipe.recv()

    def ask(self, about: str) -> Any:
        """`lines` of the access log by the client's port, since the last time; `numbers` of the worker."""
        self._pipe.send(about)
        return self._pipe.recv()

    def stop(self) -> int | None:
        """End as at SIGTERM; gives the exit code, which is the number of connections that were left."""
        self._process.terminate()
        self._process.join(20)
        return self._process.exitcode

    def connect(self) -> socket.socket:
        return socket.create_connection(self.address, timeout=20)


def _serve(worker_class: Any, make: Callable[[], Any], settings: dict[str, Any], pipe: Any) -> None:
    logging.disable()
    cfg = Config()
    for name, value in settings.items():
        cfg.set(name, value)
    log = Log(cfg)
    listener = sock.TCPSocket(("127.0.0.1", 0), cfg, log)
    worker = worker_class(1, os.getppid(), [listener], SimpleNamespace(wsgi=make), 30, cfg, log)
    worker.tpool = ThreadPoolExecutor(max_workers=cfg.threads)
    worker.poller = DefaultSelector()
    worker.method_queue.init()
    worker.load_wsgi()
    signal.signal(signal.SIGTERM, worker.handle_exit)
    threading.Thread(target=_report, args=(worker, log, pipe), daemon=True).start()
    pipe.send(listener.sock.getsockname())
    worker.run()
    os._exit(worker.nr_conns)


def _report(worker: Any, log: Log, pipe: Any) -> None:
    while True:
        if pipe.recv() == "lines":
            lines, log.lines = log.lines, defaultdict(list)
            pipe.send(dict(lines))
        else:
            pipe.send({name: getattr(worker, name, 0) for name in ("nr", "nr_conns", "came", "answered")})


@dataclass
class Pair:
    """The worker with the lane and the one without, with the same application."""

    with_lane: Running
    without: Running

    def differences(self, streams: Iterable[tuple[int, Sequence[bytes]]], seed: int) -> Iterator[str]:
        """What differs between the two, stream by stream; empty where nothing does."""
        listed = [(number, [*chunks, LAST[number % len(LAST)]]) for number, chunks in streams]
        with ThreadPoolExecutor(2) as pool:
            expected, found = pool.map(
                lambda server: _run(server, listed, seed),
                (self.without, self.with_lane),
            )
        for number, chunks in listed:
            if expected[number] == found[number]:
                yield ""
            else:
                yield self._again(number, chunks, seed)

    def _again(self, number: int, chunks: Sequence[bytes], seed: int) -> str:
        """How octets fall into reads is not always the same: only what never comes without the lane is a difference."""
        usual = [_run(self.without, [(number, chunks)], each)[number] for each in range(seed, seed + _TRIES)]
        for each in range(seed, seed + 3):
            found = _run(self.with_lane, [(number, chunks)], each)[number]
            if found not in usual:
                return _difference(chunks, usual[0], found)
        return ""

    def stop(self) -> tuple[int | None, int | None]:
        """The exit codes: as many as connections were left."""
        return self.with_lane.stop(), self.without.stop()


Outcome = tuple[bytes, list[str]]


def _run(server: Running, streams: Sequence[tuple[int, Sequence[bytes]]], seed: int) -> dict[int, Outcome]:
    ended = list(Client(server.address).run(exchanges(streams, seed)))
    lines = server.ask("lines")
    return {each.number: (_normal(each.octets), lines.get(str(each.port), [])) for each in ended}


def _normal(octets: bytes) -> bytes:
    """Without the time, and without what an error page says of the octets that had come by then."""
    return ERROR.sub(b"", DATE.sub(b"", octets))


def _difference(chunks: Sequence[bytes], expected: Outcome, found: Outcome) -> str:
    if expected == found:
        return ""
    return f"{chunks!r:.1500}\n  without {_short(expected)}\n  with    {_short(found)}"


def _short(outcome: Outcome) -> str:
    octets, lines = outcome
    shown = repr(octets) if len(octets) < 1500 else f"{octets[:500]!r} … {octets[-50:]!r}"
    return f"{len(octets)} {shown}\n    {lines}"
