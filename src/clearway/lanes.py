"""Which lane an application has: that of its wrapper, or that of Django's middleware and what stands above it."""

import logging
import sys
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from typing import Any

from .asgi import Clearway as ASGIClearway
from .http.fields import Fields
from .serve.lanes.above import Above, NothingAbove
from .serve.lanes.head import Head
from .serve.lanes.lane import Lane, Render
from .serve.service import Service
from .wsgi import Clearway as WSGIClearway

_log = logging.getLogger("clearway")
MIDDLEWARE = "clearway.middleware.ClearwayMiddleware"
SECURITY = "django.middleware.security.SecurityMiddleware"


def lane_of(application: Any, render: Render, script_name: str = "") -> Lane | None:
    """The lane of a WSGI or ASGI application, made when the worker has loaded it; None, with one line, for no lane."""
    if isinstance(application, WSGIClearway | ASGIClearway):
        return Lane(application.service(), NothingAbove(), render, script_name)
    if not _is_django(application):
        return _off(f"{type(application).__module__}.{type(application).__qualname__} stands between it and Django")
    return _djangos(application, render, script_name)


def _is_django(application: Any) -> bool:
    handlers = sys.modules.get("django.core.handlers.base")  # not imported for an application that is not Django's
    return handlers is not None and isinstance(application, handlers.BaseHandler)


def _djangos(application: Any, render: Render, script_name: str) -> Lane | None:
    from django.conf import settings
    from django.core.handlers.asgi import ASGIHandler

    from .conf import conf

    above = _above(settings.MIDDLEWARE)
    others = [name for name in above if name != SECURITY and name not in conf().lane_ignores]
    if others:
        return _off(f"{others[0]} stands above {MIDDLEWARE}; move it below, or list it in CLEARWAY['lane_ignores']")
    forced = settings.FORCE_SCRIPT_NAME or ""
    if forced and script_name:
        return _off("FORCE_SCRIPT_NAME is set, and the server has a script name of its own")
    # A WSGI request has it before its path, whatever that is; an ASGI request takes it off its path.
    is_asgi = isinstance(application, ASGIHandler)
    before = script_name or ("" if is_asgi else forced.rstrip("/"))
    security = _security(before) if SECURITY in above else NothingAbove()
    return Lane(
        _service(),
        security,
        render,
        script_name or forced,
        path_info=_taking_off(forced) if forced and is_asgi else None,
        rewritten=lambda head: {"PATH_INFO": head.path, "SCRIPT_NAME": forced},  # as WSGIRequest does
    )


def _taking_off(forced: str) -> Callable[[str], str]:
    """How an ASGI request of this Django takes FORCE_SCRIPT_NAME off its path: since 6.1 at a segment's border."""
    from django.core.handlers.asgi import ASGIRequest

    scope = {"type": "http", "method": "GET", "path": f"{forced}x", "query_string": b"", "headers": []}
    if ASGIRequest(scope, BytesIO()).path_info == "x":
        return lambda path: path.removeprefix(forced)
    name = forced.rstrip("/")
    return lambda path: path[len(name) :] if path == name or path.startswith(f"{name}/") else path


def _above(middleware: Sequence[str]) -> Sequence[str]:
    """What stands above ours; without ours, what stands above its place, directly below SecurityMiddleware."""
    if MIDDLEWARE in middleware:
        return middleware[: middleware.index(MIDDLEWARE)]
    return middleware[: middleware.index(SECURITY) + 1] if SECURITY in middleware else ()


def _service() -> Service:
    """That of the middleware, so that nothing is kept twice; one of its own when the project has no middleware."""
    from .catalogs import catalog_of
    from .middleware import newest_service
    from .project import Project

    return newest_service() or Service(catalog_of(Project.from_settings()))


def _security(script_name: str) -> Above:
    from django.conf import settings
    from django.middleware.security import SecurityMiddleware

    return SecurityAbove(SecurityMiddleware(_no_view), settings.SECURE_PROXY_SSL_HEADER, script_name)


def _no_view(request: Any) -> Any:
    raise NotImplementedError


def _off(reason: str) -> Lane | None:
    _log.warning("Static files take the ordinary road, not the lane: %s.", reason)
    return None


class SecurityAbove:
    """Django's own SecurityMiddleware, asked once per answer for the header fields that it adds."""

    def __init__(self, middleware: Any, proxy_header: tuple[str, str] | None, script_name: str) -> None:
        self._middleware, self._script_name = middleware, script_name
        name, self._secure_value = proxy_header or ("", "")
        self._field = name.removeprefix("HTTP_").replace("_", "-").lower()
        self.reads = frozenset((self._field,)) if proxy_header else frozenset()

    def is_secure(self, fields: Mapping[str, str], scheme: str) -> bool:
        """As `HttpRequest.is_secure`."""
        said = fields.get(self._field) if self._field else None
        if said is None:
            return scheme == "https"
        return said.partition(",")[0].strip() == self._secure_value

    def takes(self, head: Head, *, secure: bool) -> bool:
        """Whether the request is to be redirected to HTTPS."""
        if secure or not self._middleware.redirect:
            return False
        path = (self._script_name + head.path).lstrip("/")
        return not any(pattern.search(path) for pattern in self._middleware.redirect_exempt)

    def finish(self, fields: Fields, *, secure: bool) -> Fields:
        """The fields with those of the middleware."""
        from django.http import HttpResponse

        response = HttpResponse()
        del response.headers["Content-Type"]
        for name, value in fields:
            response.headers[name] = value
        finished = self._middleware.process_response(_Asked(secure), response)
        return tuple(finished.headers.items())


class _Asked:
    """All that SecurityMiddleware asks of a request when it finishes a response."""

    def __init__(self, secure: bool) -> None:
        self.is_secure: Callable[[], bool] = lambda: secure
