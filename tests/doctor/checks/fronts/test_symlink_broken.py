"""CW517: a link that the front does not follow"""

import os
from pathlib import Path

import pytest
from tests.doctor.checks.fronts.fronted import GRANT, OTHER, STATIC, apache, fronted, http, nginx
from tests.doctor.checks.fronts.rights import told


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
