"""A report for people."""

import re
from pathlib import Path

import pytest
from tests.doctor.reports import HEALTHY, everything, finding

from clearway.doctor.registry import all_checks, check_of
from clearway.doctor.rendering.page import page, pages
from clearway.doctor.rendering.text import lines
from clearway.doctor.report import Checked, Report, Status, Told

EXPECTED = """\
settings shop.settings, named by --settings
DEBUG is on

error     CW236 name-in-other-case
  what    img/logo.png is called img/Logo.PNG
  proof   shop/page.html:3: 'img/logo.png'
          a�[31mb: 50% of what is, as they say, ��observed
  where   shop/page.html:3
  effect  the URL is 404
  fix     write 'img/Logo.PNG'
            --- a
            +++ a
            @@ -1 +1 @@
            -img/logo.png
            +img/Logo.PNG
             same
  causes  CW235 name-without-manifest-entry
  more    clearway explain CW236; clearway doctor --fix mends it

warning   CW241 plain-names-cached-long
  what    something is wrong
  where   /etc/nginx/nginx.conf:12
  fix     shorten it
            nginx -s reload
  more    clearway explain CW241

note      CW999 advice-of-its-own
  what    something is wrong
  fix     mend it
  more    clearway explain CW999

CW503 crashed: KeyError: 'x'; this is a fault of Clearway, please report it
clearway: 2 errors, 1 warning, 1 note, 1 check passed, 2 skipped (-v 2 says why), 1 crashed"""


def plain(text: str, style: str) -> str:
    return text


def painted(text: str, style: str) -> str:
    return f"<{style}>{text}</>"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_report_without_colour(tmp_path: Path) -> None:
    assert "\n".join(lines(everything(tmp_path), plain)) == EXPECTED


def test_colour_adds_and_takes_away_nothing(tmp_path: Path) -> None:
    told = "\n".join(lines(everything(tmp_path), painted))
    assert re.sub(r"<(bold|dim|red|green|yellow)>|</>", "", told) == EXPECTED
    assert "<red>error     CW236 name-in-other-case</>" in told
    assert "<green>            +img/Logo.PNG</>" in told


def test_proof_that_goes_on_is_set_in(tmp_path: Path) -> None:
    found = finding("CW230", "x", evidence=("word " * 20, "another"))
    told = lines(Report([Told(found)], ()), plain)
    at = next(place for place, row in enumerate(told) if row.startswith("  proof   word"))
    assert [row[:13] for row in told[at : at + 3]] == ["  proof   wor", "            w", "          ano"]


def test_proof_is_not_shortened_but_for_the_place_it_is_at(tmp_path: Path) -> None:
    found = finding("CW507", "x", evidence=(f"{tmp_path}/nginx.conf:18: alias {tmp_path}/static",))
    told = " ".join(" ".join(lines(Report([Told(found)], ()), plain)).split())
    assert f"proof nginx.conf:18: alias {tmp_path}/static" in told


def test_checks_that_crash_for_one_reason_are_said_together() -> None:
    ended = [Checked(f"CW50{number}", Status.CRASHED, "KeyError: 'x'") for number in range(5)]
    told = lines(Report((), ended), plain)
    assert told[:2] == [
        "CW500, CW501, CW502 and 2 more crashed: KeyError: 'x'; this is a fault of",
        "Clearway, please report it",
    ]


def test_no_row_is_wider_than_a_terminal(tmp_path: Path) -> None:
    long = everything(tmp_path)
    rows = lines(long, plain, all_checks=True)
    assert [row for row in rows[:-1] if len(row) > 80] == []


def test_a_healthy_project_is_one_line_and_none_when_quiet() -> None:
    assert lines(HEALTHY, plain) == ["clearway: nothing is wrong: 1 check passed, 1 skipped (-v 2 says why)"]
    assert lines(HEALTHY, plain, quiet=True) == []


def test_settings_for_development_are_said_first_even_then() -> None:
    told = lines(Report((), HEALTHY.checks, caution="DEBUG is on"), plain)
    assert told[0] == "DEBUG is on"
    assert len(told) == 2


def test_what_passed_and_what_was_skipped_is_shown_when_asked_for(tmp_path: Path) -> None:
    told = lines(everything(tmp_path), plain, all_checks=True)
    assert "passed    CW230 not-collected" in told
    at = told.index("skipped   nginx.conf is not there")
    assert told[at + 1] == "          CW501 CW502"
    assert told[-1].endswith("1 check passed, 2 skipped, 1 crashed")


def test_a_crash_is_said_also_when_quiet() -> None:
    report = Report((), [Checked("CW503", Status.CRASHED, "KeyError: 'x'")])
    assert "CW503 crashed" in "\n".join(lines(report, plain, quiet=True))


def test_nothing_seen_is_not_called_healthy() -> None:
    report = Report((), [Checked("CW503", Status.SKIPPED, "no settings")])
    assert lines(report, plain) == ["clearway: nothing could be looked at: 1 skipped (-v 2 says why)"]


def test_a_page_is_the_text_of_its_module() -> None:
    told = page(check_of("CW230"))(plain)
    assert told[:3] == ["CW230 not-collected", "", "Files that the finders know are not in STATIC_ROOT."]
    assert "What it means" in told


def test_the_list_names_every_check_within_a_terminal() -> None:
    told = pages(plain)
    assert [row for row in told if len(row) > 80] == []
    assert [row.split()[0] for row in told if row.startswith("CW")] == [check.rule.id for check in all_checks()]
