"""CW531: a directory that the worker may not pass"""

import os
from pathlib import Path

import pytest
from tests.doctor.checks.fronts.fronted import OTHER, STATIC, causes, fronted, http, nginx
from tests.doctor.checks.fronts.rights import told

from clearway.doctor.fix.commands import granting


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


def test_the_worker_alone_gets_what_it_needs(place: Path) -> None:
    facts = fronted(place, http(nginx(STATIC)), worker=OTHER)
    home = place / "home"
    home.mkdir(mode=0o700)
    os.chown(home, 65532 if os.getuid() == 0 else os.getuid(), -1)
    (place / "static").rename(home / "static")
    (place / "static").symlink_to(home / "static")
    (finding,) = causes("CW531", facts)
    assert (finding.fix.safety, finding.fix.commands) == ("safe", (granting(str(home), "65533", "x"),))


def test_a_directory_of_root_is_opened_only_when_that_is_asked_for(place: Path) -> None:
    if os.getuid():
        pytest.skip("only on a machine where the tests run as root")
    facts = fronted(place, http(nginx(STATIC)), worker=OTHER)
    place.chmod(0o700)
    (finding,) = causes("CW531", facts)
    assert (finding.fix.safety, finding.fix.commands) == ("unsafe", (granting(str(place), "65533", "x"),))
