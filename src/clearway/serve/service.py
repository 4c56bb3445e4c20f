"""One answer for one request: the catalog, the decision, the octets. The adapters only carry it."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from threading import Lock
from typing import NamedTuple

from clearway.catalog.catalog import Catalog
from clearway.catalog.layer import UNREAD
from clearway.catalog.reading import attempts
from clearway.catalog.report import report
from clearway.http.decision import decide
from clearway.http.resource import Answer, Missing, Passed

from .bodies import Bodies, Body, FileChangedError
from .event_loop import in_thread


class Request(NamedTuple):
    """What an answer may depend on. `path` is decoded and below `script_name`; `fields` are as `decide` wants them."""

    method: str
    path: str
    fields: Mapping[str, str]
    query: str = ""
    script_name: str = ""


Served = tuple[Answer, Body]


class Service:
    """Answers requests from a catalog; None and `Passed` are left to the application."""

    def __init__(self, catalog: Catalog, bodies: Bodies | None = None) -> None:
        self.catalog = catalog
        self._bodies = bodies or Bodies()

    def serve(self, request: Request) -> Served | Passed | None:
        """Answer in this thread."""
        entry = self.catalog.find(request.path, request.script_name)
        if entry is None or isinstance(entry, Passed):
            return entry
        answer = decide(request.method, request.fields, entry, request.query)
        body = self._bodies.in_memory(answer)
        return self._read(request, answer) if body is None else (answer, body)

    def serve_at_once(self, request: Request) -> Served | None:
        """Answer without waiting for the disk; None where that is not possible, or the application is to be asked."""
        entry = self.catalog.find_in_memory(request.path, request.script_name)
        if entry is None or entry is UNREAD or isinstance(entry, Passed):
            return None
        answer = decide(request.method, request.fields, entry, request.query)
        body = self._bodies.at_once(answer)
        return None if body is None else (answer, body)

    def body_at_once(self, answer: Answer) -> Body | None:
        """The octets of an answer that was given before, by the same rule."""
        return self._bodies.at_once(answer)

    async def aserve(self, request: Request) -> Served | Passed | None:
        """Answer without blocking the event loop: whatever reads the disk does so in a thread."""
        entry = self.catalog.find_in_memory(request.path, request.script_name)
        if entry is UNREAD:
            return await in_thread(self.serve, request)
        if entry is None or isinstance(entry, Passed):
            return entry
        answer = decide(request.method, request.fields, entry, request.query)
        body = self._bodies.in_memory(answer)
        if body is None:
            return await in_thread(self._read, request, answer)
        return answer, body

    def _read(self, request: Request, answer: Answer) -> Served | Passed | None:
        try:
            return answer, self._bodies.body(answer)
        except FileChangedError as error:
            report(str(error))
            return self._read_again(request)

    def _read_again(self, request: Request) -> Served | Passed | None:
        """From the file as it is now; one that changes faster than it can be read is as good as gone."""
        for _ in attempts():
            entry = self.catalog.reread(request.path, request.script_name)
            if entry is None or isinstance(entry, Passed):
                return entry
            answer = decide(request.method, request.fields, entry, request.query)
            with suppress(FileChangedError):
                return answer, self._bodies.body(answer)
            gone = Missing(entry.shared)
        missing = decide(request.method, {}, gone)
        return missing, missing.content


class LazyService:
    """A service that is made once, when the worker first needs it. `made` is None until then."""

    def __init__(self, catalog: Callable[[], Catalog]) -> None:
        self._catalog = catalog
        self._lock = Lock()
        self.made: Service | None = None

    def make(self) -> Service:
        with self._lock:
            made = self.made = self.made or Service(self._catalog())
        return made
