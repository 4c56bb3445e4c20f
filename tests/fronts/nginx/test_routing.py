"""The road of a URL: each row was seen on nginx 1.22.1."""

from dataclasses import replace

import pytest

from clearway.fronts.nginx.routing import route, route_accelerated

from .configured import FILES, configuration, road, server, visit

Row = tuple[str, str, int | None, str | None]
UP = "http://127.0.0.1:8000"


def end(text: str, target: str, before: str = "", method: str = "GET") -> tuple[int | None, str | None]:
    outcome = road(text, target, before, method).outcome
    assert outcome.unknown is None
    return outcome.status, outcome.file or outcome.upstream


ALIASES: list[Row] = [
    ("location /static/ { alias /srv/static/; }", "/static/a.css", 200, "/srv/static/a.css"),
    ("location /static { alias /srv/static; }", "/static/a.css", 200, "/srv/static/a.css"),
    ("location /static/ { alias /srv/static; }", "/static/a.css", 404, None),
    ("location /static { alias /srv/static/; }", "/static/a.css", 200, "/srv/static/a.css"),
    ("location /static { alias /srv/static/; }", "/static../secret.txt", 200, "/srv/secret.txt"),
    ("location /static/ { root /srv/static; }", "/static/a.css", 404, None),
    ("location /static/ { root /srv/; }", "/static/a.css", 200, "/srv/static/a.css"),
    ("location ~ ^/static/ { alias /srv/static/; }", "/static/a.css", 301, None),
    ("location ~ ^/static/(.*)$ { alias /srv/static/$1; }", "/static/a.css", 200, "/srv/static/a.css"),
    ("location ~ ^/s/(?<rest>.*)$ { alias /srv/static/$rest; }", "/s/js/b.js", 200, "/srv/static/js/b.js"),
    ("location ~ ^/s/(.*)$ { alias /srv/static/$1; try_files $uri =404; }", "/s/a.css", 404, None),
    ("location = /icon { alias /srv/static/a.css; }", "/icon", 200, "/srv/static/a.css"),
    ("location ~ ^/s/(.*)$ { if ($arg_x ~ y) { } alias /srv/static/$1; }", "/s/a.css", 301, None),
]
TRIES: list[Row] = [
    ("location / { try_files $uri $uri/ =404; }", "/static/", 200, "/srv/static/index.html"),
    ("location / { try_files $uri $uri/ =404; }", "/static", 301, None),
    ("location / { try_files $uri =404; }", "/static/", 404, None),
    ("location / { try_files $uri /index.html; }", "/static/gone.js", 200, "/srv/index.html"),
    ("location / { try_files $uri /gone; }", "/x", 500, None),
    ("location / { try_files $uri @gone; }", "/x", 500, None),
    ("location /static/ { alias /srv/static/; try_files $uri /static/a.css; }", "/static/x", 200, "/srv/static/a.css"),
    ("location / { try_files static/a.css /static/a.css =404; }", "/x", 200, "/srv/static/a.css"),
    ("location / { try_files $uri =404; }", "/private/d.css", 404, None),
    ("location / { try_files $uri =404; }", "/static/e.css", 403, None),
    ("location / { if ($arg_x) { set $y 1; } try_files $uri /secret.txt; }", "/gone?x=1", 404, None),
    ("try_files $uri /secret.txt; location /static/ { }", "/static/gone", 404, None),
    ("try_files $uri /secret.txt; location /static/ { }", "/gone", 200, "/srv/secret.txt"),
]
FILES_AND_INDEXES: list[Row] = [
    ("", "/", 200, "/srv/index.html"),
    ("", "/media/", 403, None),
    ("autoindex on;", "/media/", 200, None),
    ("", "/gone/", 404, None),
    ("", "/static", 301, None),
    ("", "/private/d.css", 403, None),
    ("", "/private/", 403, None),
    ("", "/static/e.css", 403, None),
    ("", "/static/a.css/", 404, None),
    ("", "/static/a.css/x", 404, None),
    ("index gone index.html;", "/static/", 200, "/srv/static/index.html"),
    ("index /secret.txt;", "/static/", 200, "/srv/secret.txt"),
    ("location / { root html; }", "/", 200, "/usr/share/nginx/html/index.html"),
    ("", "/%2e%2e/x", 400, None),
    (r"location ~* \.css$ { root /elsewhere; }", "/static/a.css", 404, None),
    ("location /f/ { alias /srv/secret.txt; }", "/f/", 500, None),
]
RULES: list[Row] = [
    ("return 301 https://$host$request_uri;", "/static/a.css", 301, None),
    ("rewrite ^/s/(.*)$ /static/$1;", "/s/a.css", 200, "/srv/static/a.css"),
    ("location /s/ { rewrite ^/s/(.*)$ /static/$1 break; }", "/s/a.css", 200, "/srv/static/a.css"),
    ("location /s/ { alias /srv/; rewrite ^/s/(.*)$ /static/$1 break; }", "/s/a.css", 500, None),
    ("location /s/ { rewrite ^ /s/x; }", "/s/a", 500, None),
    ("location /i/ { internal; alias /srv/static/; }", "/i/a.css", 404, None),
    ("location /i/ { internal; alias /srv/static/; } rewrite ^/j/(.*) /i/$1;", "/j/a.css", 200, "/srv/static/a.css"),
    ("location /static/ { deny all; }", "/static/a.css", 403, None),
    ("location /static/ { allow 127.0.0.1; deny all; }", "/static/a.css", 200, "/srv/static/a.css"),
    ("deny 10.0.0.0/8; location /static/ { }", "/static/a.css", 200, "/srv/static/a.css"),
    ("location / { auth_basic x; auth_basic_user_file p; }", "/secret.txt", 401, None),
    ("location / { auth_basic x; }", "/secret.txt", 200, "/srv/secret.txt"),
    ("satisfy any; allow all; auth_basic x; auth_basic_user_file p;", "/secret.txt", 200, "/srv/secret.txt"),
    ("satisfy any; deny all; auth_basic x; auth_basic_user_file p;", "/secret.txt", 401, None),
    ("location / { auth_request /ok; } location = /ok { return 204; }", "/secret.txt", 200, "/srv/secret.txt"),
    ("location / { auth_request /no; } location = /no { return 403; }", "/secret.txt", 403, None),
    (
        "location / { valid_referers none; if ($invalid_referer) { return 403; } }",
        "/secret.txt",
        200,
        "/srv/secret.txt",
    ),
    ("location / { valid_referers blocked; if ($invalid_referer) { return 403; } }", "/secret.txt", 403, None),
    ("location / { if (-f $request_filename) { return 418; } }", "/secret.txt", 418, None),
    ("location / { return 444; }", "/", 444, None),
    ("location / { return 499; }", "/", 444, None),
    ("location / { return 200 text; }", "/", 200, None),
    ("disable_symlinks on;", "/secret.txt", 200, "/srv/secret.txt"),
]
ERROR_PAGES: list[Row] = [
    ("error_page 404 /404.html;", "/gone", 404, "/srv/404.html"),
    ("error_page 404 =200 /index.html;", "/gone", 200, "/srv/index.html"),
    ("error_page 404 = /index.html;", "/gone", 200, "/srv/index.html"),
    ("error_page 404 /none.html;", "/gone", 404, None),
    ("error_page 500 /none.html; location / { return 500; } location /none { }", "/", 404, None),
    ("error_page 404 @up; location @up { proxy_pass http://127.0.0.1:8000; }", "/gone", 404, f"{UP}/gone"),
    ("error_page 404 = @up; location @up { proxy_pass http://127.0.0.1:8000; }", "/gone", None, f"{UP}/gone"),
    ("error_page 404 http://other.example/;", "/gone", 302, None),
    ("error_page 404 =301 /x$uri; location /x { proxy_pass http://127.0.0.1:8000; }", "/gone", 301, f"{UP}/x/gone"),
    ("error_page 404 /a; location /a { error_page 404 /secret.txt; }", "/gone", 404, None),
    (
        "recursive_error_pages on; error_page 404 /a; location /a { error_page 404 /secret.txt; }",
        "/gone",
        404,
        "/srv/secret.txt",
    ),
]
PASSED_ON: list[Row] = [
    ("location /app/ { proxy_pass http://127.0.0.1:8000; }", "/app/a%2Fb?c", None, f"{UP}/app/a%2Fb?c"),
    ("location /app/ { proxy_pass http://127.0.0.1:8000/; }", "/app/a%2Fb%20c?d", None, f"{UP}/a/b%20c?d"),
    ("location /app { proxy_pass http://127.0.0.1:8000/; }", "/appx", None, f"{UP}/x"),
    ("location /app/ { proxy_pass http://127.0.0.1:8000/sub/; }", "/app/x", None, f"{UP}/sub/x"),
    ("location /app/ { proxy_pass http://back; }", "/app/x", None, f"{UP}/app/x"),
    ("set $up 127.0.0.1:8000; location / { proxy_pass http://$up/v$uri; }", "/x?y", None, f"{UP}/v/x"),
    ("location / { proxy_pass http://unix:/run/app.sock; }", "/x", None, "http://unix:/run/app.sock:/x"),
    ("location / { proxy_pass http://sock/v; }", "/x", None, "http://unix:/run/app.sock:/vx"),
    ("location / { uwsgi_pass unix:/run/app.sock; }", "/x", None, "uwsgi://unix:/run/app.sock"),
    ("location / { rewrite ^/(.*)$ /n/$1 break; proxy_pass http://back; }", "/x?y", None, f"{UP}/n/x?y"),
    ("location / { try_files $uri @up; } location @up { proxy_pass http://back; }", "/x%20y", None, f"{UP}/x%20y"),
    ("location / { if ($arg_a) { set $b 1; } proxy_pass http://back; }", "/?a=1", None, f"{UP}/?a=1"),
    ("location / { limit_except POST { deny all; } proxy_pass http://back; }", "/", 403, None),
    ("location /app/ { proxy_pass http://back; }", "/app", 301, None),
]


