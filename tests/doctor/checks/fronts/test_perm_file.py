"""CW532: a file that the worker may not read"""

from pathlib import Path

from tests.doctor.checks.fronts.fronted import MEDIA, OTHER, STATIC, causes, fronted, http, nginx
from tests.doctor.checks.fronts.rights import told

from clearway.doctor.fix.commands import opening


def test_an_unreadable_file(place: Path) -> None:
    facts = fronted(place, http(nginx(STATIC)), worker=OTHER)
    (place / "static" / "css" / "site.css").chmod(0o600)
    assert told(facts) == ["CW532"]


def test_a_file_that_everybody_may_read_but_its_group(place: Path) -> None:
    facts = fronted(place, http(nginx(STATIC)), worker=OTHER)
    file = place / "static" / "css" / "site.css"
    file.chmod(0o604)
    assert causes("CW532", facts) == []


def test_a_file_that_is_not_there_has_another_cause(place: Path) -> None:
    facts = fronted(place, http(nginx(STATIC)), worker=OTHER, is_collected=False)
    assert told(facts) == []


def test_the_fix_opens_what_is_public_and_nothing_else(place: Path) -> None:
    facts = fronted(place, http(nginx(STATIC, MEDIA)), worker=OTHER)
    (place / "static" / "css" / "site.css").chmod(0o600)
    (finding,) = causes("CW532", facts)
    assert finding.fix.safety == "safe"
    assert finding.fix.commands == (opening(f"{place}/static"),)


def test_uploads_are_opened_only_when_that_is_asked_for(place: Path) -> None:
    facts = fronted(place, http(nginx(STATIC, MEDIA)), worker=OTHER, uploads=["a.jpg"])
    (place / "media" / "a.jpg").chmod(0o600)
    (finding,) = causes("CW532", facts)
    assert (finding.fix.safety, finding.fix.commands) == ("unsafe", (opening(f"{place}/media"),))


def test_a_project_is_never_opened(place: Path) -> None:
    facts = fronted(place, http(nginx(STATIC)), worker=OTHER)
    (place / "static" / "css" / "site.css").chmod(0o600)
    (place / "static" / "manage.py").write_text("")
    (finding,) = causes("CW532", facts)
    assert (finding.fix.safety, finding.fix.commands) == ("manual", ())
