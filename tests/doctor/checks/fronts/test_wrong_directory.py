"""CW509: the location leads to another directory"""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.doctor.checks.fronts.fronted import MEDIA, STATIC, apache, caddy, causes, fronted, http, nginx
from tests.doctor.fake_facts import Fake

FIRES: dict[str, Callable[[Path], Fake]] = {
    "the sources": lambda root: fronted(root, http(nginx("location /static/ { alias {root}/assets/; }"))),
    "of another project": lambda root: fronted(root, http(nginx("location /static/ { alias /srv/old/files/; }"))),
    "one directory too deep": lambda root: fronted(
        root, http(nginx("location /static/ { alias {root}/static/static/; }"))
    ),
    "the uploads": lambda root: fronted(
        root, http(nginx(STATIC, "location /media/ { alias {root}/static/media/; }")), uploads=["cat.jpg"]
    ),
    "caddy": lambda root: fronted(
        root, caddy("handle_path /static/* {\nroot * {root}/assets\nfile_server\n}"), front="caddy"
    ),
    "apache": lambda root: fronted(
        root,
        apache("Alias /static/ {root}/assets/", "<Directory {root}/assets>\nRequire all granted\n</Directory>"),
        front="apache",
    ),
}
SILENT: dict[str, Callable[[Path], Fake]] = {
    "two aliases": lambda root: fronted(root, http(nginx(STATIC, MEDIA)), uploads=["cat.jpg"]),
    "not here, and not collected here": lambda root: fronted(
        root, http(nginx("location /static/ { alias /srv/shop/static/; }")), is_collected=False
    ),
    "a path of a container": lambda root: fronted(
        root,
        http(nginx("location /static/ { alias /app/public/; }")),
        texts={"compose.yaml": "volumes:\n  - static:/app/public\n"},
    ),
    "nothing collected": lambda root: fronted(root, http(nginx(STATIC)), is_collected=False),
    "a slash": lambda root: fronted(root, http(nginx("location /static/ { alias {root}/static; }"))),
    "the application serves": lambda root: fronted(root, http(nginx()), answers="whitenoise"),
}


@pytest.mark.parametrize("name", FIRES)
def test_it_is_told_once(name: str, tmp_path: Path) -> None:
    (finding,) = causes("CW509", FIRES[name](tmp_path))
    assert finding.evidence
    assert finding.fix.summary


@pytest.mark.parametrize("name", SILENT)
def test_it_is_silent(name: str, tmp_path: Path) -> None:
    assert causes("CW509", SILENT[name](tmp_path)) == []
