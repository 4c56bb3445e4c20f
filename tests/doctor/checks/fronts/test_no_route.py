"""CW504: no location of the server that answers covers the URL"""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.doctor.checks.fronts.fronted import MEDIA, STATIC, apache, caddy, causes, fronted, http, nginx
from tests.doctor.fake_facts import Fake

FIRES: dict[str, Callable[[Path], Fake]] = {
    "nothing for static": lambda root: fronted(root, http(nginx())),
    "nothing for media": lambda root: fronted(root, http(nginx(STATIC)), uploads=["cat.jpg"]),
    "the default root": lambda root: fronted(root, http(nginx("root /usr/share/nginx/html;", proxy=""))),
    "caddy proxies all": lambda root: fronted(root, caddy(), front="caddy"),
    "apache proxies all": lambda root: fronted(
        root,
        apache(proxied="ProxyPass / http://127.0.0.1:8000/")
        .replace("ProxyPass /static !", "")
        .replace("ProxyPass /media !", ""),
        front="apache",
    ),
}
FIRES["one that is not here is about TLS"] = lambda root: fronted(
    root, http(nginx("include /nowhere/options-ssl-nginx.conf;"))
)
SILENT: dict[str, Callable[[Path], Fake]] = {
    "two aliases": lambda root: fronted(root, http(nginx(STATIC, MEDIA)), uploads=["cat.jpg"]),
    "the application serves": lambda root: fronted(root, http(nginx()), answers="whitenoise"),
    "a lane answers": lambda root: fronted(
        root, http(nginx()), texts={"Procfile": "web: gunicorn -k clearway.gunicorn.ThreadWorker shop.wsgi"}
    ),
    "settings for development": lambda root: fronted(root, http(nginx()), settings={"DEBUG": True}),
    "the whole site is closed": lambda root: fronted(root, http(nginx("deny all;"))),
    "a front that was found and names nothing": lambda root: fronted(
        root, http(nginx("root /var/www/html;", name="_", proxy="")), found=True
    ),
    "a file that is not here may have it": lambda root: fronted(
        root, http(nginx("include /nowhere/snippets/django.conf;"))
    ),
    "a wrong alias is another cause": lambda root: fronted(
        root, http(nginx("location /static/ { alias {root}/static; }"))
    ),
}


@pytest.mark.parametrize("name", FIRES)
def test_it_is_told_once(name: str, tmp_path: Path) -> None:
    (finding,) = causes("CW504", FIRES[name](tmp_path))
    assert finding.evidence
    assert finding.fix.summary


@pytest.mark.parametrize("name", SILENT)
def test_it_is_silent(name: str, tmp_path: Path) -> None:
    assert causes("CW504", SILENT[name](tmp_path)) == []
