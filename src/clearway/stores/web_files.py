"""Files below an http(s) URL, such as that of a CDN before a bucket, read by their names."""

from collections.abc import Mapping
from http import HTTPStatus

from clearway.probing.answer import Answer

from .errors import StoreError
from .site import Site
from .transport import Entry, Version

_ABSENT = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)


class WebFiles:
    """Raises `StoreError` for an address that is none."""

    def __init__(self, url: str) -> None:
        try:
            self._site = Site(url)
        except ValueError as error:
            raise StoreError(str(error)) from None
        self.where = self._site.url.rstrip("/")

    def read(self, name: str) -> tuple[bytes, Entry]:
        """A whole file. Raises `FileNotFoundError`, and `StoreError` for any other answer than 200, or none."""
        try:
            answer = self._site.get(name, Accept_Encoding="identity")
        except OSError as error:
            raise StoreError(f"{self.where}/{name}: {error}") from error
        if answer.status in _ABSENT:
            raise FileNotFoundError(f"{self.where}/{name} does not exist")
        if problem := _problem(answer, answer.headers):
            raise StoreError(f"{self.where}/{name}: {problem}")
        return answer.body, Entry(name, len(answer.body), Version(answer.headers.get("etag")), 0)


def _problem(answer: Answer, headers: Mapping[str, str]) -> str:
    if answer.status != HTTPStatus.OK:
        to = f" to {headers['location']}" if "location" in headers else ""
        return f"the answer is {answer.status}{to}"
    if headers.get("content-encoding", "identity") != "identity":
        return f"the answer is encoded ({headers['content-encoding']}), which nobody asked for"
    return "the answer is shorter than it says" if answer.is_cut else ""
