"""A report as a page: everything is on it, nothing on it is obeyed, and its form is right."""

import re
from pathlib import Path
from typing import Any

import pytest
from tests.doctor.markup import Markup
from tests.doctor.reports import HEALTHY, everything, finding

from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.registry import all_checks
from clearway.doctor.rendering.html import html
from clearway.doctor.rendering.verdict import verdict
from clearway.doctor.report import Checked, Report, Status, Told
from clearway.doctor.station import Place, State, Station
from clearway.fronts.rendering.html import html as road
from clearway.fronts.road import Location, Outcome, Road, Step
from clearway.fronts.trace import Trace

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&amp;\x1b[31m"
STATIONS = [
    Station(Place.BROWSER, "the browser", ("asks for /x",), State.START),
    Station(Place.FRONT, "nginx", (), State.WRONG, (0,)),
    Station(Place.FILES, "STATIC_ROOT", ("/srv",), State.AFTER),
]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def evil(id_: str = "CW507") -> Finding:
    """Everything that can be written, written by an enemy."""
    return finding(
        id_,
        EVIL,
        message=f"message {EVIL}",
        evidence=(f"evidence {EVIL}",),
        location=Location(f"/location {EVIL}", 7),
        effect=f"effect {EVIL}",
        fix=Fix(f"remedy {EVIL}", diff=f"--- {EVIL}\n+++ b\n+added {EVIL}\n", commands=(f"command {EVIL}",)),
    )


def evil_report() -> Report:
    told = [Told(evil(), ("CW526",)), Told(evil("CW526"), follows=True)]
    ended = [
        Checked("CW230", Status.SKIPPED, f"skipped {EVIL}"),
        Checked("CW231", Status.CRASHED, f"crashed {EVIL}"),
        Checked(EVIL, Status.PASSED),
    ]
    return Report(told, ended, [f"about {EVIL}"], f"caution {EVIL}")


def reports(here: Path) -> dict[str, tuple[Report, list[Station]]]:
    return {
        "everything": (everything(here), STATIONS),
        "healthy": (HEALTHY, STATIONS[:1]),
        "nothing known": (Report((), [Checked("CW230", Status.SKIPPED, "no settings")]), []),
        "nothing at all": (Report((), ()), []),
        "evil": (evil_report(), [Station(Place.FRONT, EVIL, (EVIL,), State.WRONG, (0,)), STATIONS[0]]),
        "many": (Report([Told(finding("CW230", "x", message=f"number {n}")) for n in range(200)], ()), STATIONS),
        "advice": (Report([Told(finding("CW999", "x", Level.NOTE))], [Checked("CW230", Status.PASSED)]), []),
    }


def words(page: str) -> str:
    """As they are read: code is shown as code."""
    return " ".join(page.replace("`", "").split())


@pytest.mark.parametrize("name", reports(Path()))
def test_the_form_of_every_page_is_right(tmp_path: Path, name: str) -> None:
    page = Markup(html(*reports(tmp_path)[name]))
    assert page.complaints == []
    assert {tag for tag, _ in page.tags}.isdisjoint({"script", "img", "iframe", "form", "object"})
    assert not any(attribute.startswith("on") for _, attributes in page.tags for attribute in attributes)


def test_the_page_of_a_road_has_the_right_form_too() -> None:
    trace = Trace(EVIL, Road((Step(EVIL, EVIL, Location(EVIL, 1)), Step("x", EVIL, ok=False)), Outcome("nginx", 404)))
    assert Markup(road([trace])).complaints == []


@pytest.mark.parametrize(
    "page",
    [
        "<p><ul></ul></p>",
        "<p>",
        "</p>",
        "<ul><p></p></ul><li>x</li>",
        '<a href="#x">x</a>',
        '<p id="x" id="y">x</p>',
        '<p id="x"></p><p id="x"></p>',
    ],
)
def test_a_wrong_form_is_seen(page: str) -> None:
    assert Markup(page).complaints


def test_nothing_that_is_written_is_obeyed() -> None:
    page = html(*reports(Path())["evil"])
    for part in ("message", "evidence", "effect", "remedy", "command", "skipped", "crashed", "about", "caution"):
        assert f"{part} &lt;script&gt;alert(1)" in page
    assert "+added &lt;script&gt;" in page
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", page)
    assert "<script" not in page


def test_every_text_of_every_finding_is_on_the_page(tmp_path: Path) -> None:
    report = everything(tmp_path)
    text = Markup(html(report, STATIONS)).text
    for each in (told.finding for told in report.told):
        wanted = [each.id, each.name, each.message, each.effect, each.fix.summary, *each.fix.commands]
        wanted += each.fix.diff.splitlines()
        assert [words for words in wanted if " ".join(words.split()) not in text] == []
    assert "50% of what is, as they say, ��observed" in text
    assert "shop/page.html:3" in text


def test_the_order_of_the_page_is_that_of_reading(tmp_path: Path) -> None:
    text = Markup(html(everything(tmp_path), STATIONS)).text.partition("everything else")[0]
    parts = ["Caution: DEBUG is on", "something", "2 errors", "Read: settings", "The road", "1. img/logo.png"]
    parts += ["2. something is wrong", "3. something is wrong", "crashed", "not looked at", "in order"]
    places = [text.index(part, text.index("Read:") if number > 3 else 0) for number, part in enumerate(parts)]
    assert places[0] < places[2] < places[3] < places[4]
    assert places[4:] == sorted(places[4:])


def test_what_follows_is_folded_below_its_cause(tmp_path: Path) -> None:
    page = html(everything(tmp_path), STATIONS)
    cause = page[page.index('id="cause-1"') : page.index('id="cause-2"')]
    assert "what follows from it: CW235 name-without-manifest-entry" in cause
    assert "CW235" not in page[page.index('id="cause-2"') : page.index("not looked at</h2>")]
    assert page.count("<article") == 4


def test_signs_and_words_stand_beside_colours(tmp_path: Path) -> None:
    page = html(everything(tmp_path), STATIONS)
    assert '<i role="img" aria-label="broken here">×</i>' in page
    assert "broken here: " in Markup(page).text
    assert "<del>-img/logo.png</del><ins>+img/Logo.PNG</ins>" in page


def test_the_page_of_each_finding_is_on_it(tmp_path: Path) -> None:
    text = Markup(html(everything(tmp_path), STATIONS)).text
    pages = {check.rule.id: check.page for check in all_checks()}
    for id_ in ("CW236", "CW235", "CW241"):
        assert f"what {id_} means" in text
        assert words(pages[id_]) in text
    assert "what CW999 means" not in text


def test_every_page_of_a_check_is_whole() -> None:
    for check in all_checks():
        text = Markup(html(Report([Told(finding(check.rule.id, check.rule.name))], ()), [])).text
        assert words(check.page) in text


def test_what_stands_in_backticks_is_code() -> None:
    found = finding("CW999", "x", fix=Fix("leave `always <b>` out"))
    assert "leave <code>always &lt;b&gt;</code> out" in html(Report([Told(found)], ()), [])


def test_reasons_of_skipped_checks_stand_once(tmp_path: Path) -> None:
    page = html(everything(tmp_path), [])
    assert page.count("nginx.conf is not there (2 checks)") == 1


def test_nothing_is_fetched(tmp_path: Path) -> None:
    page = html(everything(tmp_path), STATIONS)
    assert not re.search(r"(?:href|src)=\"(?!data:,|#)|@import|url\(", page)
    assert "default-src 'none'" in page


ERROR: dict[str, Any] = {"message": "it is broken"}


@pytest.mark.parametrize(
    ("found", "ended", "sentence"),
    [
        ([finding("CW1", "x", **ERROR)], Status.PASSED, "It is broken."),
        ([finding("CW1", "x", **ERROR, breaks={"static"})], Status.PASSED, "Static files do not work: it is broken."),
        (
            [finding("CW1", "x", **ERROR, breaks={"static:a", "media"})],
            Status.PASSED,
            "Media files do not work: it is broken.",
        ),
        (
            [finding("CW1", "x", **ERROR, breaks={"static:a"})],
            Status.PASSED,
            "Some static files do not work: it is broken.",
        ),
        (
            [finding("CW1", "x", **ERROR, breaks={"static", "media", "uploads"})],
            Status.PASSED,
            "Static files, media files and uploads do not work: it is broken.",
        ),
        (
            [finding("CW1", "x", Level.WARNING, **ERROR)],
            Status.PASSED,
            "Nothing fails now, but there is a risk: it is broken.",
        ),
        ([finding("CW1", "x", Level.NOTE)], Status.PASSED, "Nothing is wrong."),
        ([], Status.PASSED, "Nothing is wrong."),
        ([], Status.SKIPPED, "Nothing could be looked at."),
        ([], Status.CRASHED, "Nothing was found, but one check crashed."),
    ],
)
def test_the_verdict_is_one_sentence(found: list[Finding], ended: Status, sentence: str) -> None:
    assert verdict(Report([Told(each) for each in found], [Checked("CW230", ended)])) == sentence
