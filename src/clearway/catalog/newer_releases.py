"""What was released after this process started: hashed names that other workers hand out already."""

import time
from collections.abc import Callable

from clearway.http.resource import Resource

from .layer import UNREAD, OnDisk
from .release_files import ReleaseFiles

ASK_AFTER = 1.0  # seconds between two looks at which release is current

Load = Callable[[str], tuple[str, ReleaseFiles] | None]  # the known release's id → a newer one and its files


class NewerReleases:
    """A layer over the release that is current now, for published names only.

    A worker stays with the names of the release that it loaded; a page that another worker made is no reason for
    a 404. Asked on a miss, at most once a second.
    """

    def __init__(self, known: str, load: Load) -> None:
        self._known, self._load = known, load
        self._files: ReleaseFiles | None = None
        self._asked = time.monotonic()

    def find_in_memory(self, name: str) -> Resource | OnDisk | None:
        found = self._published(name)
        return UNREAD if found is None and self._due() else found

    def find(self, name: str) -> Resource | None:
        found = self._published(name)
        if found is None and self._due():
            self._asked = time.monotonic()
            if newer := self._load(self._known):
                self._known, self._files = newer
                found = self._published(name)
        return found

    def reread(self, name: str) -> Resource | None:
        return self._files.reread(name) if self._files else None

    def _published(self, name: str) -> Resource | None:
        return self._files.find_published(name) if self._files else None

    def _due(self) -> bool:
        return time.monotonic() - self._asked > ASK_AFTER
