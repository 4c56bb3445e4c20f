"""CW522: an extension without a type"""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.doctor.checks.fronts.fronted import MEDIA, STATIC, caddy, causes, fronted, http, nginx
from tests.doctor.fake_facts import Fake

FIRES: dict[str, Callable[[Path], Fake]] = {
    "modules": lambda root: fronted(root, http(nginx(STATIC)), names=["js/a.mjs", "css/site.css"]),
    "web assembly": lambda root: fronted(root, http(nginx(STATIC)), names=["a.wasm", "css/site.css"]),
}
SILENT: dict[str, Callable[[Path], Fake]] = {
    "two aliases": lambda root: fronted(root, http(nginx(STATIC, MEDIA)), uploads=["cat.jpg"]),
    "modules with a type": lambda root: fronted(
        root, http(nginx(STATIC), more="types { text/javascript mjs; }"), names=["js/a.mjs"]
    ),
    "what browsers take as it comes": lambda root: fronted(
        root, http(nginx(STATIC)), names=["site.webmanifest", "a.js.map", "b.avif"]
    ),
    "caddy knows modules": lambda root: fronted(
        root, caddy("handle_path /static/* {\nroot * {root}/static\nfile_server\n}"), front="caddy", names=["js/a.mjs"]
    ),
}


@pytest.mark.parametrize("name", FIRES)
def test_it_is_told_once(name: str, tmp_path: Path) -> None:
    (finding,) = causes("CW522", FIRES[name](tmp_path))
    assert finding.evidence
    assert finding.fix.summary


@pytest.mark.parametrize("name", SILENT)
def test_it_is_silent(name: str, tmp_path: Path) -> None:
    assert causes("CW522", SILENT[name](tmp_path)) == []
