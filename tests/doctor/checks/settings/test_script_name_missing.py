"""A site below a path whose STATIC_URL does not know of it."""

from typing import Any

import pytest
from tests.doctor.deployments import DOCKER, WHITENOISE, site
from tests.doctor.fake_facts import found

NGINX = {"nginx.conf": "server {\n  location /static/ { alias /srv/; }\n}\n"}
COMPOSE = "services:\n  web:\n    build: .\n    environment:\n      SCRIPT_NAME: /shop\n"


@pytest.mark.parametrize(
    ("files", "settings", "asked"),
    [
        ({}, {"FORCE_SCRIPT_NAME": "/shop"}, "/static/"),
        ({}, {"FORCE_SCRIPT_NAME": "/shop/"}, "/static/"),
        ({}, {"FORCE_SCRIPT_NAME": "/shop", "STATIC_URL": "shop/static/"}, "/shop/shop/static/"),
        ({"Procfile": "web: uvicorn shop.asgi:a --root-path /shop"}, {}, "/static/"),
        ({"x.service": "[Service]\nEnvironment=SCRIPT_NAME=/shop\n"}, {}, "/static/"),
        ({"Dockerfile": DOCKER + "CMD SCRIPT_NAME=/shop gunicorn shop.wsgi\n"}, {}, "/static/"),
        ({"Dockerfile": DOCKER, "compose.yaml": COMPOSE}, {}, "/static/"),
        ({"Dockerfile": DOCKER + "ENV SCRIPT_NAME=/shop\n"}, {}, "/static/"),
    ],
)
def test_it_fires(files: dict[str, str], settings: dict[str, Any], asked: str) -> None:
    [finding] = found("CW116", site(files, settings, process=WHITENOISE))
    assert f"pages ask for {asked}…" in finding.evidence[1]
    assert finding.location is None or finding.location.line > 0


@pytest.mark.parametrize(
    ("files", "settings"),
    [
        ({}, {}),
        ({}, {"FORCE_SCRIPT_NAME": "/"}),
        ({}, {"FORCE_SCRIPT_NAME": "/shop", "STATIC_URL": "static/"}),
        ({}, {"FORCE_SCRIPT_NAME": "/shop", "STATIC_URL": "/shop/static/"}),
        ({}, {"FORCE_SCRIPT_NAME": "/shop", "STATIC_URL": "https://cdn.example/static/"}),
        ({}, {"FORCE_SCRIPT_NAME": "/shop", "DEBUG": True}),
        (NGINX, {"FORCE_SCRIPT_NAME": "/shop"}),
        ({"Procfile": "web: uvicorn shop.asgi:a"}, {}),
    ],
)
def test_it_is_silent(files: dict[str, str], settings: dict[str, Any]) -> None:
    assert found("CW116", site(files, settings)) == []
