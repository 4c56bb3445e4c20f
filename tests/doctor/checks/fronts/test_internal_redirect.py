"""CW518: an X-Accel-Redirect that leads nowhere"""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.doctor.checks.fronts.fronted import MEDIA, STATIC, caddy, causes, fronted, http, nginx
from tests.doctor.fake_facts import Fake

from clearway.doctor.facts import HandOff

FIRES: dict[str, Callable[[Path], Fake]] = {
    "no location": lambda root: fronted(root, http(nginx(STATIC)), handed_off=[HandOff("/protected/", None)]),
    "root for alias": lambda root: fronted(
        root,
        http(nginx("location /protected/ { internal; root {root}/static; }")),
        handed_off=[HandOff("/protected/", None)],
    ),
    "a slash": lambda root: fronted(
        root,
        http(nginx("location /protected/ { internal; alias {root}/static; }")),
        handed_off=[HandOff("/protected/", None)],
    ),
    "another directory": lambda root: fronted(
        root,
        http(nginx("location /protected/ { internal; alias {root}/static/; }")),
        handed_off=[HandOff("/protected/", None, "/srv/private")],
    ),
    "the same path in code and in a setting": lambda root: fronted(
        root,
        http(nginx("location /protected/ { internal; alias {root}/static/; }")),
        handed_off=[HandOff("/protected/", None, "/srv/private"), HandOff("/protected/", None)],
    ),
    "open to all": lambda root: fronted(
        root, http(nginx("location /protected/ { alias {root}/static/; }")), handed_off=[HandOff("/protected/", None)]
    ),
}
SILENT: dict[str, Callable[[Path], Fake]] = {
    "two aliases": lambda root: fronted(root, http(nginx(STATIC, MEDIA)), uploads=["cat.jpg"]),
    "as it should be": lambda root: fronted(
        root,
        http(nginx("location /protected/ { internal; alias {root}/static/; }")),
        handed_off=[HandOff("/protected/", None)],
    ),
    "root with its parent": lambda root: fronted(
        root, http(nginx("location /static/ { internal; root {root}; }")), handed_off=[HandOff("/static/", None)]
    ),
    "the directory of the setting": lambda root: fronted(
        root,
        http(nginx("location /protected/ { internal; alias {root}/static/; }")),
        handed_off=[HandOff("/protected/", None, str(root / "static"))],
    ),
    "a path of the disk is another header's": lambda root: fronted(
        root, http(nginx(STATIC)), handed_off=[HandOff("/srv/private", None, "/srv/private", "X-Sendfile")]
    ),
    "nothing is handed off": lambda root: fronted(root, http(nginx(STATIC))),
    "caddy does not know it": lambda root: fronted(
        root, caddy(), front="caddy", handed_off=[HandOff("/protected/", None)]
    ),
}


@pytest.mark.parametrize("name", FIRES)
def test_it_is_told_once(name: str, tmp_path: Path) -> None:
    (finding,) = causes("CW518", FIRES[name](tmp_path))
    assert finding.evidence
    assert finding.fix.summary


@pytest.mark.parametrize("name", SILENT)
def test_it_is_silent(name: str, tmp_path: Path) -> None:
    assert causes("CW518", SILENT[name](tmp_path)) == []
