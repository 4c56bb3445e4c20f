"""CW521: an inner table replaces the outer"""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.doctor.checks.fronts.fronted import MEDIA, STATIC, TYPES, causes, fronted, http, nginx
from tests.doctor.fake_facts import Fake

FIRES: dict[str, Callable[[Path], Fake]] = {
    "in the server": lambda root: fronted(root, http(nginx("types { text/javascript mjs; }", STATIC))),
    "in the location": lambda root: fronted(
        root, http(nginx("location /static/ { alias {root}/static/; types { font/woff2 woff2; } }"))
    ),
    "a server block alone": lambda root: fronted(root, nginx("types { text/javascript mjs; }", STATIC)),
}
SILENT: dict[str, Callable[[Path], Fake]] = {
    "two aliases": lambda root: fronted(root, http(nginx(STATIC, MEDIA)), uploads=["cat.jpg"]),
    "joined on one level": lambda root: fronted(root, http(nginx(STATIC), more="types { text/javascript mjs; }")),
    "a whole table within": lambda root: fronted(root, http(nginx(TYPES, STATIC))),
    "none": lambda root: fronted(root, http(nginx(STATIC), types="")),
}


@pytest.mark.parametrize("name", FIRES)
def test_it_is_told_once(name: str, tmp_path: Path) -> None:
    (finding,) = causes("CW521", FIRES[name](tmp_path))
    assert finding.evidence
    assert finding.fix.summary


@pytest.mark.parametrize("name", SILENT)
def test_it_is_silent(name: str, tmp_path: Path) -> None:
    assert causes("CW521", SILENT[name](tmp_path)) == []
