"""What stands between a server and our answers, and would have changed them on the ordinary road."""

from collections.abc import Mapping
from typing import Protocol

from clearway.http.fields import Fields

from .head import Head


class Above(Protocol):
    """Middleware above ours, as far as it can be known before any request."""

    reads: frozenset[str]  # the header fields, lower-case, that it depends on

    def is_secure(self, fields: Mapping[str, str], scheme: str) -> bool:
        """Whether a request counts as HTTPS, by its fields (lower-case names) and the server's own word."""

    def takes(self, head: Head, *, secure: bool) -> bool:
        """Whether it answers by itself, so that the ordinary road has to be gone."""

    def finish(self, fields: Fields, *, secure: bool) -> Fields:
        """An answer's header fields as they leave."""


class NothingAbove:
    """A wrapper stands outermost: what it answers is what is sent."""

    reads: frozenset[str] = frozenset()

    def is_secure(self, fields: Mapping[str, str], scheme: str) -> bool:
        return False

    def takes(self, head: Head, *, secure: bool) -> bool:
        return False

    def finish(self, fields: Fields, *, secure: bool) -> Fields:
        return fields
