"""What the tests of the catalog share: a clock to turn, the log, another user."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from types import SimpleNamespace

import pytest
from tests import other_users
from tests.other_users import open_directory

from clearway.catalog import directory_files, newer_releases
from clearway.catalog.report import report


@pytest.fixture
def warnings(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """What was reported so far, each message once."""
    report.cache_clear()
    caplog.clear()
    return lambda: [record.getMessage() for record in caplog.records if record.name == "clearway"]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The monotonic clock of the layers; it goes on when `now` is changed."""
    hands = SimpleNamespace(now=time.monotonic())
    for module in (directory_files, newer_releases):
        monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: hands.now))
    return hands


@pytest.fixture
def open_path() -> Iterator[Path]:
    """A temporary directory that every user may enter."""
    with open_directory() as path:
        yield path


@pytest.fixture
def unprivileged() -> Callable[[], AbstractContextManager[None]]:
    """Without root's right to read everything, for the length of a block."""
    return other_users.unprivileged
