"""CW510: the directory is no absolute path"""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.doctor.checks.fronts.fronted import MEDIA, STATIC, caddy, causes, fronted, http, nginx
from tests.doctor.fake_facts import Fake

FIRES: dict[str, Callable[[Path], Fake]] = {
    "relative": lambda root: fronted(root, http(nginx("location /static/ { alias static/; }"))),
    "a tilde": lambda root: fronted(root, http(nginx("location /static { root ~/shop; }"))),
    "none at all": lambda root: fronted(root, http(nginx("location /static/ { expires 1h; }"))),
    "caddy": lambda root: fronted(
        root, caddy("handle_path /static/* {\nroot * www/static\nfile_server\n}"), front="caddy"
    ),
}
SILENT: dict[str, Callable[[Path], Fake]] = {
    "two aliases": lambda root: fronted(root, http(nginx(STATIC, MEDIA)), uploads=["cat.jpg"]),
    "inherited": lambda root: fronted(root, http(nginx("root {root};", "location /static/ { expires 1h; }"))),
    "a variable": lambda root: fronted(
        root, http(nginx("location /static/ { alias $files; }"), more="map $host $files { default {root}/static/; }")
    ),
    "caddy relative to its directory": lambda root: fronted(
        root,
        caddy("root * .\nfile_server /static/*", site="http://shop.example").replace(
            "handle {\nreverse_proxy 127.0.0.1:8000\n}", "@app not path /static/*\nreverse_proxy @app 127.0.0.1:8000"
        ),
        front="caddy",
    ),
    "the application serves": lambda root: fronted(root, http(nginx()), answers="whitenoise"),
}


@pytest.mark.parametrize("name", FIRES)
def test_it_is_told_once(name: str, tmp_path: Path) -> None:
    (finding,) = causes("CW510", FIRES[name](tmp_path))
    assert finding.evidence
    assert finding.fix.summary


@pytest.mark.parametrize("name", SILENT)
def test_it_is_silent(name: str, tmp_path: Path) -> None:
    assert causes("CW510", SILENT[name](tmp_path)) == []
