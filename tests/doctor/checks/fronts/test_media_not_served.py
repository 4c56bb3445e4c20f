"""CW538: uploads reach the application, which does not serve them"""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.doctor.checks.fronts.fronted import MEDIA, STATIC, caddy, causes, fronted, http, nginx
from tests.doctor.fake_facts import Fake

FIRES: dict[str, Callable[[Path], Fake]] = {
    "everything is proxied": lambda root: fronted(root, http(nginx()), answers="whitenoise", uploads=["cat.jpg"]),
    "caddy": lambda root: fronted(root, caddy(), front="caddy", answers="clearway", uploads=["cat.jpg"]),
}
SILENT: dict[str, Callable[[Path], Fake]] = {
    "two aliases": lambda root: fronted(root, http(nginx(STATIC, MEDIA)), uploads=["cat.jpg"]),
    "no uploads": lambda root: fronted(root, http(nginx()), answers="whitenoise"),
    "static has a location: no route": lambda root: fronted(root, http(nginx(STATIC)), uploads=["cat.jpg"]),
    "settings for development": lambda root: fronted(
        root, http(nginx()), answers="whitenoise", settings={"DEBUG": True}, uploads=["cat.jpg"]
    ),
}


@pytest.mark.parametrize("name", FIRES)
def test_it_is_told_once(name: str, tmp_path: Path) -> None:
    (finding,) = causes("CW538", FIRES[name](tmp_path))
    assert finding.evidence
    assert finding.fix.summary


@pytest.mark.parametrize("name", SILENT)
def test_it_is_silent(name: str, tmp_path: Path) -> None:
    assert causes("CW538", SILENT[name](tmp_path)) == []
