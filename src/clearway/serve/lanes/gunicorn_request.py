"""A request of gunicorn's lane as gunicorn itself would see it: what its settings mean for it, and its access log."""

import os
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from gunicorn import config, glogging, http
from gunicorn.http import wsgi

from clearway.http.resource import Answer
from clearway.serve.bodies import Body

from .head import LONGEST, MOST_FIELDS, Fields, PlainHeads

_KEPT = 1024  # addresses


def why_not(cfg: Any) -> str | None:
    """The setting with which every request has to be read by gunicorn, and what it is about; None for none."""
    reasons = (
        (cfg.is_ssl, "gunicorn speaks TLS itself"),
        (getattr(cfg, "http2_cleartext", None) not in ("off", None, False), "http2_cleartext is set"),
        (getattr(cfg, "protocol", "http") != "http", "gunicorn does not speak HTTP here"),
        (getattr(cfg, "proxy_protocol", "off") not in ("off", None, False), "proxy_protocol is set"),
        (_is_set(cfg, "pre_request", config.PreRequest), "a pre_request hook is set"),
        (_is_set(cfg, "post_request", config.PostRequest), "a post_request hook is set"),
        (os.environ.get("SCRIPT_NAME"), "SCRIPT_NAME is set"),
    )
    return next((reason for applies, reason in reasons if applies), None)


def _is_set(cfg: Any, name: str, setting: Any) -> bool:
    return cfg.settings[name].get() is not setting.default


def plain_heads(cfg: Any) -> PlainHeads:
    """A reader of heads that takes nothing which gunicorn's limits would refuse."""
    line, size, count = cfg.limit_request_line, cfg.limit_request_field_size, cfg.limit_request_fields
    around = len("HEAD  HTTP/1.1")
    return PlainHeads(
        longest_target=min(LONGEST, line - around) if line > 0 else LONGEST,
        longest_block=min(LONGEST, size) if size > 0 else LONGEST,
        most_fields=min(MOST_FIELDS, count) if count > 0 else MOST_FIELDS,
    )


class Schemes:
    """The scheme of requests, by the header fields that gunicorn believes of a proxy."""

    def __init__(self, cfg: Any) -> None:
        self._cfg = cfg
        self._secure = {name.lower(): value for name, value in cfg.secure_scheme_headers.items()}
        self._trusted: dict[Any, bool] = {}

    def of(self, client: Any, fields: Fields) -> str | None:
        """The scheme; None where the fields may contradict each other, which gunicorn refuses."""
        if not self.depend_on(fields):
            return "http"
        said = [name for name in self._secure if name in fields]
        if not self._trusts(client):
            return "http"
        if len(said) > 1:
            return None
        return "https" if fields[said[0]] == self._secure[said[0]] else "http"

    def depend_on(self, fields: Fields) -> bool:
        """Whether the scheme is for the fields and the client to say."""
        return not self._secure.keys().isdisjoint(fields)

    def _trusts(self, client: Any) -> bool:
        address = client[0] if isinstance(client, tuple) else client
        if address not in self._trusted:
            if len(self._trusted) >= _KEPT:
                self._trusted.clear()
            self._trusted[address] = self._believes(client)
        return self._trusted[address]

    def _believes(self, client: Any) -> bool:
        """Asked of gunicorn's own parser."""
        name, value = next(iter(self._secure.items()))
        octets = f"GET / HTTP/1.1\r\n{name}: {value}\r\n\r\n".encode("latin-1")
        return bool(next(http.get_parser(self._cfg, [octets], client)).scheme == "https")


class AccessLog:
    """Gunicorn's access log, given the objects that it would have had."""

    def __init__(self, log: Any, cfg: Any) -> None:
        self._log, self._cfg = log, cfg
        is_own = type(log).access is not glogging.Logger.access
        self.wanted = is_own or bool(getattr(log, "access_log_enabled", True))

    def write(
        self,
        connection: Any,
        data: bytes,
        answer: Answer,
        rendered: bytes,
        body: Body,
        started: datetime,
        rewritten: Mapping[str, str],
    ) -> None:
        """Log an answered request; `data` is its head, `rendered` the answer's, `rewritten` goes into the environ."""
        took = datetime.now() - started  # noqa: DTZ005  # as gunicorn's
        try:
            request = next(http.get_parser(self._cfg, [data], connection.client))
            made, environ = wsgi.create(request, connection.sock, connection.client, connection.server, self._cfg)
            environ |= {"wsgi.multithread": True, **rewritten}
            lines = rendered.decode("latin-1").splitlines()
            made.start_response(answer.status_line, [tuple(line.split(": ", 1)) for line in lines if line])
            made.sent = _counted(answer, body)
            self._log.access(made, request, environ, took)
        except Exception:
            self._log.exception("Error in the access log")


def _counted(answer: Answer, body: Body) -> int:
    """Octets as gunicorn counts them: not those of a whole file, which go by `sendfile`."""
    if isinstance(body, bytes):
        return len(body)
    return 0 if body.whole or answer.octets is None else answer.octets.count
