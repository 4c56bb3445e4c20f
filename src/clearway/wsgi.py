"""`clearway.wsgi.Clearway`: static files in front of any WSGI application."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .http.decision import decide
from .http.resource import Missing
from .serve.wsgi import WSGIAdapter, send
from .wrapping import Wrapper

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class Clearway:
    """Answers static requests itself and hands every other one to `app`.

    `Clearway(django_application)` serves the project's current release. With `root` (and `prefix`), or after
    `add_files`, it serves those directories instead, and needs no Django. The options are those of
    `clearway.serve.added_files.FileOptions`; they are WhiteNoise's. Without an `app`, the rest is a 404. `url(name)`
    gives the URL of a file in these directories, hashed where `clearway build` made them.
    """

    def __init__(
        self,
        app: "WSGIApplication | None" = None,
        root: str | Path | None = None,
        prefix: str | None = None,
        **options: Any,
    ) -> None:
        self._wrapper = Wrapper(root, prefix, options)
        self.add_files = self._wrapper.add_files
        self.url = self._wrapper.urls.url
        self.service = self._wrapper.lazy.make
        self._adapter = WSGIAdapter(app or not_found, self._wrapper.lazy)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        return self._adapter(environ, start_response)


def not_found(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    """The application of a site that has static files only."""
    answer = decide(environ.get("REQUEST_METHOD", "GET"), {}, Missing())
    return send((answer, answer.content), environ, start_response)
