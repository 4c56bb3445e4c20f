"""CW520: no table of types"""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.doctor.checks.fronts.fronted import MEDIA, STATIC, causes, fronted, http, nginx
from tests.doctor.fake_facts import Fake

FIRES: dict[str, Callable[[Path], Fake]] = {
    "none": lambda root: fronted(root, http(nginx(STATIC), types="")),
    "pictures only": lambda root: fronted(
        root, http(nginx(STATIC), types="types { image/png png; image/svg+xml svg; }")
    ),
}
SILENT: dict[str, Callable[[Path], Fake]] = {
    "two aliases": lambda root: fronted(root, http(nginx(STATIC, MEDIA)), uploads=["cat.jpg"]),
    "a server block alone": lambda root: fronted(root, nginx(STATIC)),
    "replaced within": lambda root: fronted(
        root, http(nginx("location /static/ { alias {root}/static/; types { text/javascript mjs; } }"))
    ),
}


@pytest.mark.parametrize("name", FIRES)
def test_it_is_told_once(name: str, tmp_path: Path) -> None:
    (finding,) = causes("CW520", FIRES[name](tmp_path))
    assert finding.evidence
    assert finding.fix.summary


@pytest.mark.parametrize("name", SILENT)
def test_it_is_silent(name: str, tmp_path: Path) -> None:
    assert causes("CW520", SILENT[name](tmp_path)) == []
