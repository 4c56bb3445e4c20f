"""Connections that wait for their sockets, in the order of their timeouts."""

from collections import OrderedDict
from typing import Any


class Waiting(OrderedDict[Any, None]):
    """What gunicorn does with its deque; and taking a connection out, or to the end, is no search.

    A connection's `place` is where it waits; None while a thread has it.
    """

    def append(self, connection: Any) -> None:
        self[connection] = None
        connection.place = self

    def remove(self, connection: Any) -> None:
        del self[connection]
        connection.place = None

    def popleft(self) -> Any:
        first = next(iter(self))
        self.remove(first)
        return first

    def __getitem__(self, place: Any) -> Any:
        """The first connection, for `[0]`: gunicorn asks for no other."""
        return next(iter(self)) if place == 0 else super().__getitem__(place)

    def expired(self, now: float) -> list[Any]:
        """The connections whose timeouts are over."""
        found = []
        for connection in self:
            if connection.timeout > now:
                break
            found.append(connection)
        return found
