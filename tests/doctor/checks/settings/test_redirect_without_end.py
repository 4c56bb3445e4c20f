"""SECURE_SSL_REDIRECT behind a router that ends TLS."""

from typing import Any

import pytest
from tests.doctor.deployments import site
from tests.doctor.fake_facts import found

ON = {"SECURE_SSL_REDIRECT": True}
FLY = {"fly.toml": 'app = "shop"\n'}
RENDER = {"render.yaml": "services:\n- type: web\n  env: python\n"}


@pytest.mark.parametrize(("files", "title"), [(FLY, "Fly.io"), (RENDER, "Render"), ({"railway.json": "{}"}, "Railway")])
def test_it_fires(files: dict[str, str], title: str) -> None:
    [finding] = found("CW122", site(files, ON))
    assert title in finding.message


@pytest.mark.parametrize(
    ("files", "settings"),
    [
        (FLY, {}),
        ({}, ON),
        (FLY, ON | {"SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https")}),
        (FLY, ON | {"DEBUG": True}),
        (FLY | {"Dockerfile": "FROM x\nCMD gunicorn --forwarded-allow-ips='*' shop.wsgi\n"}, ON),
        (FLY | {"gunicorn.conf.py": 'forwarded_allow_ips = "*"\n'}, ON),
        ({"Procfile": "web: gunicorn shop.wsgi\n"}, ON),
    ],
)
def test_it_is_silent(files: dict[str, str], settings: dict[str, Any]) -> None:
    assert found("CW122", site(files, settings)) == []
