"""404 with a lifetime."""

import pytest
from tests.doctor.sights import absent, answer, asset, live, seen_by


def test_a_404_for_an_hour() -> None:
    gone = answer(404, fields={"Cache-Control": "public, max-age=3600"})
    (found,) = seen_by("live-cache-errors", live(asset(), absent=(absent(asset(), gone),)))
    assert found.message == "a 404 may be kept for 3,600 seconds"


@pytest.mark.parametrize("said", ["no-store", "max-age=10", "private, max-age=3600", ""])
def test_silence_on_short_and_private_ones(said: str) -> None:
    gone = answer(404, fields={"Cache-Control": said})
    assert seen_by("live-cache-errors", live(asset(), absent=(absent(asset(), gone),))) == []


def test_silence_on_a_200() -> None:
    assert seen_by("live-cache-errors", live(asset(), absent=(absent(asset(), asset().hops[0].answer),))) == []
