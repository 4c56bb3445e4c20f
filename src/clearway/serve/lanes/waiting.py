"""Connections that wait, in the order of their timeouts."""

from collections import OrderedDict
from typing import Any


class Waiting(OrderedDict[Any, None]):
    """What gunicorn does with its deque, and taking a connection out, or to the end, without a search."""

    def append(self, connection: Any) -> None:
        self[connection] = None

    def remove(self, connection: Any) -> None:
        del self[connection]

    def popleft(self) -> Any:
        return self.popitem(last=False)[0]

    def __getitem__(self, place: Any) -> Any:
        """The first connection, for `[0]`: gunicorn asks for no other."""
        return next(iter(self)) if place == 0 else super().__getitem__(place)
