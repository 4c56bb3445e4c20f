"""CW531: a directory that the worker may not pass"""

from pathlib import Path

from tests.doctor.checks.fronts.fronted import OTHER, STATIC, causes, fronted, http, nginx
from tests.doctor.checks.fronts.rights import told


def test_a_closed_directory(place: Path) -> None:
    facts = fronted(place, http(nginx(STATIC)), worker=OTHER)
    (place / "static" / "css").chmod(0o700)
    (finding,) = causes("CW531", facts)
    assert f"{place}/static/css" in " ".join(finding.evidence)
    assert finding.breaks == {"static:css/site.css"}
    assert told(facts) == ["CW531"]


def test_try_files_makes_a_404_of_it(place: Path) -> None:
    facts = fronted(
        place, http(nginx("location /static/ { alias {root}/static/; try_files $uri =404; }")), worker=OTHER
    )
    (place / "static").chmod(0o700)
    (finding,) = causes("CW531", facts)
    assert "→ 404" in finding.evidence[0]
    assert finding.breaks == {"static"}


def test_open_directories_that_cannot_be_listed(place: Path) -> None:
    facts = fronted(place, http(nginx(STATIC)), worker=OTHER)
    (place / "static").chmod(0o711)
    assert told(facts) == []


def test_nothing_is_said_of_a_worker_that_nobody_named(place: Path) -> None:
    facts = fronted(place, http(nginx(STATIC)), worker=None)
    (place / "static").chmod(0o700)
    assert told(facts) == []


def test_a_wrong_path_is_no_matter_of_rights(place: Path) -> None:
    facts = fronted(place, http(nginx("location /static/ { alias {root}/static; }")), worker=OTHER)
    (place / "static").chmod(0o700)
    assert told(facts) == []
