"""A question to a live server."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Request:
    """A GET. `target` is sent as it is: the path, percent-encoded, with its query (RFC 9112 §3.2.1).

    `address` is where to connect to, apart from the host that is asked for; None to look the host up.
    """

    scheme: str
    host: str
    port: int
    target: str
    address: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_secure(self) -> bool:
        return self.scheme == "https"

    @property
    def bare_host(self) -> str:
        """Without the brackets of an IPv6 address."""
        return self.host.strip("[]")

    @property
    def authority(self) -> str:
        """The value of Host (RFC 9110 §7.2)."""
        host = f"[{self.bare_host}]" if ":" in self.bare_host else self.host
        return host if self.port == (443 if self.is_secure else 80) else f"{host}:{self.port}"
