"""All checks of fronts on configurations that are right, and on one that nobody named."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.doctor.checks.fronts.fronted import GRANT, MEDIA, STATIC, apache, caddy, causes, fronted, http, nginx
from tests.doctor.fake_facts import Fake

from clearway.doctor.registry import all_checks

CHECKS = [each.rule.id for each in all_checks() if each.look.__module__.startswith("clearway.doctor.checks.fronts.")]
SITE = "handle_path /static/* {\nroot * {root}/static\nfile_server\n}"
DEFAULT = nginx("root /var/www/html;", name="_", listen="80 default_server", proxy="")
RIGHT: dict[str, Callable[[Path], Fake]] = {
    "aliases": lambda root: fronted(root, http(nginx(STATIC, MEDIA)), uploads=["cat.jpg"]),
    "aliases without slashes": lambda root: fronted(root, http(nginx("location /static { alias {root}/static; }"))),
    "root": lambda root: fronted(root, http(nginx("root {root};", "location /static/ { expires 1h; }"))),
    "several servers": lambda root: fronted(root, http(DEFAULT, nginx(STATIC), nginx(name="blog.example"))),
    "to HTTPS": lambda root: fronted(
        root, http(nginx("return 301 https://$host$request_uri;", proxy=""), nginx(STATIC, listen="443 ssl"))
    ),
    "to the application": lambda root: fronted(root, http(nginx()), answers="clearway"),
    "a server block alone": lambda root: fronted(root, nginx(STATIC)),
    "nothing collected yet": lambda root: fronted(root, http(nginx(STATIC)), is_collected=False),
    "a worker that is not known": lambda root: fronted(root, http(nginx(STATIC)), worker=None),
    "closed to all": lambda root: fronted(root, http(nginx("deny all;", STATIC))),
    "found, and of something else": lambda root: fronted(root, http(DEFAULT), found=True),
    "found, and of this project": lambda root: fronted(root, http(DEFAULT, nginx(STATIC)), found=True),
    "Caddy": lambda root: fronted(root, caddy(SITE), front="caddy"),
    "Caddy with TLS": lambda root: fronted(root, caddy(SITE, site="shop.example"), front="caddy"),
    "Apache": lambda root: fronted(root, apache("Alias /static/ {root}/static/", GRANT), front="apache"),
}


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_right_gets_no_finding(name: str, tmp_path: Path) -> None:
    facts = RIGHT[name](tmp_path)
    assert {each: found for each in CHECKS if (found := causes(each, facts))} == {}


def test_there_is_one_cause_for_a_file_that_does_not_arrive(tmp_path: Path) -> None:
    wrong = {
        "a slash": nginx("location /static/ { alias {root}/static; }"),
        "an expression": nginx(STATIC, r"location ~* \.(css|js|svg)$ { expires 1h; }"),
        "a directory": nginx("location /static/ { alias {root}/other/; }"),
        "nothing": nginx(),
    }
    for name, text in wrong.items():
        root = tmp_path / name.replace(" ", "-")
        root.mkdir()
        facts = fronted(root, http(text))
        assert len([each for check in CHECKS for each in causes(check, facts)]) == 1, name


def test_a_front_that_was_found_and_names_the_project_is_looked_at(tmp_path: Path) -> None:
    facts = fronted(tmp_path, http(nginx("location /static/ { alias {root}/static; }")), found=True)
    assert len(causes("CW507", facts)) == 1
