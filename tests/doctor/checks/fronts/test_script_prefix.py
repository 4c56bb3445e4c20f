"""CW519: the location is not below the script name"""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.doctor.checks.fronts.fronted import MEDIA, STATIC, causes, fronted, http, nginx
from tests.doctor.fake_facts import Fake

FIRES: dict[str, Callable[[Path], Fake]] = {
    "the prefix alone": lambda root: fronted(
        root, http(nginx(STATIC)), prefix="/shop/static/", settings={"FORCE_SCRIPT_NAME": "/shop"}
    ),
}
SILENT: dict[str, Callable[[Path], Fake]] = {
    "two aliases": lambda root: fronted(root, http(nginx(STATIC, MEDIA)), uploads=["cat.jpg"]),
    "below it": lambda root: fronted(
        root,
        http(nginx("location /shop/static/ { alias {root}/static/; }")),
        prefix="/shop/static/",
        settings={"FORCE_SCRIPT_NAME": "/shop"},
    ),
    "another prefix": lambda root: fronted(
        root,
        http(nginx("location /assets/ { alias {root}/static/; }")),
        prefix="/shop/static/",
        settings={"FORCE_SCRIPT_NAME": "/shop"},
    ),
    "the application serves": lambda root: fronted(root, http(nginx()), answers="whitenoise"),
}


@pytest.mark.parametrize("name", FIRES)
def test_it_is_told_once(name: str, tmp_path: Path) -> None:
    (finding,) = causes("CW519", FIRES[name](tmp_path))
    assert finding.evidence
    assert finding.fix.summary


@pytest.mark.parametrize("name", SILENT)
def test_it_is_silent(name: str, tmp_path: Path) -> None:
    assert causes("CW519", SILENT[name](tmp_path)) == []
