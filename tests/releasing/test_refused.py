"""Which new files a site refuses, before a page names them."""

from urllib.parse import urlsplit

import pytest

from clearway.catalog.asset import Asset
from clearway.fronts.visits import Resolved
from clearway.probing.answer import Answer
from clearway.probing.client import Client
from clearway.releasing.asking import Asker
from clearway.releasing.differing import Published
from clearway.releasing.live import is_missing, refused_files

HOME, NAME = "https://shop.example/", "a.0123456789ab.css"
RELEASE = Published("/static/", dict[str, Asset](), frozenset({NAME}))


class Answering(Asker):
    """Every file with one status; none at all for 0."""

    def __init__(self, status: int) -> None:
        super().__init__(Resolved(), Client())
        self._status = status

    def get(self, url: str, **fields: str) -> Answer:
        assert urlsplit(url).path == f"/static/{NAME}"
        if not self._status:
            raise OSError("connection refused")
        return Answer(self._status, ())


@pytest.mark.parametrize("status", [0, 401, 403, 500, 503])
def test_a_file_that_a_browser_would_not_get_is_refused(status: int) -> None:
    (row,) = refused_files(Answering(status), HOME, RELEASE, [NAME])
    assert row[0] == f"https://shop.example/static/{NAME}"
    assert str(status or "connection refused") in row[1]


@pytest.mark.parametrize("status", [200, 404, 410])
def test_one_that_is_there_or_comes_with_the_new_processes_is_not(status: int) -> None:
    assert refused_files(Answering(status), HOME, RELEASE, [NAME]) == []


@pytest.mark.parametrize(("status", "expected"), [(404, True), (410, True), (200, False), (403, False), (0, False)])
def test_only_an_answer_says_that_a_file_is_missing(status: int, expected: bool) -> None:
    assert is_missing(Answering(status), RELEASE.url(HOME, NAME)) is expected
