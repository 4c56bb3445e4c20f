"""Calls WSGI applications the way a server does, with wsgiref's validator in between."""

from collections.abc import Callable, Iterable, Mapping
from contextvars import copy_context
from typing import Any
from urllib.parse import unquote_to_bytes
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

from tests.helpers.replies import Reply, check_length, lowered

App = Callable[[dict[str, Any], Any], Iterable[bytes]]


def environ(
    target: str = "/",
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    *,
    script_name: str = "",
    **more: Any,
) -> dict[str, Any]:
    """A PEP 3333 environ for a percent-encoded target below `script_name`."""
    path, _, query = target.partition("?")
    made: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": script_name,
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
    }
    setup_testing_defaults(made)
    for name, value in (headers or {}).items():
        made["HTTP_" + name.upper().replace("-", "_")] = value
    return made | more


def wsgi(
    app: App, target: str = "/", method: str = "GET", headers: Mapping[str, str] | None = None, **more: Any
) -> Reply:
    """The reply of an application, checked by `wsgiref.validate` and for its length."""
    return run(validator(_with_type_on_redirects(app)), environ(target, method, headers, **more))


def run(app: App, given: dict[str, Any]) -> Reply:
    """Call, read to the end, close; in a context of its own, where Django leaves the script prefix of a request."""
    return copy_context().run(_run, app, given)


def _run(app: App, given: dict[str, Any]) -> Reply:
    started: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], None]:
        started[:] = [int(status[:3]), headers]
        return lambda data: None

    body = app(given, start_response)
    try:
        content = b"".join(body)
    finally:
        if hasattr(body, "close"):
            body.close()
    status, headers = started
    headers = [item for item in headers if item != FOR_VALIDATOR]
    check_length(given["REQUEST_METHOD"], status, headers, content)
    return Reply(status, lowered(headers), content)


FOR_VALIDATOR = ("Content-Type", "x-tests/redirect")


def _with_type_on_redirects(app: App) -> App:
    """wsgiref's validator asks for a Content-Type on every status but 204 and 304, also where there is no content."""

    def typed(given: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *exc_info: Any) -> Any:
            bare = status[:3] == "302" and "content-type" not in [name.lower() for name, _ in headers]
            return start_response(status, [*headers, FOR_VALIDATOR] if bare else headers, *exc_info)

        return app(given, start)

    return typed


def says(text: bytes = b"the application", status: str = "200 OK") -> App:
    """An application that always answers the same."""

    def app(given: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response(status, [("Content-Type", "text/plain"), ("Content-Length", str(len(text)))])
        return [text]

    return app
