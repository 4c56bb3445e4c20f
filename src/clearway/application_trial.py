"""The other side of `clearway release`: the project's new code in a process of its own, which says how it went.

One JSON object on stdout, whatever the project prints.
"""

import io
import json
import os
import sys
import sysconfig
import traceback
from collections.abc import Callable, Iterable, Mapping
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from clearway.doctor.live.page import wanted_by

from .ending import end_soon

_ID, _NAME = "CW304", "application-does-not-start"
_FIX = "mend what the proof names; nothing was reloaded"
_LINES = 3  # of the project's own that are proof
_SHOWN = 20  # lines of a traceback that are kept
Data = dict[str, Any]


def check() -> None:
    """Django's system checks."""
    _answer(_checked)


def start() -> None:
    """Whether the application can be imported."""
    _answer(_started)


def ask() -> None:
    """Ask the application for the URLs of the arguments, without a server."""
    _answer(lambda: _asked(sys.argv[1:]))


def collect() -> None:
    """Run collectstatic with the arguments that are left."""
    _answer(lambda: _collected(sys.argv[1:]))


def _answer(work: Callable[[], Data]) -> None:
    own = os.dup(1)
    os.dup2(2, 1)
    with redirect_stdout(sys.stderr):
        try:
            found = work()
        except BaseException as error:  # settings and applications may do anything, and end with sys.exit
            found = {"problem": _problem(_said(error), error), "output": _trace()}
    os.write(own, json.dumps(found).encode())
    end_soon()


# --- check


def _checked() -> Data:
    import django
    from django.core.management import call_command
    from django.core.management.base import SystemCheckError

    django.setup()
    try:
        call_command("check", stdout=io.StringIO(), stderr=io.StringIO())
    except SystemCheckError as error:
        said = str(error).strip()
        return {"problem": {"id": "", "message": "Django's system checks found errors"}, "output": said}
    return {"problem": None, "output": ""}


def _started() -> Data:
    import django

    django.setup()
    application()
    return {"problem": None}


def application() -> tuple[Any, bool]:
    """What servers run, and whether it is an ASGI application. Raises whatever its module raises."""
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application
    from django.utils.module_loading import import_string

    for name, is_async in (("WSGI_APPLICATION", False), ("ASGI_APPLICATION", True)):
        if given := getattr(settings, name, None):
            return import_string(given), is_async
    return get_wsgi_application(), False


# --- ask


def _asked(urls: list[str]) -> Data:
    """The status of the first answer, and which URLs each page names; the first problem ends it."""
    import django
    from django.core.signals import got_request_exception

    django.setup()
    made, is_async = application()
    if is_async:
        return {"problem": None, "status": None, "named": {}}
    raised = list[BaseException]()

    def note(**_: Any) -> None:
        if error := sys.exc_info()[1]:
            raised.append(error)

    got_request_exception.connect(note)
    statuses, named = [], {}
    for url in dict.fromkeys(urls):
        said = io.StringIO()
        status, page = _answer_of(made, url, said)
        if status >= 500:  # RFC 9110 §15.6
            return {"problem": _fault(url, status, raised), "status": status, "output": said.getvalue()}
        statuses.append(status)
        named[url] = [each.url for each in wanted_by(page, url)]
    return {"problem": None, "status": statuses[0], "named": named}


def _fault(url: str, status: int, raised: list[BaseException]) -> Data:
    error = raised[-1] if raised else None
    told = f"the application answers {status} to {urlsplit(url).path or '/'}" + (f": {_said(error)}" if error else "")
    return {**_problem(told, error), "id": "CW403", "name": "answer-fails"}


def _answer_of(made: Callable[..., Iterable[bytes]], url: str, said: io.StringIO) -> tuple[int, str]:
    """The status, and the text of a page of HTML."""
    answered: list[tuple[str, Mapping[str, str]]] = []

    def start(status: str, headers: list[tuple[str, str]], info: object = None) -> None:
        answered.append((status, {name.lower(): value for name, value in headers}))

    body = made(_environ(url, said), start)
    try:
        content = b"".join(body)
    finally:
        getattr(body, "close", lambda: None)()
    status, fields = answered[-1]
    is_page = fields.get("content-type", "").startswith("text/html")
    return int(status.split()[0]), content.decode("utf-8", "replace") if is_page else ""


def _environ(url: str, said: io.StringIO) -> Data:
    """A GET as a server hands it on (PEP 3333); https as the proxy header that the settings trust says it."""
    from django.conf import settings

    parts = urlsplit(url)
    environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(parts.path or "/", "latin-1"),
        "QUERY_STRING": parts.query,
        "SERVER_NAME": parts.hostname or "localhost",
        "SERVER_PORT": str(parts.port or (443 if parts.scheme == "https" else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": parts.netloc.rpartition("@")[2],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": said,
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": True,
    }
    header = getattr(settings, "SECURE_PROXY_SSL_HEADER", None)
    return environ | ({header[0]: header[1]} if header and parts.scheme == "https" else {})


# --- collect


def _collected(words: list[str]) -> Data:
    import django
    from django.core.management import call_command, get_commands, load_command_class
    from django.core.management.base import CommandError

    django.setup()
    from clearway.management.commands.collectstatic import Command

    app = get_commands()["collectstatic"]
    command = load_command_class(app, "collectstatic") if isinstance(app, str) else app
    is_ours = isinstance(command, Command)
    out = io.StringIO()
    options: Mapping[str, Any] = {"format": "json"} if is_ours else {}
    try:
        call_command(command, *words, interactive=False, stdout=out, stderr=sys.stderr, **options)
    except CommandError as error:
        return {**(_json(out) if is_ours else {}), "error": str(error)}
    return {**(_json(out) if is_ours else {}), "error": ""}


def _json(out: io.StringIO) -> Data:
    try:
        found = json.loads(out.getvalue())
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


# --- what went wrong


def _problem(message: str, error: BaseException | None) -> Data:
    proof = _own_lines(error)
    return {"id": _ID, "name": _NAME, "message": message, "where": _where(error), "proof": proof, "fix": _FIX}


def _own_lines(error: BaseException | None) -> list[str]:
    """What the project's own lines say that an error passed, the last one last."""
    return [f"{each.filename}:{each.lineno}: {each.line}" for each in _frames(error)][-_LINES:]


def _where(error: BaseException | None) -> str:
    """The last line of the project's own that an error passed."""
    own = _frames(error)
    return f"{own[-1].filename}:{own[-1].lineno}" if own else ""


def _frames(error: BaseException | None) -> list[traceback.FrameSummary]:
    """Those of the project's own files."""
    frames = traceback.extract_tb(error.__traceback__) if error else ()
    others = ("<", str(Path(__file__).parent), sysconfig.get_path("stdlib"))
    return [each for each in frames if "-packages" not in each.filename and not each.filename.startswith(others)]


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def _trace() -> str:
    return "\n".join(traceback.format_exc().splitlines()[-_SHOWN:])
