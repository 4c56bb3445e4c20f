"""CW511: alias below a regular expression without a capture"""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.doctor.checks.fronts.fronted import MEDIA, STATIC, causes, fronted, http, nginx
from tests.doctor.fake_facts import Fake

FIRES: dict[str, Callable[[Path], Fake]] = {
    "a prefix as an expression": lambda root: fronted(
        root, http(nginx("location ~ ^/static/ { alias {root}/static/; }"))
    ),
    "with endings": lambda root: fronted(
        root, http(nginx("location ~* ^/static/.*\\.(css|js|svg)$ { alias {root}/static/; }"))
    ),
}
SILENT: dict[str, Callable[[Path], Fake]] = {
    "two aliases": lambda root: fronted(root, http(nginx(STATIC, MEDIA)), uploads=["cat.jpg"]),
    "a capture": lambda root: fronted(root, http(nginx("location ~ ^/static/(.*)$ { alias {root}/static/$1; }"))),
    "a named capture": lambda root: fronted(
        root, http(nginx("location ~ ^/static/(?<rest>.*)$ { alias {root}/static/$rest; }"))
    ),
    "root": lambda root: fronted(root, http(nginx("location ~ ^/static/ { root {root}; }"))),
    "the application serves": lambda root: fronted(root, http(nginx()), answers="whitenoise"),
}


@pytest.mark.parametrize("name", FIRES)
def test_it_is_told_once(name: str, tmp_path: Path) -> None:
    (finding,) = causes("CW511", FIRES[name](tmp_path))
    assert finding.evidence
    assert finding.fix.summary


@pytest.mark.parametrize("name", SILENT)
def test_it_is_silent(name: str, tmp_path: Path) -> None:
    assert causes("CW511", SILENT[name](tmp_path)) == []
