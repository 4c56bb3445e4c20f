"""What a live server answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Answer:
    """An answer; redirects are answers too. `fields` are the header rows as they came.

    body     the content as it was sent, encoded or not, up to the bound of the client
    goes_on  the body is longer than the bound
    is_cut   the server ended before the length that it promised
    peer     the address and port that answered
    is_here  whether that address is one of this machine
    doubt    why the certificate is not trusted; empty where it is, or where there is none
    """

    status: int
    fields: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    goes_on: bool = False
    is_cut: bool = False
    peer: str = ""
    is_here: bool = False
    doubt: str = ""

    @cached_property
    def headers(self) -> Mapping[str, str]:
        """By lower-case name; several of one name are joined with ", " (RFC 9110 §5.3)."""
        joined: dict[str, str] = {}
        for name, value in ((name.lower(), value) for name, value in self.fields):
            joined[name] = f"{joined[name]}, {value}" if name in joined else value
        return joined

    def all(self, name: str) -> list[str]:
        """The values of every row of a name."""
        return [value for key, value in self.fields if key.lower() == name.lower()]
