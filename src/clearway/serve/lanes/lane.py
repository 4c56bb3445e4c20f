"""The lane itself: the ordinary answer to a plain request, ready for the wire, or nothing."""

from collections.abc import Callable, Mapping

from clearway.http.decision import READ
from clearway.http.fields import Fields
from clearway.http.resource import Answer
from clearway.serve.bodies import Body
from clearway.serve.service import Request, Service

from .above import Above
from .head import Head

Render = Callable[[Answer, Fields], bytes]  # a server's form of the header fields of an answer


class Lane:
    """Answers from a service's memory what the same service would answer on the ordinary road.

    `reads` are the header fields, in lower case, that an answer may depend on; a head without others will do.
    `render` makes the octets of a head, less what changes with the time or the connection; it is asked once per answer.
    `path_info` takes a forced script name off a path, where there is one. `rewritten` gives what the application
    writes into a WSGI environ: an access log shows it.
    """

    def __init__(
        self,
        service: Service,
        above: Above,
        render: Render,
        script_name: str = "",
        *,
        path_info: Callable[[str], str] | None = None,
        rewritten: Callable[[Head], Mapping[str, str]] = lambda head: {},
    ) -> None:
        self.service, self.rewritten = service, rewritten
        self._above, self._render, self._path_info = above, render, path_info
        self._script_name = script_name.rstrip("/")
        self._keys = ((self, False), (self, True))
        self.reads = frozenset(READ) | above.reads

    def answer(self, head: Head, scheme: str = "http") -> tuple[Answer, bytes, Body] | None:
        """The answer, its rendered head, its octets; None leaves the request to the ordinary road."""
        secure = self._above.is_secure(head.fields, scheme)
        if self._above.takes(head, secure=secure):
            return None
        path = self._path_info(head.path) if self._path_info else head.path
        served = self.service.serve_at_once(Request(head.method, path, head.fields, head.query, self._script_name))
        if served is None:
            return None
        answer, body = served
        key = self._keys[secure]
        rendered = answer.rendered.get(key)
        if rendered is None:
            rendered = self._render(answer, self._above.finish(answer.headers, secure=secure))
            answer.rendered[key] = rendered
        return answer, rendered, body

    def entry(self, head: Head) -> object:
        """What the path stands for. As long as it is the same object, the same request has the same answer."""
        path = self._path_info(head.path) if self._path_info else head.path
        return self.service.catalog.find_in_memory(path, self._script_name)