@pytest.mark.parametrize(("text", "target", "status", "where"), [*ALIASES, *TRIES, *FILES_AND_INDEXES, *RULES])
def test_a_url_ends_in_the_file_that_nginx_serves(
    text: str, target: str, status: int | None, where: str | None
) -> None:
    assert end(text, target) == (status, where)


UPSTREAMS = """
upstream back { server 127.0.0.1:8000; server 127.0.0.1:8001 backup; }
upstream sock { server unix:/run/app.sock; }
"""


@pytest.mark.parametrize(("text", "target", "status", "where"), [*ERROR_PAGES, *PASSED_ON])
def test_a_url_ends_where_an_error_page_or_a_pass_takes_it(
    text: str, target: str, status: int | None, where: str | None
) -> None:
    assert end(text, target, UPSTREAMS) == (
        status,
        where,
    )


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [
        ("HEAD", "/secret.txt", 200), ("POST", "/secret.txt", 405), ("OPTIONS", "/secret.txt", 405),
        ("POST", "/gone", 404), ("PUT", "/gone", 405), ("POST", "/static", 301), ("POST", "/media/", 403),
        ("OPTIONS", "/media/", 405), ("POST", "/", 405),
    ],
)  # fmt: skip
def test_a_file_takes_only_some_methods(method: str, target: str, status: int) -> None:
    assert end("", target, method=method)[0] == status


