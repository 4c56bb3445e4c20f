"""Volumes over what an image brings."""

from typing import Any

import pytest
from tests.doctor.deployments import BUCKET, COLLECTS, DOCKER, site
from tests.doctor.fake_facts import found

IMAGE = DOCKER + COLLECTS + "CMD gunicorn shop.wsgi\n"


def composed(volumes: str, image: str = IMAGE, more: str = "") -> dict[str, str]:
    text = f"services:\n  web:\n    build: .\n    volumes: {volumes}\n{more}"
    return {"Dockerfile": image, "docker-compose.yml": text}


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (composed('["static:/app/staticfiles"]'), "the volume static"),
        (composed('["static:/app"]'), "the volume static"),
        (composed('[".:/app"]'), "the directory ."),
        (composed('["/srv/data:/app/staticfiles"]'), "the directory /srv/data"),
        ({"Dockerfile": IMAGE, "fly.toml": '[mounts]\ndestination = "/app"\n'}, "the disk at /app"),
    ],
)
def test_it_fires(files: dict[str, str], said: str) -> None:
    [finding] = found("CW805", site(files))
    assert finding.message == f"{said} hides the files that the image brings"
    assert "Dockerfile:4" in finding.evidence[0]


@pytest.mark.parametrize(
    ("files", "settings", "given"),
    [
        ({}, {}, {}),
        (composed("[]"), {}, {}),
        (composed('["media:/app/media"]'), {}, {}),
        (composed('["static:/app/staticfiles"]', DOCKER), {}, {}),
        (composed('["s:/app/staticfiles"]', more="    command: manage.py collectstatic --noinput\n"), {}, {}),
        (composed('["static:/app/staticfiles"]'), {"DEBUG": True}, {}),
        (composed('["static:/app/staticfiles"]'), {}, {"static_storage": BUCKET}),
        ({"Dockerfile": IMAGE, "fly.toml": '[mounts]\ndestination = "/data"\n'}, {}, {}),
    ],
)
def test_it_is_silent(files: dict[str, str], settings: dict[str, Any], given: dict[str, Any]) -> None:
    assert found("CW805", site(files, settings, **given)) == []
