"""Nobody answers static files with DEBUG off."""

from dataclasses import replace
from typing import Any

import pytest
from tests.doctor.deployments import BUCKET, CLEARWAY, WHITENOISE, site
from tests.doctor.fake_facts import NOBODY, found

from clearway.doctor.facts import Sources, Unavailable
from clearway.fronts.front import BrokenFront

NGINX = "server {\n  location /static/ { alias /srv/shop/staticfiles/; }\n}\n"
PROXY = "server {\n  location / { proxy_pass http://127.0.0.1:8000; }\n}\n"


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"Procfile": "web: gunicorn shop.wsgi\n"},
        {"Dockerfile": "FROM python\nCMD python manage.py runserver 0.0.0.0:8000\n"},
        {"nginx/shop.conf": PROXY},
        {"Caddyfile": "shop.example {\n  reverse_proxy :8000\n}\n"},
    ],
)
def test_it_fires_and_says_where_it_looked(files: dict[str, str]) -> None:
    [finding] = found("CW301", site(files))
    assert finding.message == "DEBUG is off, and nobody was seen to answer /static/"
    assert all(name in finding.evidence[-1] for name in files)


SERVED: list[tuple[dict[str, str], dict[str, Any], dict[str, Any]]] = [
    ({}, {}, {"process": WHITENOISE}),
    ({}, {}, {"process": CLEARWAY}),
    ({}, {}, {"process": replace(NOBODY, static_view="django.views.static.serve")}),
    ({}, {}, {"static_storage": BUCKET}),
    ({}, {}, {"broken_front": BrokenFront("nginx", "no such file")}),
    ({}, {"DEBUG": True}, {}),
    ({}, {"STATIC_URL": "https://cdn.example/static/"}, {}),
    ({}, {"INSTALLED_APPS": ["catalogue"]}, {}),
    ({}, {"ALLOWED_HOSTS": ["ada.pythonanywhere.com"]}, {}),
    ({}, {}, {"sources": Sources({}, ())}),
    ({"nginx/shop.conf": NGINX}, {}, {}),
    ({"shop.nginx": NGINX.replace("/static/ ", "~* ^/(media|static)/ ")}, {}, {}),
    ({"deploy/shop.conf": "server {\n  root /srv/public;\n  location / {\n    try_files $uri @app;\n  }\n}\n"}, {}, {}),
    ({"Caddyfile": "shop.example {\n  handle_path /static/* {\n    root * /srv\n  }\n}\n"}, {}, {}),
    ({"apache.conf": "<VirtualHost *:80>\n  Alias /static/ /srv/static/\n</VirtualHost>\n"}, {}, {}),
    ({"uwsgi.ini": "[uwsgi]\nmodule = shop.wsgi\nstatic-map = /static=/srv/static\n"}, {}, {}),
    ({"Procfile": "web: gunicorn -k clearway.gunicorn.ThreadWorker shop.wsgi\n"}, {}, {}),
    ({"gunicorn.conf.py": 'worker_class = "clearway.uvicorn.Worker"\n'}, {}, {}),
    ({"Dockerfile": "FROM x\nCMD python manage.py runserver --insecure 0.0.0.0:80\n"}, {}, {}),
    ({"fly.toml": '[[statics]]\nguest_path = "/app/s"\nurl_prefix = "/static/"\n'}, {}, {}),
    ({"fly.toml": 'app = "shop"\n'}, {}, {}),
    ({"docker-compose.yml": "services:\n  web:\n    build: .\n  nginx:\n    image: nginx:1.27\n"}, {}, {}),
    ({"passenger_wsgi.py": "from shop.wsgi import application\n"}, {}, {}),
]


@pytest.mark.parametrize(("files", "settings", "given"), SERVED)
def test_it_is_silent(files: dict[str, str], settings: dict[str, Any], given: dict[str, Any]) -> None:
    assert found("CW301", site(files, settings, **given)) == []


def test_a_server_that_nobody_knows_may_answer() -> None:
    """As Evennia has it: a server of its own, on Twisted, and no application of WSGI or ASGI."""
    unknown = replace(NOBODY, has_application=False)
    with pytest.raises(Unavailable, match="neither a WSGI nor an ASGI application"):
        found("CW301", site(process=unknown))
    assert found("CW301", site({"nginx/shop.conf": NGINX}, process=unknown)) == []
