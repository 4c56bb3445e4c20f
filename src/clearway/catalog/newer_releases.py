"""What was released after this process started: hashed names that other workers hand out already."""

import time
from collections.abc import Callable
from threading import Lock

from clearway.http.resource import Resource

from .layer import UNREAD, OnDisk
from .release_files import ReleaseFiles

ASK_AFTER = 0.025  # seconds between two looks at which release is current
WAIT_AFTER = 0.15  # seconds after which nobody misses without a look: less than a new worker needs to start

Load = Callable[[str], tuple[str, ReleaseFiles] | None]  # the known state → another one and its files


class NewerReleases:
    """A layer over the release that is current now, for published names only.

    A worker stays with the names of the release that it loaded; a page that another worker made is no reason for
    a 404. Asked on a miss, at most forty times a second. Whoever answers from memory has one of its requests look, in
    time for the others; when that takes too long they all wait for it, since a browser asks for all files of a page
    at once.
    """

    def __init__(self, known: str, load: Load) -> None:
        self._known, self._load = known, load
        self._files: ReleaseFiles | None = None
        self._asked = self._sent = time.monotonic()
        self._lock = Lock()

    def find_in_memory(self, name: str) -> Resource | OnDisk | None:
        asked = self._asked  # before the look: another thread may be asking, and has the files when it is done
        found = self._published(name)
        if found is not None:
            return found
        now = time.monotonic()
        if now - asked > WAIT_AFTER:
            return UNREAD
        if now - max(asked, self._sent) > ASK_AFTER:
            self._sent = now
            return UNREAD
        return None

    def find(self, name: str) -> Resource | None:
        found = self._published(name)
        if found is None:
            self._ask()
            found = self._published(name)
        return found

    def reread(self, name: str) -> Resource | None:
        return self._files.reread(name) if self._files else None

    def _ask(self) -> None:
        with self._lock:
            if self._due():
                if newer := self._load(self._known):
                    self._known, self._files = newer
                self._asked = time.monotonic()

    def _published(self, name: str) -> Resource | None:
        return self._files.find_published(name) if self._files else None

    def _due(self) -> bool:
        return time.monotonic() - self._asked > ASK_AFTER
