"""CW528: the application is not told of HTTPS"""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.doctor.checks.fronts.fronted import MEDIA, STATIC, caddy, causes, fronted, http, nginx
from tests.doctor.fake_facts import Fake

FIRES: dict[str, Callable[[Path], Fake]] = {
    "not sent": lambda root: fronted(
        root,
        http(
            nginx(
                STATIC,
                listen="443 ssl",
                proxy="location / { proxy_pass http://127.0.0.1:8000; proxy_set_header Host $host; }",
            )
        ),
        settings={"SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"), "SECURE_SSL_REDIRECT": True},
    ),
    "under another name": lambda root: fronted(
        root,
        http(
            nginx(
                STATIC,
                listen="443 ssl",
                proxy="location / { proxy_pass http://127.0.0.1:8000; proxy_set_header X-Scheme $scheme; }",
            )
        ),
        settings={"SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https")},
    ),
    "overwritten behind a balancer": lambda root: fronted(
        root,
        http(nginx(STATIC)),
        settings={"SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"), "SECURE_SSL_REDIRECT": True},
    ),
}
SILENT: dict[str, Callable[[Path], Fake]] = {
    "two aliases": lambda root: fronted(root, http(nginx(STATIC, MEDIA)), uploads=["cat.jpg"]),
    "sent": lambda root: fronted(
        root,
        http(nginx(STATIC, listen="443 ssl")),
        settings={"SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"), "SECURE_SSL_REDIRECT": True},
    ),
    "passed on": lambda root: fronted(
        root,
        http(
            nginx(
                STATIC,
                proxy=(
                    "location / { proxy_pass http://127.0.0.1:8000; "
                    "proxy_set_header X-Forwarded-Proto $http_x_forwarded_proto; }"
                ),
            )
        ),
        settings={"SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"), "SECURE_SSL_REDIRECT": True},
    ),
    "left as it came": lambda root: fronted(
        root,
        http(nginx(STATIC, proxy="location / { proxy_pass http://127.0.0.1:8000; }")),
        settings={"SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"), "SECURE_SSL_REDIRECT": True},
    ),
    "nobody asks": lambda root: fronted(
        root, http(nginx(STATIC, listen="443 ssl", proxy="location / { proxy_pass http://127.0.0.1:8000; }"))
    ),
    "caddy tells": lambda root: fronted(
        root,
        caddy(site="shop.example"),
        front="caddy",
        settings={"SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"), "SECURE_SSL_REDIRECT": True},
    ),
}


@pytest.mark.parametrize("name", FIRES)
def test_it_is_told_once(name: str, tmp_path: Path) -> None:
    (finding,) = causes("CW528", FIRES[name](tmp_path))
    assert finding.evidence
    assert finding.fix.summary


@pytest.mark.parametrize("name", SILENT)
def test_it_is_silent(name: str, tmp_path: Path) -> None:
    assert causes("CW528", SILENT[name](tmp_path)) == []
