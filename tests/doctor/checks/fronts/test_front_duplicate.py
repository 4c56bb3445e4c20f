"""CW540: two lines exclude each other"""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.doctor.checks.fronts.fronted import MEDIA, STATIC, causes, fronted, http, nginx
from tests.doctor.fake_facts import Fake

FIRES: dict[str, Callable[[Path], Fake]] = {
    "root and alias": lambda root: fronted(
        root, http(nginx("location /static/ { root {root}; alias {root}/static/; }"))
    ),
    "a path twice": lambda root: fronted(root, http(nginx(STATIC, STATIC)), names=[]),
}
SILENT: dict[str, Callable[[Path], Fake]] = {
    "two aliases": lambda root: fronted(root, http(nginx(STATIC, MEDIA)), uploads=["cat.jpg"]),
    "root of the server": lambda root: fronted(root, http(nginx("root {root};", STATIC))),
    "two servers": lambda root: fronted(root, http(nginx(STATIC), nginx(STATIC, name="b.example"))),
    "with a modifier": lambda root: fronted(root, http(nginx(STATIC, "location = /static/ { return 404; }"))),
}


@pytest.mark.parametrize("name", FIRES)
def test_it_is_told_once(name: str, tmp_path: Path) -> None:
    (finding,) = causes("CW540", FIRES[name](tmp_path))
    assert finding.evidence
    assert finding.fix.summary


@pytest.mark.parametrize("name", SILENT)
def test_it_is_silent(name: str, tmp_path: Path) -> None:
    assert causes("CW540", SILENT[name](tmp_path)) == []
