"""CW535: a listing for everybody"""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.doctor.checks.fronts.fronted import MEDIA, STATIC, caddy, causes, fronted, http, nginx
from tests.doctor.fake_facts import Fake

FIRES: dict[str, Callable[[Path], Fake]] = {
    "uploads": lambda root: fronted(
        root, http(nginx(STATIC, "location /media/ { alias {root}/media/; autoindex on; }")), uploads=["cat.jpg"]
    ),
    "static": lambda root: fronted(root, http(nginx("location /static/ { alias {root}/static/; autoindex on; }"))),
    "caddy": lambda root: fronted(
        root, caddy("handle_path /static/* {\nroot * {root}/static\nfile_server browse\n}"), front="caddy"
    ),
}
SILENT: dict[str, Callable[[Path], Fake]] = {
    "two aliases": lambda root: fronted(root, http(nginx(STATIC, MEDIA)), uploads=["cat.jpg"]),
    "off": lambda root: fronted(
        root, http(nginx("autoindex on;", "location /static/ { alias {root}/static/; autoindex off; }"))
    ),
    "an index": lambda root: fronted(
        root,
        http(nginx("location /static/ { alias {root}/static/; autoindex on; }")),
        names=["index.html", "css/site.css"],
    ),
    "somewhere else": lambda root: fronted(
        root, http(nginx(STATIC, "location /downloads/ { alias /srv/; autoindex on; }"))
    ),
    "the application serves": lambda root: fronted(root, http(nginx()), answers="whitenoise"),
}


@pytest.mark.parametrize("name", FIRES)
def test_it_is_told_once(name: str, tmp_path: Path) -> None:
    (finding,) = causes("CW535", FIRES[name](tmp_path))
    assert finding.evidence
    assert finding.fix.summary


@pytest.mark.parametrize("name", SILENT)
def test_it_is_silent(name: str, tmp_path: Path) -> None:
    assert causes("CW535", SILENT[name](tmp_path)) == []
