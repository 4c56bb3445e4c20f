"""CW532: a file that the worker may not read"""

from pathlib import Path

from tests.doctor.checks.fronts.fronted import OTHER, STATIC, causes, fronted, http, nginx
from tests.doctor.checks.fronts.rights import told


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
