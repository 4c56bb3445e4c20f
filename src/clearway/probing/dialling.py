"""Connections to live servers: to an address apart from the host, and what to do about certificates."""

import socket
import ssl
from collections.abc import Callable
from http.client import HTTPConnection

from .request import Request


class Connection(HTTPConnection):
    """An open connection, which knows whom it reached."""

    def __init__(self, request: Request, seconds: float, context: ssl.SSLContext | None) -> None:
        super().__init__(request.address or request.bare_host, request.port, timeout=seconds)
        self._context, self._name = context, request.bare_host
        self.peer, self.is_here, self.doubt = "", False, ""

    def connect(self) -> None:
        """Raises `OSError`."""
        plain = socket.create_connection((self.host, self.port), self.timeout)
        there, here = plain.getpeername(), plain.getsockname()
        self.peer, self.is_here = f"{_bracketed(there[0])}:{there[1]}", there[0] == here[0]
        try:
            self.sock = self._context.wrap_socket(plain, server_hostname=self._name) if self._context else plain
        except BaseException:
            plain.close()
            raise


Dial = Callable[[Request, float], Connection]
"""Opens a connection, given the seconds that it may wait. Raises `OSError`."""


def trusting(request: Request, seconds: float) -> Connection:
    """One whose certificate is trusted, or none. Raises `OSError`."""
    made = Connection(request, seconds, ssl.create_default_context() if request.is_secure else None)
    made.connect()
    return made


def doubting(request: Request, seconds: float) -> Connection:
    """One that says why its certificate is not trusted. Raises `OSError`."""
    try:
        return trusting(request, seconds)
    except ssl.SSLCertVerificationError as error:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # nothing secret is sent
        made = Connection(request, seconds, context)
        made.connect()
        made.doubt = error.verify_message or str(error)
        return made


def _bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address
