"""What the view asks of a storage of private files."""

from typing import Protocol

from .files import PrivateFile
from .roads.road import Road


class PrivateStore(Protocol):
    """A storage that can be asked for one file, which may wait for a disk or a network, and knows the file's road."""

    @property
    def road(self) -> Road: ...

    def find(self, name: str) -> PrivateFile | None:
        """The file of a canonical name as it is now; None for whatever is no file that may be read."""