def test_captures_are_lost_to_the_next_regular_expression() -> None:
    text = r"location ~ ^/s/(.*)$ { if ($uri ~ \.css$) { set $x 1; } return 200 $1; add_header X-A $1; }"
    assert "x-a" not in road(text, "/s/a.css").outcome.headers


# --- what is said on the way


def test_the_step_that_is_the_reason_is_marked() -> None:
    steps = road("location /static/ { alias /srv/static; }", "/static/a.css").steps
    assert [(step.layer, step.ok) for step in steps] == [("server", True), ("location", True), ("file", False)]
    assert steps[-1].decision == (
        "/srv/statica.css does not exist; the location ends in a slash and the alias does not: 404"
    )
    assert steps[-1].location is not None


@pytest.mark.parametrize(
    ("text", "target", "layer", "words"),
    [
        (
            "location / { try_files $uri =404; }",
            "/private/d.css",
            "permission",
            "/srv/private cannot be entered; to try_files",
        ),
        ("", "/private/d.css", "permission", "/srv/private cannot be entered"),
        ("location /static/ { root /srv/static; }", "/static/a.css", "file", "so /static/ is there twice"),
        ("location /static/ { root html; }", "/static/a.css", "file", "/html/static/a.css does not exist: 404"),
        ("", "/static/e.css", "permission", "mode"),
        ("location / { return 403; }", "/", "rewrite", "return 403"),
        ("location / { deny all; }", "/", "access", "deny all holds for 127.0.0.1"),
        ("location / { internal; }", "/", "access", "internal"),
        ("location / { try_files $uri /x; }", "/x", "rewrite", "cycle"),
        ("", "/media/", "index", "has no index"),
    ],
)
def test_the_reason_is_told_in_words(text: str, target: str, layer: str, words: str) -> None:
    (wrong,) = [step for step in road(text, target).steps if not step.ok]
    assert wrong.layer == layer
    assert words in wrong.decision


