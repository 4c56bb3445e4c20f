"""When a site counts as ready: right answers for a while, from processes of the release that is meant."""

from collections.abc import Iterator, Mapping

import pytest
from tests.releasing.sites import Site

from clearway.catalog.asset import Asset
from clearway.releasing.differing import Published
from clearway.releasing.readiness import Clock, Signs, wait

HOME = "https://shop.example/"


class Time:
    """A clock that a pause moves on."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def clock(self) -> Clock:
        return Clock(lambda: self.seconds, self.pause)

    def pause(self, seconds: float) -> None:
        self.seconds += seconds


def answers(*wrong: str, then: str = "") -> Iterator[str]:
    yield from wrong
    while True:
        yield then


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (answers(), ""),
        (answers("502", "502"), ""),
        (answers("502", "", "", "502", ""), ""),
        (answers(then="502"), "502"),
        (answers(*(["", "", "old"] * 200)), "old"),
    ],
    ids=["at once", "later", "a relapse", "never", "one of three workers is an old one"],
)
def test_it_waits_until_answers_stay_right(given: Iterator[str], said: str) -> None:
    _, wrong = wait(lambda: next(given), Time().clock(), timeout=20, steady=3)
    assert wrong == said


def test_it_asks_no_longer_than_it_may() -> None:
    time = Time()
    wait(lambda: "502", time.clock(), timeout=20, steady=3)
    assert time.seconds - 100 == pytest.approx(20, abs=0.5)


@pytest.mark.parametrize(("steady", "least"), [(3.0, 3.0), (0.0, 1.4)])
def test_right_answers_are_asked_for_again(steady: float, least: float) -> None:
    """For a while, and as many times as there may be workers."""
    time = Time()
    assert wait(lambda: "", time.clock(), 20, steady) == (0.0, "")
    assert time.seconds - 100 >= least - 0.1


def asset(name: str) -> Asset:
    return Asset(name=name, size=1, sha256="0" * 64, sha384="", type="text/css", variants={})


def release(*names: str) -> Published:
    return Published("/static/", {name: asset(name) for name in names}, frozenset(names))


OLD, NEW = release("site.old.css", "same.css"), release("site.new.css", "same.css")
PAGES: Mapping[str, str] = {
    "new": '<link rel=stylesheet href="/static/site.new.css">',
    "old": '<link rel=stylesheet href="/static/site.old.css">',
    "bare": "<h1>shop</h1>",
}


@pytest.mark.parametrize(
    ("site", "said"),
    [
        (Site({"/": PAGES["new"], "/static/site.new.css": "a"}), ""),
        (Site({"/": PAGES["bare"], "/static/site.new.css": "a"}), ""),
        (Site({"/": PAGES["old"], "/static/site.new.css": "a"}), "still names site.old.css"),
        (Site({"/": PAGES["new"]}), "the new release is not loaded"),
        (Site({"/static/site.new.css": "a"}), "is answered with 404"),
        (Site({"/": PAGES["new"], "/static/site.new.css": "a"}, {"/": "/login/"}), ""),
        (Site({"/login/": PAGES["old"], "/static/site.new.css": "a"}, {"/": "/login/"}), "still names site.old.css"),
        (Site(problem="refused"), "no answer (refused)"),
    ],
)
def test_the_release_that_answers_is_told_by_files_and_pages(site: Site, said: str) -> None:
    found = Signs(NEW, OLD).problem(site, HOME, HOME, [HOME])
    assert (said in found) if said else (found == "")


@pytest.mark.parametrize(
    ("site", "wanted", "is_shown"),
    [
        (Site({"/": PAGES["new"]}), NEW, True),
        (Site({"/": PAGES["bare"]}), NEW, False),
        (Site({"/": PAGES["old"]}), NEW, False),
        (Site({"/": PAGES["new"]}), OLD, False),
        (Site({"/login/": PAGES["new"]}, {"/": "/login/"}), NEW, True),
    ],
)
def test_a_page_tells_two_releases_apart_by_a_file_that_only_one_has(
    site: Site, wanted: Published, is_shown: bool
) -> None:
    assert Signs(wanted, OLD).is_shown(site, [HOME]) is is_shown


def test_where_nothing_differs_the_status_is_enough() -> None:
    assert Signs(NEW, NEW).problem(Site({"/": PAGES["old"]}), HOME, HOME, [HOME]) == ""
