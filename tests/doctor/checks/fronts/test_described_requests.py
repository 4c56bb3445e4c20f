"""What the rules about fronts say of a request that somebody describes: its method, fields and body."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.doctor.checks.fronts.asked import anywhere, asked
from tests.doctor.checks.fronts.fronted import (
    GRANT,
    HEADERS,
    MEDIA,
    STATIC,
    apache,
    caddy,
    causes,
    fronted,
    http,
    nginx,
)
from tests.doctor.fake_facts import Fake

Case = tuple[str, Callable[[Path], Fake]]
UPLOAD = f"location /upload/ {{ client_max_body_size 10m; proxy_pass http://127.0.0.1:8000; {HEADERS} }}"
EXCEPT = f"location /upload/ {{ limit_except GET POST {{ deny all; }} proxy_pass http://127.0.0.1:8000; {HEADERS} }}"
REFERERS = (
    "location /static/ { valid_referers server_names; if ($invalid_referer) { return 403; } alias {root}/static/; }"
)
BARE = "location / { proxy_pass http://127.0.0.1:8000; proxy_set_header Host $host; }"
TLS = "443 ssl"
CSRF = {"MIDDLEWARE": ["django.middleware.csrf.CsrfViewMiddleware"]}
ORIGIN = "Origin: https://shop.example"
CORS = "location /static/ { alias {root}/static/; add_header Access-Control-Allow-Origin https://app.example; }"


def css(root: Path, text: str, *fields: str, method: str = "GET", front: str = "nginx") -> Fake:
    """The style sheet is asked for with these fields."""
    return asked(root, text, method, "/static/css/site.css", *fields, name="css/site.css", front=front)


FIRES: dict[str, Case] = {
    "nginx's default of a body": ("CW529", lambda root: asked(root, http(nginx()), "POST", octets=2_000_000)),
    "a body too large for its location": (
        "CW529",
        lambda root: asked(root, http(nginx("client_max_body_size 99m;", UPLOAD)), "PUT", octets=20_000_000),
    ),
    "a body too large for caddy": (
        "CW529",
        lambda root: asked(root, caddy("request_body {\nmax_size 1MB\n}"), "POST", octets=2_000_000, front="caddy"),
    ),
    "a method that is excepted": ("CW515", lambda root: asked(root, http(nginx(EXCEPT)), "DELETE")),
    "a method that is refused": (
        "CW515",
        lambda root: asked(root, http(nginx("if ($request_method = PUT) { return 405; }")), "PUT"),
    ),
    "a method that apache refuses": (
        "CW515",
        lambda root: asked(
            root,
            apache("<Location /upload>\n<LimitExcept GET POST>\nRequire all denied\n</LimitExcept>\n</Location>"),
            "PUT",
            front="apache",
        ),
    ),
    "a method that caddy refuses": (
        "CW515",
        lambda root: asked(root, caddy("@w method PUT\nhandle @w {\nrespond 405\n}"), "PUT", front="caddy"),
    ),
    "a referer of another site": (
        "CW515",
        lambda root: css(root, http(nginx(REFERERS)), "Referer: http://x.example/"),
    ),
    "no referer": (
        "CW515",
        lambda root: css(root, http(nginx(REFERERS)), "Referer:"),
    ),
    "a form that a location for files takes": (
        "CW506",
        lambda root: asked(root, http(nginx(STATIC, MEDIA)), "POST", "/media/new/", octets=9),
    ),
    "a path that is cut off": (
        "CW514",
        lambda root: asked(
            root,
            http(nginx("location /upload/ { proxy_pass http://127.0.0.1:8000/; proxy_set_header Host $host; }")),
            "POST",
            sent_view=False,
        ),
    ),
    "a host that Django does not know": (
        "CW527",
        lambda root: asked(root, http(nginx(name="_")), "GET", "/", origin="http://www.shop.example"),
    ),
    "a host that Django does not know, for any URL": (
        "CW527",
        lambda root: anywhere(fronted(root, http(nginx(name="_"))), "Host: www.shop.example"),
    ),
    "a form without the scheme": (
        "CW528",
        lambda root: asked(
            root, http(nginx(listen=TLS, proxy=BARE)), "POST", "/upload/", ORIGIN, origin="https://shop.example",
            settings=CSRF,
        ),
    ),
    "a form through a balancer": (
        "CW528",
        lambda root: asked(
            root, http(nginx()), "POST", "/upload/", ORIGIN, "X-Forwarded-Proto: https", settings=CSRF
        ),
    ),
    "a form without the port": (
        "CW527",
        lambda root: asked(
            root, http(nginx(listen="8080")), "POST", "/upload/", "Origin: http://shop.example:8080",
            origin="http://shop.example:8080", settings=CSRF,
        ),
    ),
    "a file that another origin fetches": (
        "CW524",
        lambda root: css(root, http(nginx(STATIC)), "Origin: https://app.example"),
    ),
    "a file that a third origin fetches": (
        "CW524",
        lambda root: css(root, http(nginx(CORS)), "Origin: https://x.example"),
    ),
    "a question that nobody answers": (
        "CW524",
        lambda root: css(root, http(nginx(STATIC)), "Origin: https://app.example", method="OPTIONS"),
    ),
}  # fmt: skip
SILENT: dict[str, Case] = {
    "a body that fits": ("CW529", lambda root: asked(root, http(nginx(UPLOAD)), "POST", octets=9_000_000)),
    "no limit": ("CW529", lambda root: asked(root, http(nginx("client_max_body_size 0;")), "POST", octets=1 << 40)),
    "a method that is among them": ("CW515", lambda root: asked(root, http(nginx(EXCEPT)), "POST", octets=5)),
    "a page that is there": ("CW515", lambda root: asked(root, http(nginx(STATIC)), "GET")),
    "a site that is closed": ("CW515", lambda root: asked(root, http(nginx("deny all;")), "GET")),
    "a referer of the site": ("CW515", lambda root: css(root, http(nginx(REFERERS)))),
    "a file that is posted to": (
        "CW506",
        lambda root: asked(root, http(nginx(STATIC)), "POST", "/static/css/site.css", has_view=False),
    ),
    "a path that is cut off and known": (
        "CW514",
        lambda root: asked(
            root,
            http(nginx("location /upload/ { proxy_pass http://127.0.0.1:8000/; proxy_set_header Host $host; }")),
            "POST",
            sent_view=True,
        ),
    ),
    "a host that Django knows": ("CW527", lambda root: asked(root, http(nginx()), "GET", "/")),
    "a form with its scheme": (
        "CW528",
        lambda root: asked(
            root, http(nginx(listen=TLS)), "POST", "/upload/", ORIGIN, origin="https://shop.example", settings=CSRF
        ),
    ),
    "a form of a trusted origin": (
        "CW528",
        lambda root: asked(
            root, http(nginx(listen=TLS, proxy=BARE)), "POST", "/upload/", ORIGIN, origin="https://shop.example",
            settings=CSRF | {"CSRF_TRUSTED_ORIGINS": ["https://*.example"]},
        ),
    ),
    "a form that nobody checks": (
        "CW528",
        lambda root: asked(
            root, http(nginx(listen=TLS, proxy=BARE)), "POST", "/upload/", ORIGIN, origin="https://shop.example"
        ),
    ),
    "a form with its port": (
        "CW527",
        lambda root: asked(
            root,
            http(nginx(listen="8080", proxy=BARE.replace("$host", "$http_host"))),
            "POST", "/upload/", "Origin: http://shop.example:8080", origin="http://shop.example:8080", settings=CSRF,
        ),
    ),
    "a file that another origin may fetch": (
        "CW524",
        lambda root: css(root, http(nginx(CORS)), "Origin: https://app.example"),
    ),
    "a file of one's own origin": (
        "CW524",
        lambda root: css(root, http(nginx(STATIC)), "Origin: http://shop.example"),
    ),
    "a copy that is still good": (
        "CW506",
        lambda root: css(root, http(nginx(STATIC)), "If-None-Match: *"),
    ),
    "types of an answer without content": (
        "CW522",
        lambda root: css(root, http(nginx(STATIC)), "If-None-Match: *"),
    ),
    "apache's files": (
        "CW515",
        lambda root: css(root, apache("Alias /static/ {root}/static/", GRANT), front="apache"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FIRES)
def test_it_is_told_once(name: str, tmp_path: Path) -> None:
    rule, facts = FIRES[name]
    (finding,) = causes(rule, facts(tmp_path))
    assert finding.level == "error"
    assert finding.evidence
    assert finding.fix.summary


@pytest.mark.parametrize("name", SILENT)
def test_it_is_silent(name: str, tmp_path: Path) -> None:
    rule, facts = SILENT[name]
    assert causes(rule, facts(tmp_path)) == []
