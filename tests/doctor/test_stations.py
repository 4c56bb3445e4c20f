"""Where on the road of a request a cause stands."""

from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tests.doctor.fake_facts import LOCAL, Fake
from tests.doctor.reports import finding

from clearway.doctor.facts import Origin, Process, Sample, Storage, Walked
from clearway.doctor.finding import Finding, Level
from clearway.doctor.registry import all_checks
from clearway.doctor.report import Checked, Report, Status, Told
from clearway.doctor.rule import Layer
from clearway.doctor.station import Place, State, Station
from clearway.doctor.stations import stations
from clearway.fronts.front import BrokenFront
from clearway.fronts.road import Location, Outcome, Road, Step
from clearway.fronts.site import Site
from clearway.fronts.trace import Trace

NGINX = SimpleNamespace(name="nginx", found="", configuration=SimpleNamespace(directives=()))
BROKEN = BrokenFront("nginx", "a brace is missing")
CSS = Sample("static", "/static/site.css", "site.css")
PHOTO = Sample("media", "/media/a.jpg", "a.jpg")
MISSING = Outcome("nginx", 404)
STEPS = (
    Step("settings", "STATIC_URL /static/", Location("/srv/settings.py", 1)),
    Step("server", "server_name shop.example", Location("/etc/nginx.conf", 12)),
    Step("location", "location /static/", Location("/etc/nginx.conf", 17)),
    Step("file", "/srv/site.css"),
)


def walked(sample: Sample = CSS, outcome: Outcome = MISSING) -> Walked:
    return Walked(sample, Trace(f"http://shop.example:80{sample.url}", Road(STEPS, outcome)))


def facts(**given: Any) -> Fake:
    """A project whose files nginx answers."""
    usual = {"settings": {}, "static_storage": LOCAL, "media_storage": LOCAL, "process": Process("", ())}
    return Fake(**{**usual, "origin": Origin("shop.settings", "wsgi.py"), "front": NGINX, "roads": [walked()], **given})


def report(*found: Finding, passed: tuple[str, ...] = ()) -> Report:
    return Report([Told(each) for each in found], [Checked(id_, Status.PASSED) for id_ in passed])


def states(known: Fake, *found: Finding, passed: tuple[str, ...] = ()) -> Mapping[str, State]:
    return {each.place: each.state for each in stations(known, report(*found, passed=passed))}


def at(known: Fake, place: Place, *found: Finding) -> Station:
    return next(each for each in stations(known, report(*found)) if each.place == place)


@pytest.mark.parametrize("layer", Layer)
def test_a_cause_of_every_layer_has_a_station(layer: Layer) -> None:
    ids = [check.rule.id for check in all_checks() if check.rule.layer == layer]
    for known in (facts(), Fake()):
        for id_ in ids:
            (broken,) = (each for each in stations(known, report(finding(id_, "x"))) if each.found)
            assert (broken.state, broken.found) == (State.WRONG, (0,))


def test_nothing_known_is_a_browser_and_nothing_else() -> None:
    assert states(Fake()) == {Place.BROWSER: State.START}


def test_a_front_that_answers_leaves_the_application_out() -> None:
    assert states(facts()) == {Place.BROWSER: State.START, Place.FRONT: State.UNSEEN, Place.FILES: State.UNSEEN}


def test_the_application_is_there_where_the_front_hands_on_or_it_is_to_blame() -> None:
    handed = facts(roads=[walked(outcome=Outcome("application"))])
    assert Place.APPLICATION in states(handed)
    assert states(facts(), finding("CW104", "x"))[Place.APPLICATION] == State.WRONG


def test_what_lies_behind_the_break_is_not_called_right() -> None:
    seen = states(facts(), finding("CW507", "x", breaks=frozenset({"static"})), passed=("CW506", "CW230"))
    assert seen == {Place.BROWSER: State.START, Place.FRONT: State.WRONG, Place.FILES: State.AFTER}


def test_a_secret_that_is_public_stops_no_request() -> None:
    seen = states(facts(), finding("CW536", "x"), passed=("CW230",))
    assert (seen[Place.FRONT], seen[Place.FILES]) == (State.WRONG, State.RIGHT)


def test_an_answer_that_fails_is_foretold_only_where_a_cause_stands_for_it() -> None:
    asked = ("asks for http://shop.example/static/site.css",)
    assert at(facts(), Place.BROWSER).told == asked
    assert at(facts(), Place.BROWSER, finding("CW538", "x", breaks=frozenset({"uploads"}))).told == asked
    told = at(facts(roads=[walked(outcome=Outcome("nginx", 200))]), Place.BROWSER).told
    assert told == (*asked, "and would get 200 from nginx")


def test_only_what_was_looked_at_is_right() -> None:
    assert states(facts(), passed=("CW230",))[Place.FILES] == State.RIGHT
    assert states(facts(), passed=("CW230",))[Place.FRONT] == State.UNSEEN


