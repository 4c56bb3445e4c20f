"""Errors that a cache keeps."""

import pytest
from tests.doctor.fake_facts import collected
from tests.doctor.sights import NGINX_404, absent, answer, asset, error, live, seen_by

from clearway.doctor.finding import Level

FINE = answer(200, b"a{}", "text/css")


@pytest.mark.parametrize("fields", [{"Age": "30"}, {"X-Cache": "Hit from cloudfront"}, {"CF-Cache-Status": "HIT"}])
def test_a_404_that_the_server_no_longer_gives(fields: dict[str, str]) -> None:
    kept = asset("/static/a.css", error(NGINX_404, fields=fields), fresh=FINE)
    (found,) = seen_by("live-cdn-cached-error", live(kept))
    assert found.level == Level.ERROR


def test_a_cache_that_takes_no_notice_of_queries() -> None:
    kept = error(NGINX_404, fields={"Age": "30"})
    sight = live(asset("/static/a.css", kept, fresh=kept))
    (found,) = seen_by("live-cdn-cached-error", sight, collected=collected("/srv", ["a.css"]))
    assert "/srv/a.css is collected here" in found.evidence
    assert seen_by("live-cdn-cached-error", sight) == []


def test_a_name_that_is_asked_for_too_early() -> None:
    twice = error(NGINX_404, fields={"X-Cache": "MISS"}), error(NGINX_404, fields={"X-Cache": "HIT"})
    (found,) = seen_by("live-cdn-cached-error", live(asset(), absent=(absent(asset(), *twice),)))
    assert found.level == Level.WARNING


def test_silence_on_a_404_of_the_server_itself() -> None:
    gone = error(NGINX_404, fields={"Age": "30"})
    assert seen_by("live-cdn-cached-error", live(asset("/static/a.css", gone, fresh=error(NGINX_404)))) == []
    assert seen_by("live-cdn-cached-error", live(asset("/static/a.css", error(NGINX_404), fresh=FINE))) == []
    misses = error(NGINX_404, fields={"X-Cache": "MISS"})
    assert seen_by("live-cdn-cached-error", live(asset(), absent=(absent(asset(), misses, misses),))) == []
