"""CW525: plain names are kept for long"""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.doctor.checks.fronts.fronted import MEDIA, STATIC, caddy, causes, fronted, http, nginx
from tests.doctor.fake_facts import Fake

FIRES: dict[str, Callable[[Path], Fake]] = {
    "expires max": lambda root: fronted(root, http(nginx("location /static/ { alias {root}/static/; expires max; }"))),
    "thirty days": lambda root: fronted(root, http(nginx("location /static/ { alias {root}/static/; expires 30d; }"))),
    "immutable": lambda root: fronted(
        root,
        http(
            nginx('location /static/ { alias {root}/static/; add_header Cache-Control "max-age=31536000, immutable"; }')
        ),
    ),
    "a year for pictures": lambda root: fronted(
        root,
        http(
            nginx(
                "location /static/ { alias {root}/static/; }",
                "location ~ ^/static/(.+[.]svg)$ { alias {root}/static/$1; expires 1y; }",
            )
        ),
        names=["css/site.css", "img/logo.svg"],
    ),
    "caddy": lambda root: fronted(
        root,
        caddy(
            "header /static/* Cache-Control max-age=31536000",
            "handle_path /static/* {\nroot * {root}/static\nfile_server\n}",
        ),
        front="caddy",
    ),
}
SILENT: dict[str, Callable[[Path], Fake]] = {
    "two aliases": lambda root: fronted(root, http(nginx(STATIC, MEDIA)), uploads=["cat.jpg"]),
    "an hour": lambda root: fronted(root, http(nginx("location /static/ { alias {root}/static/; expires 1h; }"))),
    "a manifest": lambda root: fronted(
        root, http(nginx("location /static/ { alias {root}/static/; expires max; }")), is_manifest=True
    ),
    "names of a bundler": lambda root: fronted(
        root,
        http(nginx("location /static/ { alias {root}/static/; expires max; }")),
        names=["assets/index-4f3c1d2a.js"],
    ),
    "a week for pictures": lambda root: fronted(
        root,
        http(
            nginx(
                "location /static/ { alias {root}/static/; }",
                "location ~ ^/static/(.+[.]svg)$ { alias {root}/static/$1; expires 7d; }",
            )
        ),
        names=["css/site.css", "img/logo.svg"],
    ),
    "uploads": lambda root: fronted(
        root, http(nginx(STATIC, "location /media/ { alias {root}/media/; expires max; }")), uploads=["cat.jpg"]
    ),
    "development": lambda root: fronted(
        root, http(nginx("location /static/ { alias {root}/static/; expires max; }")), settings={"DEBUG": True}
    ),
}


@pytest.mark.parametrize("name", FIRES)
def test_it_is_told_once(name: str, tmp_path: Path) -> None:
    (finding,) = causes("CW525", FIRES[name](tmp_path))
    assert finding.evidence
    assert finding.fix.summary


@pytest.mark.parametrize("name", SILENT)
def test_it_is_silent(name: str, tmp_path: Path) -> None:
    assert causes("CW525", SILENT[name](tmp_path)) == []
