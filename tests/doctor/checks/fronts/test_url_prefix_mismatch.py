"""CW505: the files are served below another path"""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.doctor.checks.fronts.fronted import GRANT, MEDIA, STATIC, apache, caddy, causes, fronted, http, nginx
from tests.doctor.fake_facts import Fake

FIRES: dict[str, Callable[[Path], Fake]] = {
    "an older prefix": lambda root: fronted(root, http(nginx(STATIC)), prefix="/assets/"),
    "in plural": lambda root: fronted(root, http(nginx("location /statics/ { alias {root}/static/; }"))),
    "caddy": lambda root: fronted(
        root, caddy("handle_path /assets/* {\nroot * {root}/static\nfile_server\n}"), front="caddy"
    ),
    "apache": lambda root: fronted(
        root, apache("Alias /assets/ {root}/static/", GRANT, "ProxyPass /assets !"), front="apache"
    ),
}
SILENT: dict[str, Callable[[Path], Fake]] = {
    "two aliases": lambda root: fronted(root, http(nginx(STATIC, MEDIA)), uploads=["cat.jpg"]),
    "the application serves": lambda root: fronted(root, http(nginx()), answers="whitenoise"),
    "nothing at all": lambda root: fronted(root, http(nginx())),
    "another directory": lambda root: fronted(root, http(nginx("location /assets/ { alias /srv/other/; }"))),
    "both prefixes": lambda root: fronted(root, http(nginx(STATIC, "location /assets/ { alias {root}/static/; }"))),
}


@pytest.mark.parametrize("name", FIRES)
def test_it_is_told_once(name: str, tmp_path: Path) -> None:
    (finding,) = causes("CW505", FIRES[name](tmp_path))
    assert finding.evidence
    assert finding.fix.summary


@pytest.mark.parametrize("name", SILENT)
def test_it_is_silent(name: str, tmp_path: Path) -> None:
    assert causes("CW505", SILENT[name](tmp_path)) == []
