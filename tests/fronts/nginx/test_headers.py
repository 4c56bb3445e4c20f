"""Types and headers of what nginx answers itself: each row was seen on nginx 1.22.1."""

from collections.abc import Mapping

import pytest
from tests.helpers.fake_files import MTIME, SIZE

from clearway.fronts.nginx import expires
from clearway.http.validators import format_date

from .configured import road

TYPES = "types { text/css css; text/javascript js mjs; }"
TAG = f'"{MTIME:x}-{SIZE:x}"'


def headers(text: str, target: str, fields: Mapping[str, str] | None = None, before: str = "") -> dict[str, str]:
    return dict(road(text, target, before, fields=fields).outcome.headers)


@pytest.mark.parametrize(
    ("text", "before", "target", "expected"),
    [
        ("", "", "/static/a.css", "text/plain"),
        ("", "", "/index.html", "text/html"),
        ("", TYPES, "/static/a.css", "text/css"),
        ("", TYPES, "/index.html", "text/plain"),
        ("location /static/ { types { text/x mjs; } }", TYPES, "/static/a.css", "text/plain"),
        ("types { } default_type a/b;", TYPES, "/static/a.css", "a/b"),
        ("default_type a/b;", TYPES, "/static/a.css", "text/css"),
        ("types { text/html html; } types { text/x css; }", TYPES, "/static/a.css", "text/x"),
        ("charset utf-8;", "", "/index.html", "text/html; charset=utf-8"),
        ("charset utf-8;", TYPES, "/static/a.css", "text/css"),
        ("charset utf-8; charset_types text/css;", TYPES, "/static/a.css", "text/css; charset=utf-8"),
        ("charset utf-8;", "", "/gone", "text/html; charset=utf-8"),
        ("charset utf-8;", "", "/static", "text/html"),
        ("location / { return 200 x; }", TYPES, "/a.css", "text/css"),
        ("location / { return 204; }", "", "/a.css", None),
        ("location / { return 418; }", "", "/a.css", None),
        ("location / { return 304; }", "", "/a.css", "text/plain"),
        ("location = /icon { alias /srv/static/a.css; }", TYPES, "/icon", "text/plain"),
    ],
)
def test_the_type_follows_the_url(text: str, before: str, target: str, expected: str | None) -> None:
    outcome = road(text, target, before).outcome
    assert outcome.type == outcome.headers.get("content-type") == expected


@pytest.mark.parametrize(
    ("text", "target", "expected"),
    [
        ("add_header X-A 1; location /static/ { }", "/static/a.css", {"x-a": "1"}),
        ("add_header X-A 1; location /static/ { add_header X-B 2; }", "/static/a.css", {"x-b": "2"}),
        ("add_header X-A 1; location /static/ { expires max; }", "/static/a.css", {"x-a": "1"}),
        ("add_header X-A 1;", "/gone", {}),
        ("add_header X-A 1 always;", "/gone", {"x-a": "1"}),
        ("add_header X-A 1;", "/static", {"x-a": "1"}),
        ("add_header X-A $uri; add_header X-B '';", "/static/a.css", {"x-a": "/static/a.css"}),
        ("add_header X-A 1; add_header X-A 2;", "/static/a.css", {"x-a": "1, 2"}),
        ("location / { add_header X-A 1; if ($arg_a) { add_header X-B 2; } }", "/secret.txt?a=1", {"x-b": "2"}),
        ("location / { add_header X-A 1; if ($arg_a) { set $b 2; } }", "/secret.txt?a=1", {"x-a": "1"}),
        ("location ~ /(.*) { set $a $1; add_header X-A $a; return 200; }", "/x%20y", {"x-a": "x%20y"}),
        ("location ~ /(.*) { add_header X-A $1; return 200; }", "/x%20y", {"x-a": "x y"}),
        ("location /b { rewrite ^/(.*) /c/$1; set $a $1; add_header X-A $a; return 200; }", "/b%20", {"x-a": "b "}),
        ("location / { try_files /gone /index.html; add_header X-A 1; } location = /index.html { }", "/", {}),
    ],
)
def test_added_headers_are_inherited_only_where_a_level_has_none(
    text: str, target: str, expected: dict[str, str]
) -> None:
    assert {name: value for name, value in headers(text, target).items() if name.startswith("x-")} == expected


@pytest.mark.parametrize(
    ("text", "target", "expected"),
    [
        ("expires max;", "/static/a.css", "max-age=315360000"),
        ("expires 1h;", "/static/a.css", "max-age=3600"),
        ("expires -1;", "/static/a.css", "no-cache"),
        ("expires epoch;", "/static/a.css", "no-cache"),
        ("expires off;", "/static/a.css", None),
        ("expires 1h; location /static/ { add_header X-A 1; }", "/static/a.css", "max-age=3600"),
        ("expires 1h;", "/gone", None),
        ("expires 1h;", "/static", "max-age=3600"),
        ("expires max; add_header Cache-Control public;", "/static/a.css", "max-age=315360000, public"),
        ("expires $when;", "/static/a.css", "max-age=60"),
        ("expires $when;", "/index.html", None),
        ("expires modified +1s;", "/static/a.css", "no-cache"),
    ],
)
def test_caching_is_told_as_expires_asks(text: str, target: str, expected: str | None) -> None:
    before = f"{TYPES} map $sent_http_content_type $when {{ default off; text/css 1m; }}"
    assert headers(text, target, before=before).get("cache-control") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("90", 90),
        ("1h30m", 5400),
        ("1d", 86400),
        ("1w 1d", 691200),
        ("2M", 5184000),
        ("1y", 31536000),
        ("x", None),
        ("", None),
    ],
)
def test_a_duration_is_read(text: str, expected: int | None) -> None:
    assert expires.seconds(text) == expected


