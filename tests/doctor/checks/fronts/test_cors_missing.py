"""CW524: fonts of another origin"""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.doctor.checks.fronts.fronted import MEDIA, STATIC, causes, fronted, http, nginx
from tests.doctor.fake_facts import Fake

FIRES: dict[str, Callable[[Path], Fake]] = {
    "no field": lambda root: fronted(
        root,
        http(nginx(), nginx(STATIC, name="cdn.shop.example", proxy="")),
        host="cdn.shop.example",
        names=["fonts/a.woff2", "css/site.css"],
    ),
}
SILENT: dict[str, Callable[[Path], Fake]] = {
    "one that is not sent for files": lambda root: fronted(
        root,
        http(
            nginx(),
            nginx(
                "add_header Access-Control-Allow-Origin *;",
                "location /static/ { alias {root}/static/; add_header X-A b; }",
                name="cdn.shop.example",
                proxy="",
            ),
        ),
        host="cdn.shop.example",
        names=["fonts/a.woff2", "css/site.css"],
    ),
    "two aliases": lambda root: fronted(root, http(nginx(STATIC, MEDIA)), uploads=["cat.jpg"]),
    "allowed": lambda root: fronted(
        root,
        http(
            nginx(),
            nginx(
                "location /static/ { alias {root}/static/; add_header Access-Control-Allow-Origin *; }",
                name="cdn.shop.example",
                proxy="",
            ),
        ),
        host="cdn.shop.example",
        names=["fonts/a.woff2", "css/site.css"],
    ),
    "of the site itself": lambda root: fronted(root, http(nginx(STATIC)), names=["fonts/a.woff2"]),
    "no fonts": lambda root: fronted(
        root, http(nginx(), nginx(STATIC, name="cdn.shop.example", proxy="")), host="cdn.shop.example"
    ),
}


@pytest.mark.parametrize("name", FIRES)
def test_it_is_told_once(name: str, tmp_path: Path) -> None:
    (finding,) = causes("CW524", FIRES[name](tmp_path))
    assert finding.evidence
    assert finding.fix.summary


@pytest.mark.parametrize("name", SILENT)
def test_it_is_silent(name: str, tmp_path: Path) -> None:
    assert causes("CW524", SILENT[name](tmp_path)) == []