def test_nothing_is_marked_on_a_healthy_road() -> None:
    for text, target in [
        ("", "/static/a.css"),
        ("location / { try_files $uri @a; } location @a { return 200; }", "/x"),
    ]:
        assert all(step.ok for step in road(text, target).steps)


# --- what cannot be known


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("location / { content_by_lua_block { ngx.say('x') } }", "runs code"),
        ("location / { access_by_lua_file a.lua; }", "runs code"),
        ("if ($geoip_country_code = DE) { return 403; }", "geoip"),
        ("if ($no_such_variable) { return 403; }", "no_such_variable"),
        ("location $chosen { }", "condition"),
        ("location / { auth_request /ask; } location /ask { proxy_pass http://127.0.0.1:1; }", "auth_request"),
        (r"location ~ (?R)x { }", "regular expression"),
        ("location / { redis2_pass 127.0.0.1:6379; }", "redis2_pass"),
        ("random_index on;", "random_index"),
        ("set_by_lua_block $x { return 1 } root /srv/$x;", r"\$x is set by code"),
    ],
)
def test_what_cannot_be_known_is_said_with_its_reason(text: str, words: str) -> None:
    unknown = road(text, "/x", version=(1, 31, 5)).outcome.unknown
    assert unknown
    assert words.replace("\\", "") in unknown


@pytest.mark.parametrize(
    "text",
    [
        "location /lua { content_by_lua_block { } }",
        "set $country $geoip_country_code;",
        "location / { log_by_lua_block { } vhost_traffic_status_zone; modsecurity off; more_set_headers 'X: 1'; }",
    ],
)
def test_what_does_not_matter_is_not_unknown(text: str) -> None:
    assert end(text, "/secret.txt") == (200, "/srv/secret.txt")


def test_a_header_that_cannot_be_known_is_left_out() -> None:
    found = road("add_header X-A $request_id; add_header X-B 1;", "/secret.txt")
    assert found.outcome.headers["x-b"] == "1"
    assert "x-a" not in found.outcome.headers
    assert "$request_id" in found.steps[-1].decision


