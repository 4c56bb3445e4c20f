"""Uploads on disks that do not survive."""

from typing import Any

import pytest
from tests.doctor.deployments import BUCKET, DOCKER, site
from tests.doctor.fake_facts import found

FIELDS = {"file_fields": ("shop.Cover.image",)}
PROCFILE = {"Procfile": "web: gunicorn shop.wsgi\n"}


def composed(volumes: str) -> dict[str, str]:
    return {"Dockerfile": DOCKER, "compose.yaml": f"services:\n  web:\n    build: .\n    volumes: {volumes}\n"}


@pytest.mark.parametrize(
    ("files", "settings", "by"),
    [
        (PROCFILE, {}, "Heroku"),
        ({"fly.toml": 'app = "x"\n', "Dockerfile": DOCKER}, {}, "Fly.io"),
        ({"fly.toml": '[mounts]\ndestination = "/data"\n', "Dockerfile": DOCKER}, {}, "Fly.io"),
        ({"render.yaml": "services:\n- type: web\n  env: python\n"}, {}, "Render"),
        ({"app.yaml": "runtime: python312\n"}, {}, "App Engine"),
        ({".do/app.yaml": "services:\n- name: web\n"}, {}, "App Platform"),
        (composed("[]"), {}, "the container web"),
        (composed('["static:/app/staticfiles"]'), {}, "the container web"),
    ],
)
def test_it_fires(files: dict[str, str], settings: dict[str, Any], by: str) -> None:
    [finding] = found("CW803", site(files, settings, **FIELDS))
    assert finding.message == f"uploads are lost with the disk of {by}"


@pytest.mark.parametrize(
    ("files", "settings"),
    [
        ({}, {}),
        (PROCFILE, {"DEBUG": True}),
        (PROCFILE, {"MEDIA_ROOT": ""}),
        ({"fly.toml": '[mounts]\ndestination = "/app/media"\n', "Dockerfile": DOCKER}, {}),
        ({"fly.toml": '[[mounts]]\ndestination = "/data"\n'}, {"MEDIA_ROOT": "/data/uploads"}),
        ({"render.yaml": "services:\n- type: web\n  env: python\n  disk:\n    mountPath: /srv/shop/media\n"}, {}),
        ({"railway.toml": '[deploy]\nrequiredMountPath = "/data"\n'}, {"MEDIA_ROOT": "/data"}),
        (composed('["media:/app/media"]'), {}),
        (composed('[".:/app"]'), {}),
        ({"Dockerfile": DOCKER}, {}),
    ],
)
def test_it_is_silent(files: dict[str, str], settings: dict[str, Any]) -> None:
    assert found("CW803", site(files, settings, **FIELDS)) == []


def test_it_is_silent_where_nothing_is_uploaded_or_a_bucket_keeps_it() -> None:
    assert found("CW803", site(PROCFILE)) == []
    assert found("CW803", site(PROCFILE, media_storage=BUCKET, **FIELDS)) == []
