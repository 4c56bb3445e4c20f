"""CW531, CW532, CW533 and CW517: what keeps the worker from the file"""

import os
from pathlib import Path

import pytest
from tests.doctor.checks.fronts.fronted import GRANT, OTHER, STATIC, apache, causes, fronted, http, nginx
from tests.doctor.fake_facts import Fake

RULES = ("CW531", "CW532", "CW533", "CW517")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A directory that everybody may pass."""
    for each in (tmp_path, *tmp_path.parents):
        if each.stat().st_uid == os.getuid() and each != Path("/"):
            each.chmod(each.stat().st_mode | 0o055)
    return tmp_path


def told(facts: Fake) -> list[str]:
    return [rule for rule in RULES if causes(rule, facts)]


def test_a_closed_directory(site: Path) -> None:
    facts = fronted(site, http(nginx(STATIC)), worker=OTHER)
    (site / "static" / "css").chmod(0o700)
    (finding,) = causes("CW531", facts)
    assert f"{site}/static/css" in " ".join(finding.evidence)
    assert finding.breaks == {"static:css/site.css"}
    assert told(facts) == ["CW531"]


def test_try_files_makes_a_404_of_it(site: Path) -> None:
    facts = fronted(site, http(nginx("location /static/ { alias {root}/static/; try_files $uri =404; }")), worker=OTHER)
    (site / "static").chmod(0o700)
    (finding,) = causes("CW531", facts)
    assert "→ 404" in finding.evidence[0]
    assert finding.breaks == {"static"}


def test_an_unreadable_file(site: Path) -> None:
    facts = fronted(site, http(nginx(STATIC)), worker=OTHER)
    (site / "static" / "css" / "site.css").chmod(0o600)
    assert told(facts) == ["CW532"]


def test_a_link_to_where_the_worker_may_not_go(site: Path) -> None:
    facts = fronted(site, http(nginx(STATIC)), worker=OTHER)
    link = site / "static" / "css" / "site.css"
    (site / "sources").mkdir(mode=0o700)
    link.rename(site / "sources" / "site.css")
    link.symlink_to(site / "sources" / "site.css")
    assert told(facts) == ["CW517"]


@pytest.mark.parametrize("rule", ["disable_symlinks on;", "disable_symlinks if_not_owner;"])
def test_links_that_nginx_does_not_follow(rule: str, site: Path) -> None:
    facts = fronted(site, http(nginx(rule, STATIC)))
    link = site / "static" / "css" / "site.css"
    link.rename(site / "there.css")
    link.symlink_to(site / "there.css")
    os.chown(link, 65533 if os.geteuid() == 0 else -1, -1, follow_symlinks=False)
    if rule.endswith("on;") or os.geteuid() == 0:
        assert told(facts) == ["CW517"]


def test_links_that_apache_does_not_follow(site: Path) -> None:
    options = GRANT.replace("Require", "Options -FollowSymLinks\nRequire")
    facts = fronted(site, apache("Alias /static/ {root}/static/", options), front="apache")
    link = site / "static" / "css" / "site.css"
    link.rename(site / "there.css")
    link.symlink_to(site / "there.css")
    assert told(facts) == ["CW517"]


def test_links_that_are_followed(site: Path) -> None:
    facts = fronted(site, http(nginx(STATIC)), worker=OTHER)
    link = site / "static" / "css" / "site.css"
    link.rename(site / "there.css")
    link.symlink_to(site / "there.css")
    assert told(facts) == []


def test_open_directories_that_cannot_be_listed(site: Path) -> None:
    facts = fronted(site, http(nginx(STATIC)), worker=OTHER)
    (site / "static").chmod(0o711)
    assert told(facts) == []


def test_nothing_is_said_of_a_worker_that_nobody_named(site: Path) -> None:
    facts = fronted(site, http(nginx(STATIC)), worker=None)
    (site / "static").chmod(0o700)
    assert told(facts) == []


def test_a_wrong_path_is_no_matter_of_rights(site: Path) -> None:
    facts = fronted(site, http(nginx("location /static/ { alias {root}/static; }")), worker=OTHER)
    (site / "static").chmod(0o700)
    assert told(facts) == []