def test_a_date_is_counted_from_now_or_from_the_file() -> None:
    assert expires.headers(["1h"], None, 1000) == {"expires": format_date(4600), "cache-control": "max-age=3600"}
    assert expires.headers(["modified", "+1h"], 900, 1000)["cache-control"] == "max-age=3500"
    assert expires.headers(["@25h"], None, 1000) == {}
    assert expires.headers(["nonsense"], None, 1000) == {}


@pytest.mark.parametrize(
    ("text", "accepted", "coding", "vary"),
    [
        ("gzip_static on;", "gzip", "gzip", False),
        ("gzip_static on; gzip_vary on;", "gzip", "gzip", True),
        ("gzip_static on; gzip_vary on;", "", None, True),
        ("gzip_static on;", "br, gzip;q=0.5", "gzip", False),
        ("gzip_static on;", "gzip;q=0", None, False),
        ("gzip_static on;", "*", None, False),
        ("gzip_static always;", "", "gzip", False),
        ("gzip_static off;", "gzip", None, False),
        ("brotli_static on; gzip_static on;", "br, gzip", "gzip", False),
        ("gzip on; gzip_min_length 1;", "gzip", None, False),
        ("gzip on; gzip_min_length 1; gzip_types text/css;", "gzip", "gzip", False),
        ("gzip on; gzip_types text/css;", "gzip", None, False),
    ],
)
def test_a_compressed_answer_needs_a_client_that_takes_it(
    text: str, accepted: str, coding: str | None, vary: bool
) -> None:
    found = headers(text, "/static/a.css", {"accept-encoding": accepted}, TYPES)
    assert (found.get("content-encoding"), "vary" in found) == (coding, vary)


def test_an_internal_redirect_forgets_that_a_neighbour_was_looked_for() -> None:
    text = "gzip_static on; gzip_vary on;"
    assert "vary" in headers(text, "/static/alone.css")
    assert "vary" not in headers(f"{text} error_page 404 /none.html;", "/static/alone.css")


def test_the_neighbour_is_the_file_that_is_served() -> None:
    outcome = road("gzip_static on;", "/static/a.css", fields={"accept-encoding": "gzip"}).outcome
    assert (outcome.file, outcome.type) == ("/srv/static/a.css.gz", "text/plain")


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, 200),
        ({"if-none-match": TAG}, 304),
        ({"if-none-match": f"W/{TAG}, x"}, 304),
        ({"if-none-match": '"x"'}, 200),
        ({"if-modified-since": format_date(MTIME)}, 304),
        ({"if-modified-since": format_date(MTIME + 1)}, 200),
        ({"if-none-match": '"x"', "if-modified-since": format_date(MTIME)}, 200),
        ({"if-match": '"x"'}, 412),
        ({"if-match": TAG}, 200),
    ],
)
def test_conditional_requests_are_answered(fields: dict[str, str], status: int) -> None:
    assert road("", "/secret.txt", fields=fields).outcome.status == status


@pytest.mark.parametrize(
    ("text", "target", "expected"),
    [
        ("", "/static", "http://localhost/static/"),
        ("", "/static?a=b", "http://localhost/static/?a=b"),
        ("absolute_redirect off;", "/static", "/static/"),
        ("server_name_in_redirect on; server_name named.example;", "/static", "http://named.example/static/"),
        ("location / { return 301 /x; }", "/", "http://localhost/x"),
        ("location / { return 302 https://$host$request_uri; }", "/a?b", "https://localhost/a?b"),
        ("location / { return https://other.example; }", "/", "https://other.example"),
        ("rewrite ^/a/(.*)$ /b/$1 permanent;", "/a/x?y", "http://localhost/b/x?y"),
        ("rewrite ^/a/(.*)$ /b/$1? redirect;", "/a/x?y", "http://localhost/b/x"),
        ("rewrite ^/a/(.*)$ https://o.example/$1;", "/a/x%20y", "https://o.example/x%20y"),
        ("location /app/ { proxy_pass http://127.0.0.1:1; }", "/app?a", "http://localhost/app/?a"),
    ],
)
def test_a_redirect_says_where(text: str, target: str, expected: str) -> None:
    assert headers(text, target)["location"] == expected


def test_an_error_has_no_date_and_a_password_is_asked_for() -> None:
    assert "last-modified" not in headers("error_page 404 /404.html;", "/gone")
    found = headers("auth_basic Área; auth_basic_user_file x;", "/")
    assert found["www-authenticate"] == 'Basic realm="Área"'
