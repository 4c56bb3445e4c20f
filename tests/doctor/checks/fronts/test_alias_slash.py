"""CW507: a slash is on one side only"""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.doctor.checks.fronts.fronted import GRANT, MEDIA, STATIC, apache, causes, fronted, http, nginx
from tests.doctor.fake_facts import Fake

FIRES: dict[str, Callable[[Path], Fake]] = {
    "the alias has none": lambda root: fronted(root, http(nginx("location /static/ { alias {root}/static; }"))),
    "of the uploads": lambda root: fronted(
        root, http(nginx(STATIC, "location /media/ { alias {root}/media; }")), uploads=["cat.jpg"]
    ),
    "apache": lambda root: fronted(root, apache("Alias /static/ {root}/static", GRANT), front="apache"),
    "the location has none, so all is open": lambda root: fronted(
        root, http(nginx("location /static { alias {root}/static/; }"))
    ),
}
SILENT: dict[str, Callable[[Path], Fake]] = {
    "two aliases": lambda root: fronted(root, http(nginx(STATIC, MEDIA)), uploads=["cat.jpg"]),
    "none on both sides": lambda root: fronted(root, http(nginx("location /static { alias {root}/static; }"))),
    "root": lambda root: fronted(root, http(nginx("location /static/ { root {root}; }"))),
    "another directory": lambda root: fronted(root, http(nginx("location /static/ { alias {root}/other/; }"))),
    "the application serves": lambda root: fronted(root, http(nginx()), answers="whitenoise"),
}


@pytest.mark.parametrize("name", FIRES)
def test_it_is_told_once(name: str, tmp_path: Path) -> None:
    (finding,) = causes("CW507", FIRES[name](tmp_path))
    assert finding.evidence
    assert finding.fix.summary


@pytest.mark.parametrize("name", SILENT)
def test_it_is_silent(name: str, tmp_path: Path) -> None:
    assert causes("CW507", SILENT[name](tmp_path)) == []


def test_the_patch_ends_the_alias_in_a_slash(tmp_path: Path) -> None:
    (finding,) = causes("CW507", fronted(tmp_path, http(nginx("location /static/ { alias {root}/static; }"))))
    assert f"+location /static/ {{ alias {tmp_path}/static/; }}" in finding.fix.diff.splitlines()
    assert finding.breaks == {"static"}
    assert finding.location is not None
    assert "404" in finding.evidence[0]
    assert f"{tmp_path}/staticcss/site.css" in finding.evidence[0]


def test_what_is_open_is_a_risk(tmp_path: Path) -> None:
    (finding,) = causes("CW507", fronted(tmp_path, http(nginx("location /static { alias {root}/static/; }"))))
    assert finding.level == "warning"
    assert finding.evidence[0].startswith("GET /static../static/css/site.css → 200")
