"""CW534: open_file_cache keeps old files"""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.doctor.checks.fronts.fronted import MEDIA, STATIC, causes, fronted, http, nginx
from tests.doctor.fake_facts import Fake

FIRES: dict[str, Callable[[Path], Fake]] = {
    "a day": lambda root: fronted(root, http(nginx(STATIC), more="open_file_cache max=100; open_file_cache_valid 1d;")),
    "in the location": lambda root: fronted(
        root,
        http(nginx("location /static/ { alias {root}/static/; open_file_cache max=100; open_file_cache_valid 1h; }")),
    ),
}
SILENT: dict[str, Callable[[Path], Fake]] = {
    "two aliases": lambda root: fronted(root, http(nginx(STATIC, MEDIA)), uploads=["cat.jpg"]),
    "half a minute": lambda root: fronted(
        root, http(nginx(STATIC), more="open_file_cache max=100; open_file_cache_valid 30s;")
    ),
    "the default": lambda root: fronted(root, http(nginx(STATIC), more="open_file_cache max=100;")),
    "off": lambda root: fronted(root, http(nginx(STATIC), more="open_file_cache off; open_file_cache_valid 1d;")),
    "names with a hash": lambda root: fronted(
        root, http(nginx(STATIC), more="open_file_cache max=100; open_file_cache_valid 1d;"), is_manifest=True
    ),
}


@pytest.mark.parametrize("name", FIRES)
def test_it_is_told_once(name: str, tmp_path: Path) -> None:
    (finding,) = causes("CW534", FIRES[name](tmp_path))
    assert finding.evidence
    assert finding.fix.summary


@pytest.mark.parametrize("name", SILENT)
def test_it_is_silent(name: str, tmp_path: Path) -> None:
    assert causes("CW534", SILENT[name](tmp_path)) == []
