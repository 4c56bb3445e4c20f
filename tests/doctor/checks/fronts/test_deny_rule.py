"""CW515: a rule forbids the file"""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.doctor.checks.fronts.fronted import GRANT, MEDIA, STATIC, apache, causes, fronted, http, nginx
from tests.doctor.fake_facts import Fake

FIRES: dict[str, Callable[[Path], Fake]] = {
    "deny": lambda root: fronted(root, http(nginx("location /static/ { deny all; alias {root}/static/; }"))),
    "return": lambda root: fronted(root, http(nginx("location ~ \\.js$ { return 403; }", STATIC))),
    "referers": lambda root: fronted(
        root,
        http(
            nginx(
                "location /static/ { valid_referers other.example; "
                "if ($invalid_referer) { return 403; } alias {root}/static/; }"
            )
        ),
    ),
    "internal": lambda root: fronted(root, http(nginx("location /static/ { internal; alias {root}/static/; }"))),
    "a password": lambda root: fronted(
        root, http(nginx("location /static/ { auth_basic x; auth_basic_user_file /etc/x; alias {root}/static/; }"))
    ),
    "apache": lambda root: fronted(
        root,
        apache("Alias /static/ {root}/static/", GRANT, "<Location /static/css>\nRequire all denied\n</Location>"),
        front="apache",
    ),
}
SILENT: dict[str, Callable[[Path], Fake]] = {
    "two aliases": lambda root: fronted(root, http(nginx(STATIC, MEDIA)), uploads=["cat.jpg"]),
    "the whole site": lambda root: fronted(root, http(nginx("deny all;", STATIC))),
    "a password for all": lambda root: fronted(
        root, http(nginx("auth_basic x;", "auth_basic_user_file /etc/x;", STATIC))
    ),
    "dotfiles": lambda root: fronted(root, http(nginx(STATIC, "location ~ /\\. { deny all; }"))),
    "referers that are the site": lambda root: fronted(
        root,
        http(
            nginx(
                "location /static/ { valid_referers none blocked server_names; "
                "if ($invalid_referer) { return 403; } alias {root}/static/; }"
            )
        ),
    ),
    "the application serves": lambda root: fronted(root, http(nginx()), answers="whitenoise"),
}


@pytest.mark.parametrize("name", FIRES)
def test_it_is_told_once(name: str, tmp_path: Path) -> None:
    (finding,) = causes("CW515", FIRES[name](tmp_path))
    assert finding.evidence
    assert finding.fix.summary


@pytest.mark.parametrize("name", SILENT)
def test_it_is_silent(name: str, tmp_path: Path) -> None:
    assert causes("CW515", SILENT[name](tmp_path)) == []
