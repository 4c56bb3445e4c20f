"""CW508: the prefix is in the path twice"""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.doctor.checks.fronts.fronted import MEDIA, STATIC, caddy, causes, fronted, http, nginx
from tests.doctor.fake_facts import Fake

FIRES: dict[str, Callable[[Path], Fake]] = {
    "root for alias": lambda root: fronted(root, http(nginx("location /static/ { root {root}/static; }"))),
    "the root of the server": lambda root: fronted(
        root, http(nginx("root {root}/static;", "location /static/ { expires 1h; }"))
    ),
    "of the uploads": lambda root: fronted(
        root, http(nginx(STATIC, "location /media/ { root {root}/media; }")), uploads=["cat.jpg"]
    ),
    "caddy keeps it with handle": lambda root: fronted(
        root, caddy("handle /static/* {\nroot * {root}/static\nfile_server\n}"), front="caddy"
    ),
}
SILENT: dict[str, Callable[[Path], Fake]] = {
    "two aliases": lambda root: fronted(root, http(nginx(STATIC, MEDIA)), uploads=["cat.jpg"]),
    "the parent": lambda root: fronted(root, http(nginx("location /static/ { root {root}; }"))),
    "handle_path": lambda root: fronted(
        root, caddy("handle_path /static/* {\nroot * {root}/static\nfile_server\n}"), front="caddy"
    ),
    "another directory": lambda root: fronted(root, http(nginx("location /static/ { root /srv/other; }"))),
    "the application serves": lambda root: fronted(root, http(nginx()), answers="whitenoise"),
}


@pytest.mark.parametrize("name", FIRES)
def test_it_is_told_once(name: str, tmp_path: Path) -> None:
    (finding,) = causes("CW508", FIRES[name](tmp_path))
    assert finding.evidence
    assert finding.fix.summary


@pytest.mark.parametrize("name", SILENT)
def test_it_is_silent(name: str, tmp_path: Path) -> None:
    assert causes("CW508", SILENT[name](tmp_path)) == []
