"""Another answer than the configuration's."""

from tests.doctor.sights import NGINX_404, answer, asset, error, live, seen_by

from clearway.doctor.finding import Level
from clearway.fronts.road import Outcome

FILE = Outcome("nginx", 200, "/srv/a.css", type="text/css")


def test_a_404_where_the_configuration_has_the_file() -> None:
    (found,) = seen_by("live-config-not-loaded", live(asset("/static/a.css", error(NGINX_404), predicted=FILE)))
    assert "the configuration makes of it: 200 text/css" in found.evidence


def test_a_file_where_the_configuration_has_none() -> None:
    (found,) = seen_by("live-config-not-loaded", live(asset(predicted=Outcome("nginx", 404, type="text/html"))))
    assert found.level == Level.WARNING


def test_silence_on_the_answer_that_was_worked_out_and_on_what_is_not_known() -> None:
    gone = error(NGINX_404)
    assert seen_by("live-config-not-loaded", live(asset(predicted=FILE))) == []
    for outcome in (Outcome("nginx", 404, type=gone.headers["content-type"]), Outcome("nginx", unknown="Lua decides")):
        assert seen_by("live-config-not-loaded", live(asset("/static/a.css", gone, predicted=outcome))) == []


def test_silence_behind_a_cache() -> None:
    kept = asset("/static/a.css", error(NGINX_404, fields={"Age": "30"}), predicted=FILE, fresh=answer())
    assert seen_by("live-config-not-loaded", live(kept)) == []
