"""A web server's container without the collected files."""

from typing import Any

import pytest
from tests.doctor.deployments import BUCKET, DOCKER, WHITENOISE, site
from tests.doctor.fake_facts import found

NGINX = "server {\n  location /static/ { alias /app/staticfiles/; }\n}\n"
RUN = "python manage.py collectstatic --noinput"


def composed(web: str, front: str, image: str = "nginx:1.27-alpine", conf: str = NGINX) -> dict[str, str]:
    text = (
        f"services:\n  web:\n    build: .\n    command: {RUN}\n    volumes: {web}\n"
        f"  proxy:\n    image: {image}\n    volumes: {front}\n"
    )
    return {"Dockerfile": DOCKER, "docker-compose.yml": text} | ({"nginx.conf": conf} if conf else {})


FIRES: list[tuple[dict[str, str], str]] = [
    (composed("[]", "[]"), "proxy mounts nothing"),
    (composed('["static:/app/staticfiles"]', "[]"), "proxy mounts nothing"),
    (composed('["a:/app/staticfiles"]', '["b:/app/staticfiles"]'), "proxy mounts the volume b at /app/staticfiles"),
    (composed('["a:/app/media"]', '["a:/app/staticfiles"]'), "which no volume holds"),
    (
        composed('["a:/app/staticfiles"]', '["a:/usr/share/nginx/html"]'),
        "its configuration looks into /app/staticfiles/",
    ),
    (composed("[]", '["./staticfiles:/app/staticfiles"]'), "which no volume holds"),
    (composed('["staticfiles:/app/staticfiles"]', '["./staticfiles:/app/staticfiles"]'), "mounts the directory"),
    (composed("[]", "[]", "caddy:2", "") | {"Caddyfile": ":80 {\n  file_server\n}\n"}, "proxy mounts nothing"),
]
LONG = "[{type: volume, source: static, target: /app/staticfiles}]"
SILENT: list[dict[str, str]] = [
    {},
    composed('["static:/app/staticfiles"]', '["static:/app/staticfiles:ro"]'),
    composed('["static:/app/staticfiles/"]', LONG),
    composed('["static:/app"]', '["static:/app"]'),
    composed('["./staticfiles:/app/staticfiles"]', '["./staticfiles/:/app/staticfiles:ro"]'),
    composed('[".:/app"]', '["./staticfiles:/app/staticfiles"]'),
    composed('["./public:/app/staticfiles"]', '[".:/app"]', conf=""),
    composed('["${STATIC:-data}:/app/staticfiles"]', '["data:/app/staticfiles"]'),
    composed("[]", "[]", "postgres:16"),
    composed("[]", "[]", "traefik:3"),
    composed("[]", "[]") | {"docker-compose.yml": "services: [broken"},
    {"Dockerfile": DOCKER, "docker-compose.dev.yml": composed("[]", "[]")["docker-compose.yml"]},
]


@pytest.mark.parametrize(("files", "evidence"), FIRES)
def test_it_fires(files: dict[str, str], evidence: str) -> None:
    [finding] = found("CW804", site(files))
    assert finding.message == "the container proxy does not have the files that web collects"
    assert [each for each in finding.evidence if evidence in each], finding.evidence


@pytest.mark.parametrize("files", SILENT)
def test_it_is_silent(files: dict[str, str]) -> None:
    assert found("CW804", site(files)) == []


@pytest.mark.parametrize(
    ("settings", "given"),
    [({"DEBUG": True}, {}), ({}, {"process": WHITENOISE}), ({}, {"static_storage": BUCKET}), ({"STATIC_ROOT": ""}, {})],
)
def test_it_is_silent_where_the_front_needs_no_files(settings: dict[str, Any], given: dict[str, Any]) -> None:
    assert found("CW804", site(FIRES[0][0], settings, **given)) == []


def test_a_front_whose_image_brings_the_files_is_right() -> None:
    text = "services:\n  web:\n    build: .\n  proxy:\n    build: {context: ., dockerfile: nginx/Dockerfile}\n"
    image = "FROM nginx\nCOPY --from=web /app/staticfiles /srv/static\n"
    files = {"Dockerfile": DOCKER, "docker-compose.yml": text.replace("proxy", "nginx"), "nginx/Dockerfile": image}
    assert found("CW804", site(files)) == []
