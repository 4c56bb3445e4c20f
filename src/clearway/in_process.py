"""What answers a URL inside the application, worked out from the settings: no view runs, nothing is connected to."""

import ast
from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.utils.module_loading import import_string

from .catalogs import catalog_of
from .fronts.road import Outcome, Road, Step, Visit
from .http.decision import READ, decide
from .http.resource import Answer, Passed
from .lanes import MIDDLEWARE, SECURITY
from .middleware import ClearwayMiddleware
from .project import Project
from .settings_lines import line_of
from .trace_private import private_step

_PEERS = ("whitenoise", "servestatic")
_WRAPPERS = ("clearway.wsgi", "clearway.asgi")
_NOBODY = "no middleware and no wrapper here answers files; a lane of the server, which no setting tells of, may"


class InProcess:
    """The part of a project that answers files: Clearway's catalog, or that of WhiteNoise or ServeStatic."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._above, self._served_by = stand()
        self._peer: Any = None
        self._catalog: Any = None

    def road(self, visit: Visit, target: str, *, is_file: bool) -> Road:
        """The last stretch: `target` is what the front asks for, percent-encoded; `is_file` for URLs of files."""
        redirected = self._redirect(visit)
        if redirected:
            return redirected
        ours = self._served_by or next(wrappers(), None)
        path, _, query = target.partition("?")
        below, script = self._below(unquote(path, errors="surrogateescape"))
        if ours is None:
            steps = (Step("catalog", _NOBODY, line_of("MIDDLEWARE")),) if is_file else ()
            return _of_views(below, steps, is_file=is_file)
        if isinstance(ours, type) and not issubclass(ours, ClearwayMiddleware):
            return self._of_peer(ours, below, is_file=is_file)
        by = ours if isinstance(ours, str) else MIDDLEWARE
        return self._of_catalog(visit, (below, script, query), by, is_file=is_file)

    def _below(self, path: str) -> tuple[str, str]:
        """The path below the script name, and that name."""
        script = "" if self._project.script == "/" else self._project.script[:-1]
        return (path[len(script) :], script) if path.startswith(f"{script}/") else (path, script)

    def _redirect(self, visit: Visit) -> Road | None:
        """What SecurityMiddleware does before anything below it is asked."""
        if visit.scheme == "https" or SECURITY not in self._above or not settings.SECURE_SSL_REDIRECT:
            return None
        from django.middleware.security import SecurityMiddleware

        made = SecurityMiddleware(_no_view)
        if any(pattern.search(visit.target.partition("?")[0].lstrip("/")) for pattern in made.redirect_exempt):
            return None
        to = f"https://{made.redirect_host or visit.host}{visit.target}"
        step = Step("catalog", f"SECURE_SSL_REDIRECT: to {to}", line_of("SECURE_SSL_REDIRECT"))
        return Road((step,), Outcome("application", 301, headers={"location": to}))

    def _of_catalog(self, visit: Visit, asked: tuple[str, str, str], by: str, *, is_file: bool) -> Road:
        """From (path, script name, query)."""
        path, script, query = asked
        self._catalog = self._catalog or catalog_of(self._project)
        entry = self._catalog.find(path, script)
        where = line_of("MIDDLEWARE")
        if entry is None or isinstance(entry, Passed):
            steps = (Step("catalog", f"{by} does not know {path}", where),) if is_file else ()
            return _of_views(path, steps, is_file=is_file)
        fields = {name: value for name, value in visit.fields.items() if name in READ}
        answer = decide(visit.method, fields, entry, query)
        step = Step("catalog", f"{by} {_told(answer)}", where, ok=answer.status < 400)
        return Road((step,), _outcome(answer.status, _file(answer), dict(answer.headers)))

    def _of_peer(self, kind: type, path: str, *, is_file: bool) -> Road:
        """The peer's own table of files, asked by its own middleware."""
        self._peer = self._peer or _made(kind)
        find: Callable[[str], Any] = self._peer.find_file if self._peer.autorefresh else self._peer.files.get
        found, by, where = find(path), f"{kind.__module__}.{kind.__qualname__}", line_of("MIDDLEWARE")
        if found is None:
            steps = (Step("catalog", f"{by} does not know {path}", where),) if is_file else ()
            return _of_views(path, steps, is_file=is_file)
        answer = found.get_response("GET", {})
        file = getattr(answer.file, "name", None)
        if answer.file:
            answer.file.close()
        step = Step("catalog", f"{by} answers {int(answer.status)}", where)
        return Road((step,), _outcome(int(answer.status), file, dict(answer.headers)))


