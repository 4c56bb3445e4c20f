"""CW527: the application gets another host"""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.doctor.checks.fronts.fronted import GRANT, MEDIA, STATIC, apache, caddy, causes, fronted, http, nginx
from tests.doctor.fake_facts import Fake

FIRES: dict[str, Callable[[Path], Fake]] = {
    "none, and the upstream has an underscore": lambda root: fronted(
        root,
        http(
            nginx(STATIC, proxy="location / { proxy_pass http://shop_app; }"),
            more="upstream shop_app { server 127.0.0.1:8000; }",
        ),
    ),
    "a socket": lambda root: fronted(
        root, http(nginx(STATIC, proxy="location / { proxy_pass http://unix:/run/a.sock; }"))
    ),
    "lost by inheritance": lambda root: fronted(
        root,
        http(
            nginx(
                "proxy_set_header Host $host;",
                STATIC,
                proxy="location / { proxy_pass http://127.0.0.1:8000; proxy_set_header X-A b; }",
            )
        ),
    ),
    "twice": lambda root: fronted(
        root,
        http(
            nginx(
                STATIC,
                proxy=(
                    "location / { proxy_pass http://127.0.0.1:8000; "
                    "proxy_set_header Host $host; proxy_set_header Host $http_host; }"
                ),
            )
        ),
    ),
    "the name of a catch-all": lambda root: fronted(
        root,
        http(
            nginx(
                STATIC,
                name="_",
                proxy="location / { proxy_pass http://127.0.0.1:8000; proxy_set_header Host $server_name; }",
            )
        ),
    ),
    "apache": lambda root: fronted(
        root, apache("Alias /static/ {root}/static/", GRANT).replace("ProxyPreserveHost On", ""), front="apache"
    ),
}
SILENT: dict[str, Callable[[Path], Fake]] = {
    "two aliases": lambda root: fronted(root, http(nginx(STATIC, MEDIA)), uploads=["cat.jpg"]),
    "$http_host": lambda root: fronted(
        root,
        http(nginx(STATIC, proxy="location / { proxy_pass http://127.0.0.1:8000; proxy_set_header Host $http_host; }")),
    ),
    "the host itself": lambda root: fronted(
        root,
        http(
            nginx(STATIC, proxy="location / { proxy_pass http://127.0.0.1:8000; proxy_set_header Host shop.example; }")
        ),
    ),
    "set in the server": lambda root: fronted(
        root,
        http(nginx("proxy_set_header Host $host;", STATIC, proxy="location / { proxy_pass http://127.0.0.1:8000; }")),
    ),
    "X-Forwarded-Host": lambda root: fronted(
        root,
        http(
            nginx(
                STATIC,
                proxy="location / { proxy_pass http://127.0.0.1:8000; proxy_set_header X-Forwarded-Host $host; }",
            )
        ),
        settings={"USE_X_FORWARDED_HOST": True},
    ),
    "uwsgi": lambda root: fronted(root, http(nginx(STATIC, proxy="location / { uwsgi_pass unix:/run/a.sock; }"))),
    "caddy passes it": lambda root: fronted(
        root, caddy("handle_path /static/* {\nroot * {root}/static\nfile_server\n}"), front="caddy"
    ),
    "development": lambda root: fronted(
        root, http(nginx(STATIC, proxy="location / { proxy_pass http://a_b; }")), settings={"DEBUG": True}
    ),
}


@pytest.mark.parametrize("name", FIRES)
def test_it_is_told_once(name: str, tmp_path: Path) -> None:
    (finding,) = causes("CW527", FIRES[name](tmp_path))
    assert finding.evidence
    assert finding.fix.summary


@pytest.mark.parametrize("name", SILENT)
def test_it_is_silent(name: str, tmp_path: Path) -> None:
    assert causes("CW527", SILENT[name](tmp_path)) == []


def test_a_host_that_django_takes_is_a_risk(tmp_path: Path) -> None:
    text = http(nginx(STATIC, proxy="location / { proxy_pass http://127.0.0.1:8000; }"))
    (finding,) = causes("CW527", fronted(tmp_path, text, settings={"ALLOWED_HOSTS": ["shop.example", "127.0.0.1"]}))
    assert finding.level == "warning"
    (finding,) = causes("CW527", fronted(tmp_path, text))
    assert finding.level == "error"
