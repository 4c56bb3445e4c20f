"""What is written for a project, without running it."""

from dataclasses import replace

import pytest
from tests.fronts.caddy.configured import configuration, visit
from tests.helpers.fake_files import FakeFiles

from clearway.fronts.caddy.routing import route
from clearway.fronts.caddy.writing import write
from clearway.fronts.errors import UnwritableError
from clearway.fronts.road import Outcome
from clearway.fronts.site import Place, Private, RootFiles, Site

SITE = Site("shop", "", ("*",), Place("/static/", "/srv/static"), Place("/media/", "/srv/media"))
CSS = "app.0123456789ab.css"
FILES = FakeFiles(
    [
        *(f"/srv/static/{CSS}", f"/srv/static/{CSS}.br", "/srv/static/app.css", "/srv/static/x.map"),
        *("/srv/static/.clearway/current", "/srv/static/staticfiles.json", "/srv/static/d/index.html"),
        *("/srv/media/a.png", "/srv/media/a.svg", "/srv/root/favicon.ico"),
    ]
)


def ask(site: Site, target: str, method: str = "GET", **fields: str) -> Outcome:
    text = "\n".join([*write(site).site, ""])
    found = route(configuration(text), visit(target, method=method, fields=fields), FILES).outcome
    assert found.unknown is None
    return found


@pytest.mark.parametrize(
    ("target", "method", "status"),
    [
        (f"/static/{CSS}", "GET", 200),
        (f"/static/{CSS}", "POST", 405),
        (f"/static/{CSS}", "OPTIONS", 204),
        (f"/static/{CSS}.br", "GET", 404),
        ("/static/.clearway/current", "GET", 404),
        ("/static/staticfiles.json", "GET", 404),
        ("/static/d/", "GET", 404),
        ("/static/d", "GET", 404),
        ("/static/none.css", "GET", 404),
        ("/media/.x", "GET", 404),
        ("/media/a.png", "POST", 405),
    ],
)
def test_what_is_answered(target: str, method: str, status: int) -> None:
    found = ask(SITE, target, method)
    assert found.status == status
    if status >= 400:
        assert found.headers["cache-control"] == "no-store"
    if status in {204, 405} and target.startswith("/static/"):
        assert found.headers["allow"] == "GET, HEAD, OPTIONS"


def test_names_with_a_hash_are_kept_and_encoded() -> None:
    found = ask(SITE, f"/static/{CSS}", "GET", **{"accept-encoding": "gzip, br"})
    assert (found.file, found.type) == (f"/srv/static/{CSS}.br", "text/css; charset=utf-8")
    assert found.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert found.headers["vary"] == "Accept-Encoding"


def test_other_names_are_kept_briefly_and_have_the_right_type() -> None:
    found = ask(SITE, "/static/x.map")
    assert (found.type, found.headers["cache-control"]) == ("application/json", "max-age=60, public")
    assert "cache-control" not in ask(replace(SITE, max_age=None), "/static/x.map").headers


def test_pictures_are_shown_and_drawings_are_not() -> None:
    assert ask(SITE, "/media/a.png").headers["content-disposition"] == "inline"
    found = ask(SITE, "/media/a.svg")
    assert found.headers["content-disposition"] == "attachment"
    assert "sandbox" in found.headers["content-security-policy"]


def test_all_else_is_the_applications() -> None:
    assert ask(SITE, "/").upstream == "http://127.0.0.1:8000/"
    assert ask(replace(SITE, upstream="unix:/run/shop.sock"), "/x").upstream == "http://unix:/run/shop.sock:/x"


def test_a_missing_file_is_asked_of_the_application_where_it_may_know() -> None:
    site = replace(SITE, asks=True)
    assert ask(site, "/static/none.css").upstream == "http://127.0.0.1:8000/static/none.css"
    assert ask(site, f"/static/{CSS}", "POST").status == 405
    assert ask(replace(site, static=Place("/", "/srv/static")), "/none").by == "application"


def test_files_at_the_root() -> None:
    site = replace(SITE, root_files=(RootFiles("/srv/root", ("favicon.ico",), (".well-known",)),))
    assert ask(site, "/favicon.ico").file == "/srv/root/favicon.ico"
    assert ask(site, "/other.ico").by == "application"
    assert ask(site, "/.well-known/x").status == 404


def test_addresses_and_a_certificate() -> None:
    made = write(replace(SITE, hosts=("shop.test", ".example.test")), ("/c.pem", "/k.pem"))
    assert made.addresses == ["shop.test", "example.test", "*.example.test"]
    assert made.inside[0] == "tls /c.pem /k.pem"
    assert write(SITE).addresses == [":80"]


@pytest.mark.parametrize("root", ["/srv/{x}", "/srv/a\\b", "/srv/a\nb"])
def test_what_a_caddyfile_cannot_hold_is_refused(root: str) -> None:
    with pytest.raises(UnwritableError):
        write(replace(SITE, static=Place("/static/", root)))


def test_names_with_spaces_are_quoted() -> None:
    made = write(replace(SITE, media=Place("/media/", "/srv/my files")))
    assert '\troot * "/srv/my files"' in made.inside


def private(road: str, root: str = "/srv/private") -> Private:
    return Private(root, root, road, "/private-files/")


def test_private_files_are_the_answer_to_x_sendfile_alone() -> None:
    told = "\n".join(write(replace(SITE, private=private("x-sendfile", "/srv/my private"))).inside)
    assert '@private header X-Sendfile "/srv/my private/*"' in told
    assert ask(replace(SITE, private=private("x-sendfile")), "/private-files/a.pdf").by == "application"
    assert "handle_response" not in "\n".join(write(replace(SITE, private=private("stream"))).inside)


def test_a_directory_that_would_be_a_pattern_is_refused() -> None:
    with pytest.raises(UnwritableError):
        write(replace(SITE, private=private("x-sendfile", "/srv/*")))


@pytest.mark.parametrize(("length", "by"), [(1000, "application"), (1001, "caddy")])
def test_uploads_are_limited_where_they_are_handed_on(length: int, by: str) -> None:
    found = ask(replace(SITE, upload=1000), "/upload/", "POST", **{"content-length": str(length)})
    assert found.by == by


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("X-Forwarded-Proto", "https", []),
        ("X-Scheme", "https", ["header_up X-Scheme {scheme}"]),
        ("X-Forwarded-Ssl", "on", ["header_up X-Forwarded-Ssl {clearway_secure}"]),
    ],
)
def test_https_is_told_in_the_word_that_django_knows(field: str, value: str, told: list[str]) -> None:
    site = replace(SITE, scheme_field=field, scheme_value=value)
    lines = [line.strip() for line in write(site).site]
    assert [line for line in lines if line.startswith("header_up X-")] == told
    assert ("https on" in lines) is (value == "on")
    assert ask(site, "/shop").by == "application"