def test_a_risk_breaks_nothing_and_advice_marks_nothing() -> None:
    seen = states(facts(), finding("CW535", "x", Level.WARNING), finding("CW230", "y", Level.NOTE), passed=("CW231",))
    assert (seen[Place.FRONT], seen[Place.FILES]) == (State.RISK, State.RIGHT)


def test_an_answer_is_that_of_the_server_nearest_to_the_browser() -> None:
    wrong = finding("CW520", "x")
    assert states(facts(), wrong)[Place.FRONT] == State.WRONG
    bare = facts(roads=[walked(outcome=Outcome("application"))])
    del bare.given["front"]
    assert states(bare, wrong)[Place.APPLICATION] == State.WRONG


def test_the_request_that_is_shown_is_one_that_the_cause_breaks() -> None:
    roads = [walked(), walked(PHOTO)]
    stretches = (({"media"}, "/media/a.jpg"), ({"media:a.jpg"}, "/media/a.jpg"), ({"static"}, "/static/site.css"))
    for breaks, shown in stretches:
        told = at(facts(roads=roads), Place.BROWSER, finding("CW507", "x", breaks=frozenset(breaks))).told
        assert told == (f"asks for http://shop.example{shown}", "and would get 404 from nginx")


def test_the_front_names_the_line_that_decides() -> None:
    assert at(facts(), Place.FRONT).told == (
        "server_name shop.example (/etc/nginx.conf:12)",
        "location /static/ (/etc/nginx.conf:17)",
    )


def test_a_front_that_was_found_and_is_of_another_site_is_no_station() -> None:
    """Nor is the answer that it would give to anybody."""
    found = SimpleNamespace(**vars(NGINX) | {"found": "/etc/nginx/nginx.conf"})
    other = facts(front=found, site=Site(hosts=("shop.example",)))
    assert at(other, Place.BROWSER).told == ("asks for /static/site.css",)
    assert states(other) == {Place.BROWSER: State.START, Place.APPLICATION: State.UNSEEN, Place.FILES: State.UNSEEN}


def test_a_configuration_that_cannot_be_read_is_the_front() -> None:
    known = facts(broken_front=BROKEN)
    del known.given["front"]
    assert at(known, Place.FRONT) == Station(Place.FRONT, "nginx", ("a brace is missing",))


def test_the_host_of_a_cdn_is_a_station_of_its_own() -> None:
    known = facts(settings={"STATIC_URL": "https://cdn.example/static/"})
    assert at(known, Place.CDN).name == "cdn.example"
    for own in ("https://shop.example/static/", "/static/", "https://[static/"):
        assert Place.CDN not in states(facts(settings={"STATIC_URL": own}))


@pytest.mark.parametrize(("there", "said"), [(True, "site.css is there"), (False, "site.css is not there")])
def test_the_file_that_is_due_is_looked_for(tmp_path: Path, there: bool, said: str) -> None:
    if there:
        (tmp_path / "site.css").touch()
    sample = Sample("static", "/static/site.css", "site.css", str(tmp_path / "site.css"))
    known = facts(settings={"STATIC_ROOT": tmp_path}, roads=[walked(sample)])
    assert at(known, Place.FILES).told == (str(tmp_path), said)


def test_a_bucket_is_asked_past_server_and_application() -> None:
    bucket = Storage("storages.backends.s3.S3Storage", is_local=False, is_manifest=False)
    page = Walked(Sample("page", "/"), Trace("http://shop.example/", Road((), Outcome("application"))))
    known = facts(static_storage=bucket, settings={"STATIC_URL": "https://files.example/"}, roads=[page])
    assert states(known, passed=("CW241", "CW104")) == {
        Place.BROWSER: State.START,
        Place.CDN: State.UNSEEN,
        Place.FILES: State.UNSEEN,
    }


def test_a_storage_that_cannot_be_made_keeps_nothing_elsewhere() -> None:
    unmade = Storage("shop.Storage", is_local=False, is_manifest=False, problem="the roots are the same")
    known = facts(static_storage=unmade, settings={"STATIC_ROOT": "/srv/static"})
    assert at(known, Place.FILES).name == "STATIC_ROOT"


def test_files_may_be_kept_elsewhere_or_nowhere() -> None:
    bucket = Storage("storages.backends.s3.S3Storage", is_local=False, is_manifest=False)
    assert at(facts(static_storage=bucket), Place.FILES).name == "the storage"
    assert at(facts(settings={"STATIC_ROOT": None}), Place.FILES).told == ("is not set",)


def test_a_project_that_fails_to_be_looked_at_is_not_known() -> None:
    class Failing(Fake):
        def __getattr__(self, name: str) -> Any:
            raise KeyError(name)

    assert [each.place for each in stations(Failing(), report())] == [Place.BROWSER]


def test_what_no_check_knows_has_no_station() -> None:
    assert [each.found for each in stations(facts(), report(finding("CW999", "x")))] == [(), (), ()]
