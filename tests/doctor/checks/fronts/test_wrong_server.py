"""CW503: another server answers"""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.doctor.checks.fronts.fronted import MEDIA, STATIC, causes, fronted, http, nginx
from tests.doctor.fake_facts import Fake

FIRES: dict[str, Callable[[Path], Fake]] = {
    "the default one": lambda root: fronted(
        root,
        http(
            nginx("root /var/www/html;", name="_", listen="80 default_server", proxy=""),
            nginx(STATIC, name="shop.exmaple"),
        ),
    ),
    "the one for HTTPS": lambda root: fronted(root, http(nginx(STATIC), nginx(listen="443 ssl"))),
    "twice the same name": lambda root: fronted(root, http(nginx(), nginx(STATIC))),
    "caddy": lambda root: fronted(
        root,
        (
            "http://shop.example {\nrespond 404\n}\nhttp://www.shop.example {\n"
            "handle_path /static/* {\nroot * {root}/static\nfile_server\n}\n}"
        ),
        front="caddy",
    ),
}
SILENT: dict[str, Callable[[Path], Fake]] = {
    "two aliases": lambda root: fronted(root, http(nginx(STATIC, MEDIA)), uploads=["cat.jpg"]),
    "one server of another name": lambda root: fronted(root, http(nginx(STATIC, name="_"))),
    "several sites": lambda root: fronted(
        root,
        http(
            nginx("root /var/www;", name="_", listen="80 default_server", proxy=""),
            nginx(STATIC),
            nginx("location /static/ { alias /srv/blog/; }", name="blog.example"),
        ),
    ),
    "a redirect to HTTPS": lambda root: fronted(
        root, http(nginx("return 301 https://$host$request_uri;", proxy=""), nginx(STATIC, listen="443 ssl"))
    ),
    "the application serves": lambda root: fronted(root, http(nginx()), answers="whitenoise"),
}


@pytest.mark.parametrize("name", FIRES)
def test_it_is_told_once(name: str, tmp_path: Path) -> None:
    (finding,) = causes("CW503", FIRES[name](tmp_path))
    assert finding.evidence
    assert finding.fix.summary


@pytest.mark.parametrize("name", SILENT)
def test_it_is_silent(name: str, tmp_path: Path) -> None:
    assert causes("CW503", SILENT[name](tmp_path)) == []
