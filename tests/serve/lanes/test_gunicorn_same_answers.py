"""gunicorn with the lane and without it make the same of the same octets, whatever these are."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tools.lane_gunicorn import Pair
from tools.lane_requests import Site
from tools.soak_lanes_gunicorn import WAYS, compare, wrapped

pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only on Linux"),
    pytest.mark.timeout(120),
]

SOME = 600  # streams; `python -m tools.soak_lanes_gunicorn` makes as many as one wants


@pytest.fixture(scope="module", params=WAYS)
def both(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[tuple[Pair, Site]]:
    pair, site = WAYS[request.param](tmp_path_factory.mktemp("lane") / "root")
    yield pair, site
    pair.stop()


def test_octets_answers_and_log_are_the_same(both: tuple[Pair, Site]) -> None:
    pair, site = both
    before = pair.with_lane.ask("numbers")
    assert compare(pair, site, seed=20, start=0, count=SOME) == []
    numbers = pair.with_lane.ask("numbers")
    requests, answered = (numbers[name] - before[name] for name in ("nr", "answered"))
    assert answered > 0.3 * requests


def test_no_connection_is_left(tmp_path: Path) -> None:
    pair, site = wrapped(tmp_path / "root", keepalive=1)
    compare(pair, site, seed=21, start=0, count=100)
    assert pair.stop() == (0, 0)
