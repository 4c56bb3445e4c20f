"""CW517: a link that the front does not follow"""

import os
from pathlib import Path

import pytest
from tests.doctor.checks.fronts.fronted import GRANT, OTHER, STATIC, apache, causes, fronted, http, nginx
from tests.doctor.checks.fronts.rights import told


def test_a_link_to_where_the_worker_may_not_go(place: Path) -> None:
    facts = fronted(place, http(nginx(STATIC)), worker=OTHER)
    link = place / "static" / "css" / "site.css"
    (place / "sources").mkdir(mode=0o700)
    link.rename(place / "sources" / "site.css")
    link.symlink_to(place / "sources" / "site.css")
    assert told(facts) == ["CW517"]


@pytest.mark.parametrize("rule", ["disable_symlinks on;", "disable_symlinks if_not_owner;"])
def test_links_that_nginx_does_not_follow(rule: str, place: Path) -> None:
    facts = fronted(place, http(nginx(rule, STATIC)))
    link = place / "static" / "css" / "site.css"
    link.rename(place / "there.css")
    link.symlink_to(place / "there.css")
    os.chown(link, 65533 if os.geteuid() == 0 else -1, -1, follow_symlinks=False)
    if rule.endswith("on;") or os.geteuid() == 0:
        assert told(facts) == ["CW517"]


def test_links_that_apache_does_not_follow(place: Path) -> None:
    options = GRANT.replace("Require", "Options -FollowSymLinks\nRequire")
    facts = fronted(place, apache("Alias /static/ {root}/static/", options), front="apache")
    link = place / "static" / "css" / "site.css"
    link.rename(place / "there.css")
    link.symlink_to(place / "there.css")
    assert told(facts) == ["CW517"]


def test_links_that_are_followed(place: Path) -> None:
    facts = fronted(place, http(nginx(STATIC)), worker=OTHER)
    link = place / "static" / "css" / "site.css"
    link.rename(place / "there.css")
    link.symlink_to(place / "there.css")
    assert told(facts) == []


@pytest.mark.parametrize(
    ("target", "rule", "message"),
    [
        ("gone", "", "is a link to nothing"),
        ("static", "disable_symlinks on;", "does not follow the link"),
        ("static", "", ""),
    ],
)
def test_a_link_above_the_files(target: str, rule: str, message: str, place: Path) -> None:
    location = "location /static/ { alias {root}/current/; }"
    (place / "current").symlink_to(target)
    facts = fronted(place, http(nginx(rule, location)), worker=OTHER)
    assert told(facts) == (["CW517"] if message else [])
    assert [message in each.message for each in causes("CW517", facts)] == ([True] if message else [])


def test_a_link_into_a_closed_directory_is_a_matter_of_rights(place: Path) -> None:
    facts = fronted(place, http(nginx("location /static/ { alias {root}/current/; }")), worker=OTHER)
    (place / "current").symlink_to("static")
    (place / "static").chmod(0o700)
    if os.geteuid() == 0:
        assert told(facts) == ["CW531"]
