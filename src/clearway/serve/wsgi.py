"""The WSGI adapter (PEP 3333)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from clearway.http.decision import READ
from clearway.http.resource import Passed

from .bodies import BLOCK, OpenFile
from .service import LazyService, Request, Served

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_KEYS = tuple(("HTTP_" + name.upper().replace("-", "_"), name) for name in READ)


def request_fields(environ: Mapping[str, Any]) -> dict[str, str]:
    """The header fields that an answer may depend on, out of a WSGI environ or Django's META."""
    return {name: environ[key] for key, name in _KEYS if key in environ}


def decode_path(text: str) -> str:
    """A path from the environ, whose characters stand for octets, as the text that these octets encode."""
    return text if text.isascii() else text.encode("latin-1", "replace").decode("utf-8", "surrogateescape")


def read_request(environ: "WSGIEnvironment") -> Request:
    """What an answer may depend on, out of a WSGI environ. The script name itself is `/` below it, as for Django."""
    return Request(
        environ.get("REQUEST_METHOD", "GET"),
        decode_path(environ.get("PATH_INFO", "")) or "/",
        request_fields(environ),
        environ.get("QUERY_STRING", ""),
        decode_path(environ.get("SCRIPT_NAME", "")).rstrip("/"),
    )


class WSGIAdapter:
    """A WSGI application that answers from a service and leaves the rest to `app`."""

    def __init__(self, app: "WSGIApplication", lazy: LazyService) -> None:
        self._app, self._lazy = app, lazy

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        service = self._lazy.made or self._lazy.make()
        served = service.serve(read_request(environ))
        if served is None:
            return self._app(environ, start_response)
        if isinstance(served, Passed):
            return self._app(environ, forbid_storing_misses(start_response))
        return send(served, environ, start_response)


def send(served: Served, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    """Start the response and return its body, by the server's own `wsgi.file_wrapper` where that may be used."""
    answer, body = served
    start_response(answer.status_line, list(answer.headers))
    if isinstance(body, bytes):
        return [body]  # also without content: hypercorn's WSGI answers 500 when nothing is iterated over
    if body.whole and "wsgi.file_wrapper" in environ:
        wrapped: Iterable[bytes] = environ["wsgi.file_wrapper"](body, BLOCK)
        return wrapped
    return Blocks(body)


class Blocks:
    """An iterable over an open file that the server closes."""

    def __init__(self, file: OpenFile) -> None:
        self._file = file

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._file)

    def close(self) -> None:
        self._file.close()


def forbid_storing_misses(start_response: "StartResponse") -> "StartResponse":
    """Mark a 404 of the application as not to be stored: the file may be there after the next deploy."""

    def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        if status.startswith("404"):
            headers = [item for item in headers if item[0].lower() != "cache-control"]
            headers.append(("Cache-Control", "no-store"))
        return start_response(status, headers, exc_info)

    return start
