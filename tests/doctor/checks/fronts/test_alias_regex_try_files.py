"""CW512: alias with a capture and try_files"""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.doctor.checks.fronts.fronted import MEDIA, STATIC, causes, fronted, http, nginx
from tests.doctor.fake_facts import Fake

FIRES: dict[str, Callable[[Path], Fake]] = {
    "the URI": lambda root: fronted(
        root, http(nginx("location ~ ^/static/(.*)$ { alias {root}/static/$1; try_files $uri =404; }"))
    ),
    "a directory besides": lambda root: fronted(
        root, http(nginx("location ~ ^/static/(.*)$ { alias {root}/static/$1; try_files $uri $uri/ =404; }"))
    ),
}
SILENT: dict[str, Callable[[Path], Fake]] = {
    "two aliases": lambda root: fronted(root, http(nginx(STATIC, MEDIA)), uploads=["cat.jpg"]),
    "without try_files": lambda root: fronted(
        root, http(nginx("location ~ ^/static/(.*)$ { alias {root}/static/$1; }"))
    ),
    "a prefix with try_files": lambda root: fronted(
        root, http(nginx("location /static/ { alias {root}/static/; try_files $uri =404; }"))
    ),
    "root with try_files": lambda root: fronted(
        root, http(nginx("location ~ ^/static/ { root {root}; try_files $uri =404; }"))
    ),
    "the application serves": lambda root: fronted(root, http(nginx()), answers="whitenoise"),
}


@pytest.mark.parametrize("name", FIRES)
def test_it_is_told_once(name: str, tmp_path: Path) -> None:
    (finding,) = causes("CW512", FIRES[name](tmp_path))
    assert finding.evidence
    assert finding.fix.summary


@pytest.mark.parametrize("name", SILENT)
def test_it_is_silent(name: str, tmp_path: Path) -> None:
    assert causes("CW512", SILENT[name](tmp_path)) == []
