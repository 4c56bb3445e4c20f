"""A real S3 server on loopback (moto) that counts what it is asked, and can be told to behave like worse ones."""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from itertools import count
from random import Random
from socket import SHUT_RDWR
from time import sleep
from typing import Any, NamedTuple, NoReturn
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

Start = Callable[..., Any]
Application = Callable[[dict[str, Any], Start], Iterable[bytes]]
_numbers = count()
LATE = 2.0  # seconds: longer than a client waits that was told to be impatient


class Asked(NamedTuple):
    method: str
    path: str
    status: int


class ObjectServer:
    """`habit` stands before the store: it may change a request, answer it itself, or fail."""

    def __init__(self) -> None:
        self._store = _one_by_one(DomainDispatcherApplication(create_backend_app))
        self.habit: Callable[[Application, dict[str, Any], Start], Iterable[bytes]] = obedient
        self.asked: list[Asked] = []
        self._answering, self._changed = 0, threading.Condition()
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self._server = make_server("127.0.0.1", 0, self, threaded=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterator[bytes]:
        def told(status: str, headers: Any, *more: Any) -> Any:
            self.asked.append(Asked(environ["REQUEST_METHOD"], environ["PATH_INFO"], int(status[:3])))
            return start(status, headers, *more)

        with self._counted():
            yield from self.habit(self._store, environ, told)

    @contextmanager
    def _counted(self) -> Iterator[None]:
        with self._changed:
            self._answering += 1
        try:
            yield
        finally:
            with self._changed:
                self._answering -= 1
                self._changed.notify_all()

    @property
    def options(self) -> dict[str, str]:
        """Those of the client."""
        return {"endpoint": self.url, "access_key_id": "k", "secret_access_key": "s", "region": "us-east-1"}

    def environ(self) -> dict[str, str]:
        """The same for a process."""
        names = {"AWS_ENDPOINT_URL": "endpoint", "AWS_REGION": "region"}
        keys = {"AWS_ACCESS_KEY_ID": "access_key_id", "AWS_SECRET_ACCESS_KEY": "secret_access_key"}
        return {name: self.options[key] for name, key in (names | keys).items()}

    def new_bucket(self) -> str:
        """The URL of a bucket that nobody used yet."""
        return self.make_bucket(f"bucket-{next(_numbers)}")

    def make_bucket(self, name: str) -> str:
        """The URL of a new bucket."""
        with urlopen(Request(f"{self.url}/{name}", method="PUT", headers={"Authorization": NOBODY})):
            return f"s3://{name}"

    def asked_of(self, url: str) -> list[Asked]:
        """Of one bucket: what other tests left running asks for others."""
        bucket = "/" + url.removeprefix("s3://").partition("/")[0]
        return [asked for asked in list(self.asked) if f"{asked.path}/".startswith(f"{bucket}/")]

    def headers(self, url: str, name: str) -> dict[str, str]:
        """The header fields with which the store answers for an object."""
        target = f"{self.url}/{quote(url.removeprefix('s3://'))}/{quote(name)}"
        with urlopen(Request(target, method="HEAD", headers={"Authorization": NOBODY})) as answer:
            return {key.lower(): value for key, value in answer.headers.items()}

    @contextmanager
    def behaving(self, habit: Callable[[Application, dict[str, Any], Start], Iterable[bytes]]) -> Iterator[None]:
        """For as long as the block lasts, and until all is answered: the next test counts what it asks."""
        self.habit = habit
        try:
            yield
        finally:
            self.habit = obedient
            with self._changed:
                assert self._changed.wait_for(lambda: not self._answering, 30)

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _one_by_one(store: Application) -> Application:
    """One request at a time: moto looks at a condition and writes in two steps. Nobody waits for one that is sent."""
    lock = threading.Lock()

    def alone(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        if length := int(environ.get("CONTENT_LENGTH") or 0):
            environ = {**environ, "wsgi.input": BytesIO(environ["wsgi.input"].read(length))}
        with lock:
            return list(store(environ, start))

    return alone


NOBODY = "AWS4-HMAC-SHA256 Credential=k/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"
_CONDITIONS = ("HTTP_IF_MATCH", "HTTP_IF_NONE_MATCH")


def obedient(store: Application, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    return store(environ, start)


def overwriting(store: Application, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    """Answers 200 to every condition, and overwrites."""
    return store({key: value for key, value in environ.items() if key not in _CONDITIONS}, start)


def unquoted(store: Application, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    """Compares the entity tag of a condition without its quotes, as a gateway of Ceph does."""
    tag = environ.get("HTTP_IF_MATCH", "")
    if tag.startswith('"'):
        return refused(start, "412 Precondition Failed", "PreconditionFailed")
    return store({**environ, "HTTP_IF_MATCH": f'"{tag}"'} if tag else environ, start)


def without_conditions(store: Application, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    """Says that it knows no conditions, as Swift and some others do."""
    if environ["REQUEST_METHOD"] == "PUT" and any(environ.get(key) for key in _CONDITIONS):
        return refused(start, "501 Not Implemented", "NotImplemented")
    return store(environ, start)


def refused(start: Start, status: str, code: str) -> Iterable[bytes]:
    body = f"<Error><Code>{code}</Code></Error>".encode()
    start(status, [("Content-Type", "application/xml"), ("Content-Length", str(len(body)))])
    return [body]


class Faults:
    """Every so often, by chance: an error instead of an answer, an answer that is lost, or one that is cut short."""

    def __init__(self, seed: int, share: float) -> None:
        self._random = Random(seed)
        self._share = share
        self.happened = 0

    def __call__(self, store: Application, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        if self._random.random() >= self._share:
            return store(environ, start)
        self.happened += 1
        kind = self._random.choice(("error", "busy", "late", "lost", "cut", "dropped"))
        if kind in ("error", "busy"):
            environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            return refused(start, *_ERRORS[kind])
        if kind == "dropped":
            drop(environ)
        if kind == "late":
            sleep(LATE)
            return store(environ, start)
        return _broken(store, environ, start, is_cut=kind == "cut")


_ERRORS = {"error": ("500 Internal Server Error", "InternalError"), "busy": ("503 Slow Down", "SlowDown")}


def _broken(store: Application, environ: dict[str, Any], start: Start, *, is_cut: bool) -> Iterator[bytes]:
    """What was asked is done, and its answer does not arrive, or not all of it."""
    told: list[tuple[str, Any]] = []
    body = b"".join(store(environ, lambda status, headers, *more: told.append((status, headers))))
    if is_cut:
        start(*told[-1])
        yield body[: len(body) // 2]
    drop(environ)


def drop(environ: dict[str, Any]) -> NoReturn:
    """End the connection without an answer, or in the middle of one."""
    environ["werkzeug.socket"].shutdown(SHUT_RDWR)
    raise ConnectionResetError


@pytest.fixture(scope="session")
def object_server() -> Iterator[ObjectServer]:
    server = ObjectServer()
    yield server
    server.close()
