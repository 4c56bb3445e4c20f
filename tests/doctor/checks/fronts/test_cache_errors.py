"""CW526: a 404 may be kept for long"""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.doctor.checks.fronts.fronted import MEDIA, STATIC, causes, fronted, http, nginx
from tests.doctor.fake_facts import Fake

FIRES: dict[str, Callable[[Path], Fake]] = {
    "always": lambda root: fronted(
        root,
        http(
            nginx(
                "location /static/ { alias {root}/static/; "
                'add_header Cache-Control "public, max-age=31536000" always; }'
            )
        ),
    ),
}
SILENT: dict[str, Callable[[Path], Fake]] = {
    "two aliases": lambda root: fronted(root, http(nginx(STATIC, MEDIA)), uploads=["cat.jpg"]),
    "files only": lambda root: fronted(
        root,
        http(nginx('location /static/ { alias {root}/static/; add_header Cache-Control "public, max-age=31536000"; }')),
    ),
    "expires": lambda root: fronted(root, http(nginx("location /static/ { alias {root}/static/; expires max; }"))),
    "no-store always": lambda root: fronted(
        root, http(nginx("location /static/ { alias {root}/static/; add_header Cache-Control no-store always; }"))
    ),
    "the application serves": lambda root: fronted(root, http(nginx()), answers="whitenoise"),
}


@pytest.mark.parametrize("name", FIRES)
def test_it_is_told_once(name: str, tmp_path: Path) -> None:
    (finding,) = causes("CW526", FIRES[name](tmp_path))
    assert finding.evidence
    assert finding.fix.summary


@pytest.mark.parametrize("name", SILENT)
def test_it_is_silent(name: str, tmp_path: Path) -> None:
    assert causes("CW526", SILENT[name](tmp_path)) == []
