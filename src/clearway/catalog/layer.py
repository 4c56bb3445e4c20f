"""What a mount is made of: anything that knows some names."""

from enum import Enum
from typing import Protocol

from clearway.http.resource import Redirect, Resource


class OnDisk(Enum):
    """The answer of a layer that would have to read the disk first."""

    UNREAD = "unread"


UNREAD = OnDisk.UNREAD
Known = Resource | Redirect


class Layer(Protocol):
    """A set of names below a URL prefix."""

    def find(self, name: str) -> Known | None:
        """What a name stands for; may read the disk."""

    def find_in_memory(self, name: str) -> Known | OnDisk | None:
        """The same, or `UNREAD` when the disk would have to be read."""

    def reread(self, name: str) -> Known | None:
        """What a name stands for now, after its file was found changed or gone."""
