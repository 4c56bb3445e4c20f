"""CW502: a server in a file that is not loaded"""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.doctor.checks.fronts.fronted import MEDIA, STATIC, causes, fronted, http, nginx
from tests.doctor.fake_facts import Fake


def beside(root: Path, name: str, text: str) -> str:
    """Write a file beside the main one; nothing of it is in that one."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.replace("{root}", str(root)), "utf-8")
    return ""


FIRES: dict[str, Callable[[Path], Fake]] = {
    "not linked": lambda root: fronted(
        root, beside(root, "sites-available/shop", nginx(STATIC)) + http(nginx("root /var/www;", name="_", proxy=""))
    ),
    "without its ending": lambda root: fronted(
        root,
        beside(root, "conf.d/shop", nginx(STATIC))
        + http(nginx("root /var/www;", name="_", proxy=""), more="include {root}/conf.d/*.conf;"),
    ),
}
SILENT: dict[str, Callable[[Path], Fake]] = {
    "two aliases": lambda root: fronted(root, http(nginx(STATIC, MEDIA)), uploads=["cat.jpg"]),
    "linked": lambda root: fronted(
        root, beside(root, "sites-available/shop", nginx(STATIC)) + http(more="include {root}/sites-available/*;")
    ),
    "another site": lambda root: fronted(
        root,
        beside(root, "sites-available/blog", nginx("location /static/ { alias /srv/blog/; }", name="blog.example"))
        + http(nginx("root /var/www;", name="_", proxy="")),
    ),
    "the loaded one works": lambda root: fronted(
        root, beside(root, "sites-available/shop.old", nginx(STATIC)) + http(nginx(STATIC))
    ),
}


@pytest.mark.parametrize("name", FIRES)
def test_it_is_told_once(name: str, tmp_path: Path) -> None:
    (finding,) = causes("CW502", FIRES[name](tmp_path))
    assert finding.evidence
    assert finding.fix.summary


@pytest.mark.parametrize("name", SILENT)
def test_it_is_silent(name: str, tmp_path: Path) -> None:
    assert causes("CW502", SILENT[name](tmp_path)) == []
