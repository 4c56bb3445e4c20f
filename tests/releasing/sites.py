"""A live site without a network: pages by their path."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from clearway.fronts.visits import Resolved
from clearway.probing.answer import Answer
from clearway.probing.client import Client
from clearway.releasing.asking import Asker


class Site(Asker):
    """Answers with `files` by path, redirects by `moved`, or not at all because of a `problem`."""

    def __init__(self, files: Mapping[str, str] = {}, moved: Mapping[str, str] = {}, problem: str = "") -> None:
        super().__init__(Resolved(), Client())
        self._files, self._moved, self._problem = files, moved, problem

    def get(self, url: str, **fields: str) -> Answer:
        if self._problem:
            raise OSError(self._problem)
        path = urlsplit(url).path
        if path in self._moved:
            return Answer(302, (("Location", self._moved[path]),))
        if path not in self._files:
            return Answer(404, (("Content-Type", "text/html"),))
        return Answer(200, (("Content-Type", "text/html; charset=utf-8"),), self._files[path].encode())