def serves_files() -> bool:
    """Whether a middleware or a wrapper of the project answers files."""
    return stand()[1] is not None or next(wrappers(), None) is not None


def stand() -> tuple[tuple[str, ...], type | None]:
    """The middleware above the first that answers files, and that one."""
    above: list[str] = []
    for name in settings.MIDDLEWARE:
        try:
            kind = import_string(name)
        except Exception:  # what a module of the project raises while it is imported
            kind = None
        if isinstance(kind, type) and _answers_files(kind):
            return tuple(above), kind
        above.append(name)
    return tuple(above), None


def _answers_files(kind: type) -> bool:
    peers = (base.__module__.partition(".")[0] in _PEERS for base in kind.__mro__)
    return issubclass(kind, ClearwayMiddleware) or any(peers)


def wrappers() -> Iterator[str]:
    """The module of the application that imports a wrapper of Clearway: read, not run."""
    for setting in ("WSGI_APPLICATION", "ASGI_APPLICATION"):
        module = str(getattr(settings, setting, None) or "").rpartition(".")[0]
        try:
            spec = find_spec(module) if module else None
            tree = ast.parse(Path(spec.origin).read_bytes()) if spec and spec.origin else ast.Module([], [])
        except (ImportError, OSError, SyntaxError, ValueError):
            continue
        if any(isinstance(node, ast.ImportFrom) and node.module in _WRAPPERS for node in ast.walk(tree)):
            yield f"the wrapper in {module}"


def _of_views(path: str, steps: tuple[Step, ...], *, is_file: bool) -> Road:
    """What the URL patterns make of a path: the view is named, and not called."""
    from django.urls import Resolver404, resolve

    view: Any = None
    try:
        view = resolve(path).func
        step = Step("application", f"view {_name(view)}")
    except Resolver404:
        step = Step("application", f"no URL pattern matches {path}", ok=not is_file)
    except Exception as error:  # a URLconf is a program: anything can happen in it
        step = Step("application", f"the URL patterns cannot be loaded: {type(error).__name__}: {error}", ok=False)
    more = private_step(view)
    return Road((*steps, step, *([more] if more else [])), Outcome("application"))


def _name(view: Any) -> str:
    shown = getattr(view, "view_class", view)
    return f"{shown.__module__}.{getattr(shown, '__qualname__', type(shown).__qualname__)}"


def _told(answer: Answer) -> str:
    return f"answers {answer.status}" if answer.status != 404 else "knows no such file"


def _file(answer: Answer) -> str | None:
    return str(Path(answer.octets.file.path).absolute()) if answer.octets else None


def _outcome(status: int, file: str | None, headers: Mapping[str, str]) -> Outcome:
    lower = {name.lower(): value for name, value in headers.items()}
    return Outcome("catalog", status, file, type=lower.get("content-type"), headers=lower)


def _made(kind: type) -> Any:
    """A middleware of a peer; ServeStatic's is for asynchronous projects only."""
    try:
        return kind(_no_view)
    except ValueError:
        return kind(_no_async_view)


def _no_view(request: Any) -> Any:
    raise NotImplementedError


async def _no_async_view(request: Any) -> Any:
    raise NotImplementedError
