"""A short run of the fuzz of `make soak`, and that it sees what it should."""

import sys
from pathlib import Path

import pytest
from tests.bad_input.fuzz import STATUSES, Asked, Three, fuzz
from tests.bad_input.site import CANARY

from clearway import asgi, wsgi

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="only on POSIX")


@pytest.mark.parametrize("seed", [1, 2])
def test_the_adapters_and_the_honest_server_agree(tmp_path: Path, seed: int) -> None:
    result = fuzz(tmp_path, seed, lambda number: number < 1500)
    assert result.found == []
    assert set(result.statuses) == STATUSES, "every kind of answer was among them"


GET = Asked("GET", "/static/site.css", (), is_plain=True)


def test_an_adapter_that_answers_otherwise_is_seen(tmp_path: Path) -> None:
    three = Three(tmp_path)
    assert list(three.disagreements(GET)) == []
    three._asgi = asgi.Clearway(root=tmp_path / "static", prefix="static", max_age=5)
    assert list(three.disagreements(GET)) != []


def test_two_adapters_with_the_same_fault_are_seen(tmp_path: Path) -> None:
    three = Three(tmp_path)
    three.files["site.css"] = b"other"
    assert any("honest" in text or "content" in text for text in three.disagreements(GET))


def test_a_secret_that_comes_out_is_seen(tmp_path: Path) -> None:
    three = Three(tmp_path)
    (tmp_path / "static/secret.css").write_bytes(CANARY)
    three._wsgi = wsgi.Clearway(root=tmp_path / "static", prefix="static")
    three._asgi = asgi.Clearway(root=tmp_path / "static", prefix="static")
    assert list(three.disagreements(Asked("GET", "/static/secret.css", (), is_plain=False))) != []
