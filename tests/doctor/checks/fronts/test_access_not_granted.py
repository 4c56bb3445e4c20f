"""CW516: nothing grants the directory"""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.doctor.checks.fronts.fronted import GRANT, MEDIA, STATIC, apache, causes, fronted, http, nginx
from tests.doctor.fake_facts import Fake

FIRES: dict[str, Callable[[Path], Fake]] = {
    "no section": lambda root: fronted(root, apache("Alias /static/ {root}/static/"), front="apache"),
    "a section for another": lambda root: fronted(
        root,
        apache("Alias /static/ {root}/static/", "<Directory {root}/other>\nRequire all granted\n</Directory>"),
        front="apache",
    ),
}
PART = "<VirtualHost *:80>\nServerName shop.example\nAlias /static/ {root}/static/\n"
FIRES["a part of a configuration"] = lambda root: fronted(
    root, f"{PART}ProxyPass /static !\nProxyPass / http://127.0.0.1:8000/\n</VirtualHost>", front="apache"
)
SILENT: dict[str, Callable[[Path], Fake]] = {
    "granted": lambda root: fronted(root, apache("Alias /static/ {root}/static/", GRANT), front="apache"),
    "granted above": lambda root: fronted(
        root,
        apache("Alias /static/ {root}/static/", "<Directory {root}>\nRequire all granted\n</Directory>"),
        front="apache",
    ),
    "denied by a rule": lambda root: fronted(
        root,
        apache("Alias /static/ {root}/static/", GRANT, "<Location /static>\nRequire all denied\n</Location>"),
        front="apache",
    ),
    "two aliases": lambda root: fronted(root, http(nginx(STATIC, MEDIA)), uploads=["cat.jpg"]),
}


@pytest.mark.parametrize("name", FIRES)
def test_it_is_told_once(name: str, tmp_path: Path) -> None:
    (finding,) = causes("CW516", FIRES[name](tmp_path))
    assert finding.evidence
    assert finding.fix.summary


@pytest.mark.parametrize("name", SILENT)
def test_it_is_silent(name: str, tmp_path: Path) -> None:
    assert causes("CW516", SILENT[name](tmp_path)) == []
