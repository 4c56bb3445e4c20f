"""A short run of the fuzz of `make soak`, and that it sees what it should."""

import os
import sys
from pathlib import Path

import pytest
from tests.bad_input.site import CANARY
from tests.media.bad_input.fuzz import Names, Requests, fuzz, ground

from clearway.media import naming

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="only on POSIX"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without waiting for the disk."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)


@pytest.mark.parametrize("seed", [1, 2])
def test_no_name_and_no_request_does_harm(tmp_path: Path, seed: int) -> None:
    result = fuzz(tmp_path, seed, lambda number: number < 800)
    assert result.found == []
    assert {"names", "answered 200", "answered 404", "answered 405"} <= set(result.outcomes)


def test_a_storage_that_keeps_a_name_as_it_comes_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(naming, "safe_path", lambda path: path)
    with ground(tmp_path):
        found = [fault for name in ("CON", "a\u202eb", ".env") for fault in Names(tmp_path).faults(name)]
    assert len(found) >= 3


def test_a_secret_that_comes_out_is_seen(tmp_path: Path) -> None:
    with ground(tmp_path):
        (tmp_path / "private" / "alice" / "x.css").write_bytes(CANARY)
        assert list(Requests().faults("/private/alice/a.css", "GET", {})) == []
        assert list(Requests().faults("/private/alice/x.css", "GET", {})) != []
