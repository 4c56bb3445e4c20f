"""Each request for a private file is told once, whoever listens."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.media.private.conftest import FILES
from tests.media.private.site import ALLOWED, Ask, of_asgi, of_wsgi, site

from clearway.media.private import PrivateStorage, accessed

Heard = list[tuple[Any, ...]]


@pytest.fixture
def heard(home: Path) -> Iterator[Heard]:
    said: Heard = []

    def hear(sender: Any, name: str, storage: Any, road: str, allowed: bool, status: int, **more: Any) -> None:
        assert (sender, type(storage)) == (PrivateStorage, PrivateStorage)
        said.append((more["request"].method, name, road, allowed, status))

    with site(home, {"road": "stream"}):
        ALLOWED.update(FILES)
        accessed.connect(hear)
        yield said
        accessed.disconnect(hear)


@pytest.mark.parametrize("make", [lambda: of_wsgi("/private/"), lambda: of_asgi("/async/")])
def test_each_request_is_told_once_with_what_became_of_it(heard: Heard, make: Callable[[], Ask]) -> None:
    ask = make()
    ask("photo.png")
    ask("photo.png", "HEAD")
    ask("photo.png", "GET", {"Range": "bytes=0-1"})
    ask("photo.png", "GET", {"If-None-Match": "*"})
    ask("none.png")
    ask("..%2foutside.txt")
    ask("photo.png", "POST")
    assert heard == [
        ("GET", "photo.png", "stream", True, 200),
        ("HEAD", "photo.png", "stream", True, 200),
        ("GET", "photo.png", "stream", True, 206),
        ("GET", "photo.png", "stream", True, 304),
        ("GET", "none.png", "", False, 404),
        ("GET", "../outside.txt", "", False, 404),
        ("POST", "photo.png", "", False, 405),
    ]


@pytest.mark.parametrize("make", [lambda: of_wsgi("/private/"), lambda: of_asgi("/async/")])
def test_a_receiver_that_raises_changes_nothing(
    heard: Heard, make: Callable[[], Ask], caplog: pytest.LogCaptureFixture
) -> None:
    def fail(**said: Any) -> None:
        raise RuntimeError("the audit log is full")

    accessed.connect(fail)
    try:
        assert make()("photo.png").status == 200
    finally:
        accessed.disconnect(fail)
    assert len(heard) == 1
    assert "the audit log is full" in caplog.text


def test_a_permission_that_fails_sends_nothing_and_is_told(heard: Heard, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(set[str]):
        def __contains__(self, name: object) -> bool:
            raise RuntimeError("no database")

    monkeypatch.setattr("tests.media.private.site.ALLOWED", Broken())
    for ask in (of_wsgi("/private/"), of_asgi("/async/")):
        assert ask("photo.png").status == 500
    assert heard == [("GET", "photo.png", "", False, 500)] * 2


def test_a_name_writes_one_line_of_the_log_whatever_is_in_it(heard: Heard, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="clearway.media.private"):
        of_wsgi("/private/")("a%0db%1b[31m%e2%80%a8caf%c3%a9.png")
        of_wsgi("/private/")("photo.png")
    lines = [each.getMessage() for each in caplog.records if each.name == "clearway.media.private"]
    assert lines == [
        r"GET 'a\rb\x1b[31m\u2028caf\xe9.png': not sent, status 404",
        "GET 'photo.png': sent, status 200 by stream",
    ]
