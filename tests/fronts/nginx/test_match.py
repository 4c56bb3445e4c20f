"""Which location takes a path."""

import pytest

from clearway.fronts.errors import ConfigurationError
from clearway.fronts.nginx import match
from clearway.fronts.nginx.scope import Location
from clearway.fronts.nginx.versions import Version
from clearway.fronts.unknowable import Unknowable

from .configured import VERSION, server


def winner(text: str, path: str, version: Version = VERSION) -> str:
    found, _ = match.find(server(text, version=version).http.servers[0], path)
    return found.scope.title if isinstance(found.scope, Location) else "server"


STATIC = r"location /static/ { } location ~* \.(css|js)$ { } location = /static/a.css { } location / { }"
NESTED = r"""
location /a/ { location /a/b/ { } location ~ \.css$ { location /never { } } }
location ^~ /q/ { location ^~ /q/r/ { } }
location /p/ { location ^~ /p/q/ { } }
location ~ \.(css|js)$ { }
"""


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        (STATIC, "/static/x.txt", "location /static/"),
        (STATIC, "/static/x.CSS", r"location ~* \.(css|js)$"),
        (STATIC, "/static/a.css", "location = /static/a.css"),
        (STATIC, "/other", "location /"),
        (NESTED, "/a/x.txt", "location /a/"),
        (NESTED, "/a/b/x.txt", "location /a/b/"),
        (NESTED, "/a/b/x.css", r"location ~ \.css$"),
        (NESTED, "/a/b/x.js", r"location ~ \.(css|js)$"),
        (NESTED, "/q/x.js", "location ^~ /q/"),
        (NESTED, "/q/r/x.js", "location ^~ /q/r/"),
        (NESTED, "/p/q/x.js", r"location ~ \.(css|js)$"),
        (NESTED, "/none", "server"),
        ("location ^~ /q/ { } location /q/deep/ { } location ~ x { }", "/q/deep/x", "location ~ x"),
        ("location ~ b { } location ~ a { }", "/ab", "location ~ b"),
        ("location /static { }", "/staticfiles/x", "location /static"),
        ("location @named { }", "@named", "server"),
        ("location =/a { } location ^~/b { } location ~c$ { } location ~*D$ { }", "/a", "location = /a"),
        ("location =/a { } location ^~/b { } location ~c$ { } location ~*D$ { }", "/bc", "location ^~ /b"),
        ("location =/a { } location ^~/b { } location ~c$ { } location ~*D$ { }", "/d", "location ~* D$"),
    ],
)
def test_the_location_is_the_one_that_nginx_takes(text: str, path: str, expected: str) -> None:
    assert winner(text, path) == expected


@pytest.mark.parametrize(
    ("text", "path", "redirects"),
    [
        ("location /app/ { proxy_pass http://u; }", "/app", True),
        ("location = /app/ { proxy_pass http://u; } location /app/ { }", "/app", True),
        ("location /app/ { root /srv; }", "/app", False),
        ("location /app/ { proxy_pass http://u; } location /app { }", "/app", False),
        ("location /app/ { proxy_pass http://u; } location = /app { }", "/app", False),
        ("location /app/ { proxy_pass http://u; } location / { }", "/app", True),
        ("location /app/ { proxy_pass http://u; } location ~ p { }", "/app", True),
    ],
)
def test_a_name_without_its_slash_is_redirected_only_by_what_passes_on(text: str, path: str, redirects: bool) -> None:
    assert match.find(server(text).http.servers[0], path)[0].redirects is redirects


def test_the_reason_names_the_beaten_prefix() -> None:
    found, _ = match.find(server("location /s/ { }\nlocation ~* css$ { }").http.servers[0], "/s/a.css")
    assert found.reason == (
        "location ~* css$ wins over location /s/ (line 1): a regular expression that matches beats a prefix without ^~"
    )


def test_captures_of_every_level_are_kept_in_order() -> None:
    text = r"location ~ ^/(?<a>\w+)/ { location ~ /(?<b>\w+)$ { } }"
    _, tried = match.find(server(text).http.servers[0], "/x/y")
    assert [each.groups for each in tried if each] == [("x",), ("y",)]


def test_a_location_that_a_condition_chooses_is_unknown() -> None:
    with pytest.raises(Unknowable, match="condition"):
        winner("location $variable { } location / { }", "/", (1, 31, 5))


def test_a_location_that_an_older_nginx_takes_for_a_prefix_fits_nothing() -> None:
    assert winner("location $variable { } location / { }", "/") == "location /"


def test_locations_with_long_names_are_found_since_they_are() -> None:
    text = f"location /{'a' * 255} {{ }}"
    assert winner(text, f"/{'a' * 256}", (1, 23, 4)) == f"location /{'a' * 255}"
    with pytest.raises(Unknowable, match=r"before 1\.23\.4 .* 255 octets"):
        winner(text, "/")


@pytest.mark.parametrize("text", ["location /a { } location ^~ /a { }", "location ~~ a { }", "location a b c { }"])
def test_what_nginx_refuses_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError):
        winner(text, "/a")