def test_a_port_where_nothing_listens_is_a_fault() -> None:
    found = route(server(""), visit("/", port=8080), FILES)
    assert found.outcome.unknown
    assert not found.steps[-1].ok


def test_a_closed_connection_stays_closed_on_an_error_page() -> None:
    assert end("error_page 404 /x; location /x { return 444; }", "/gone") == (444, None)


TLS = "server { listen 443 ssl; root /srv; error_page 497 https://$host$request_uri; }"


def test_plain_http_on_a_tls_port_has_an_error_of_its_own() -> None:
    asked = visit("/a?b", port=443)
    assert route(configuration(TLS.replace("error_page 497", "error_page 402")), asked, FILES).outcome.status == 400
    outcome = route(configuration(TLS), asked, FILES).outcome
    assert (outcome.status, outcome.headers["location"]) == (302, "https://localhost/a?b")


def test_tls_on_a_plain_port_means_that_something_stands_before() -> None:
    assert "TLS" in (route(server(""), replace(visit("/"), scheme="https"), FILES).outcome.unknown or "")


@pytest.mark.parametrize("text", ["try_files $uri =x;", "return;", "location / { client_max_body_size x; }"])
def test_a_directive_that_is_none_is_no_exception(text: str) -> None:
    found = route(server(text), visit("/x", fields={"content-length": "3"}), FILES)
    assert found.outcome.unknown
    assert not found.steps[-1].ok


def test_maps_that_ask_each_other_are_no_exception() -> None:
    maps = "map $a $b { default $c; } map $b $c { default $b; }"
    assert road("location / { if ($b) { return 403; } }", "/", maps).outcome.unknown


def test_code_that_a_location_replaces_does_not_decide() -> None:
    text = "rewrite_by_lua_file a; location /a { return 418; } location /b { content_by_lua_file c; return 418; }"
    assert [end(text, target)[0] for target in ("/a", "/b")] == [418, 418]


def test_code_that_touches_headers_is_told() -> None:
    assert "may change the headers" in road("more_set_headers 'X: 1';", "/secret.txt").steps[-1].decision


def test_a_configuration_that_nginx_refuses_is_no_exception() -> None:
    found = road("location /a { } location /a { }", "/a")
    assert "duplicate location" in (found.outcome.unknown or "")


# --- the answer of the application


ACCELERATED = "location / { proxy_pass http://127.0.0.1:8000; } location /protected/ { internal; alias /srv/; }"


@pytest.mark.parametrize(
    ("target", "status", "file"),
    [
        ("/protected/secret.txt", 200, "/srv/secret.txt"),
        ("/protected/static/%61.css", 200, "/srv/static/a.css"),
        ("/protected/../secret.txt", 404, None),
        ("/elsewhere", None, None),
    ],
)
def test_an_accelerated_answer_goes_on_within_the_server(target: str, status: int | None, file: str | None) -> None:
    outcome = route_accelerated(server(ACCELERATED), visit("/download", method="POST"), target, FILES).outcome
    assert (outcome.status, outcome.file) == (status, file)


def test_an_accelerated_answer_is_still_on_the_error_page_that_led_to_it() -> None:
    text = f"error_page 404 = @up; location @up {{ proxy_pass {UP}; }}"
    road = route_accelerated(server(text), visit("/gone"), "/gone-too", FILES)
    assert (road.outcome.by, road.outcome.status) == ("nginx", 404)


def test_what_the_application_is_not_asked_for_is_not_accelerated() -> None:
    assert route_accelerated(server(ACCELERATED), visit("/protected/x"), "/y", FILES).outcome.status == 404


def test_an_accelerated_answer_keeps_the_type_of_the_application() -> None:
    road = route_accelerated(server(ACCELERATED), visit("/d"), "/protected/secret.txt", FILES, "application/pdf")
    assert road.outcome.type == "application/pdf"


def test_servers_without_a_block_answer_nothing() -> None:
    assert route(configuration(""), visit("/"), FILES).outcome.status is None
