"""A request of gunicorn's lane as gunicorn itself would see it: what its settings mean for it, and its access log."""

import os
from datetime import timedelta
from typing import Any

from gunicorn import config, glogging, http
from gunicorn.http import wsgi
from gunicorn.http.message import HeaderPolicy

from clearway.http.resource import Answer

from .head import LONGEST, MOST_FIELDS, Fields, PlainHeads


def why_not(cfg: Any) -> str | None:
    """The setting with which every request has to be read by gunicorn, and what it is about; None for none."""
    reasons = (
        (cfg.is_ssl, "gunicorn speaks TLS itself"),
        (getattr(cfg, "http2_cleartext", "off") not in ("off", None, False), "http2_cleartext is set"),
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
        said = [name for name in self._secure if name in fields]
        if not said or not self._trusts(client):
            return "http"
        if len(said) > 1:
            return None
        return "https" if fields[said[0]] == self._secure[said[0]] else "http"

    def _trusts(self, client: Any) -> bool:
        address = client[0] if isinstance(client, tuple) else None
        if address not in self._trusted:
            if len(self._trusted) > 1024:
                self._trusted.clear()
            policy: Any = HeaderPolicy()
            policy.cfg, policy.peer_addr = self._cfg, client
            self._trusted[address] = policy._peer_is_trusted_proxy()
        return self._trusted[address]


class AccessLog:
    """Gunicorn's access log, given the objects that it would have had."""

    def __init__(self, log: Any, cfg: Any) -> None:
        self._log, self._cfg = log, cfg
        is_own = type(log).access is not glogging.Logger.access
        self.wanted = is_own or bool(getattr(log, "access_log_enabled", True))

    def write(self, connection: Any, data: bytes, answer: Answer, rendered: bytes, sent: int, took: timedelta) -> None:
        """Log an answered request; `data` is its head."""
        request = next(http.get_parser(self._cfg, [data], connection.client))
        made, environ = wsgi.create(request, connection.sock, connection.client, connection.server, self._cfg)
        lines = rendered.decode("latin-1").splitlines()
        made.start_response(answer.status_line, [tuple(line.split(": ", 1)) for line in lines])
        made.sent = sent
        self._log.access(made, request, environ, took)
