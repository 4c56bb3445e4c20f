"""The path that a front puts the application below."""

from pathlib import Path

import pytest
from tests.doctor.checks.fronts.fronted import http, nginx, opened_front

from clearway.doctor.stretches.mounts import mounts

WSGI = "<VirtualHost *:80>\nServerName shop.example\n{}\n</VirtualHost>"


@pytest.mark.parametrize(
    ("front", "text", "expected"),
    [
        ("apache", WSGI.format("WSGIScriptAlias /shop /srv/shop/wsgi.py"), ["/shop"]),
        ("apache", WSGI.format("WSGIScriptAlias / /srv/shop/wsgi.py"), []),
        ("apache", WSGI.format("WSGIScriptAlias / /srv/a.py\nWSGIScriptAlias /shop /srv/shop/wsgi.py"), []),
        ("nginx", http(nginx("uwsgi_param SCRIPT_NAME /shop;")), ["/shop"]),
        ("nginx", http(nginx("proxy_set_header SCRIPT_NAME /shop/;")), ["/shop"]),
        ("nginx", http(nginx("fastcgi_param SCRIPT_NAME $fastcgi_script_name;")), []),
        ("nginx", http(nginx()), []),
    ],
)
def test_mounts(front: str, text: str, expected: list[str], tmp_path: Path) -> None:
    assert [path for path, _ in mounts(opened_front(tmp_path, text, front))] == expected
