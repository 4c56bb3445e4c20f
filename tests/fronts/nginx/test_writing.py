"""What is written for a project, without running it: what belongs where, and names that need quotes."""

import re
from dataclasses import replace

import pytest

from clearway.fronts.errors import UnwritableError
from clearway.fronts.nginx import tree
from clearway.fronts.nginx.installed import Installed
from clearway.fronts.nginx.quoting import quoted, regex, word
from clearway.fronts.nginx.writing import Written, write
from clearway.fronts.quoting import literal
from clearway.fronts.site import Place, Private, RootFiles, Site

SITE = Site("shop", "", ("shop.example",), Place("/static/", "/srv/static"), Place("/media/", "/srv/media"))
NGINX = Installed((1, 26, 0))


def text(site: Site, nginx: Installed = NGINX, certificate: tuple[str, str] | None = None) -> str:
    made = write(site, nginx, certificate)
    return "\n".join([*made.maps, *made.before, *made.server])


def parsed(written: str) -> None:
    tree.parse(written, "shop.conf", lambda words, asked: ())


@pytest.mark.parametrize(
    "site",
    [
        SITE,
        Site(),
        replace(SITE, static=None),
        replace(SITE, media=None, hsts="max-age=60", websockets=True, forwards_host=True),
        replace(SITE, codings=()),
        replace(SITE, codings=("gzip",), any_origin=False, max_age=None),
        replace(SITE, static=Place("/", "/srv/static"), asks=True),
        replace(SITE, static=Place("/a b/ü/", '/srv/my "static"/'), unchanging=("vite/assets",)),
        replace(SITE, root_files=(RootFiles("/srv/root", ("favicon.ico",), (".well-known",)),)),
        replace(SITE, upstream="unix:/run/shop.sock", hosts=("*",)),
        replace(SITE, upload=5_000_000, file=1_000_000),
        replace(SITE, scheme_field="X-Tls", scheme_value="yes"),
        replace(SITE, private=Private("/srv/my private", "/srv/my private", "x-accel", "/private-files/"), upload=9),
        replace(SITE, private=Private("/srv/private", "/srv/private", "auto", "/private-files/")),
    ],
)
def test_what_is_written_can_be_read(site: Site) -> None:
    parsed(text(site))
    parsed(text(site, Installed((1, 18, 0), ("brotli",)), ("/c.pem", "/k.pem")))


def test_every_variable_belongs_to_the_site() -> None:
    defined = set(re.findall(r"^map .* \$(\w+) \{$", text(SITE), re.MULTILINE))
    used = set(re.findall(r"\$(shop_\w+)", text(SITE)))
    assert defined <= used
    assert all(name.startswith("shop_") for name in defined)
    assert used - defined == {"shop_suffix", "shop_file"}


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("X-Forwarded-Proto", "https", ["X-Forwarded-Proto $scheme;"]),
        ("X-Scheme", "https", ["X-Forwarded-Proto $scheme;", "X-Scheme $scheme;"]),
        ("X-Forwarded-Ssl", "on", ["X-Forwarded-Proto $scheme;", "X-Forwarded-Ssl $https;"]),
        ("X-Tls", "yes", ["X-Forwarded-Proto $scheme;", "X-Tls $shop_secure;"]),
    ],
)
def test_https_is_told_in_the_word_that_django_knows(field: str, value: str, told: list[str]) -> None:
    lines = text(replace(SITE, scheme_field=field, scheme_value=value)).splitlines()
    found = [line.strip().removeprefix("proxy_set_header ") for line in lines if "proxy_set_header X-" in line]
    assert [line for line in found if line.partition(" ")[0] in {"X-Forwarded-Proto", field}] == told
    assert ('    on "yes";' in lines) is (value == "yes")


def test_a_project_of_its_own_name_does_not_meet_another() -> None:
    other = write(replace(SITE, name="blog"), NGINX)
    assert not re.search(r"\bshop_", "\n".join([*other.maps, *other.inside]))


def test_the_snippet_holds_no_server() -> None:
    made: Written = write(SITE, NGINX)
    assert not any(line.startswith(("server", "listen")) for line in made.inside)
    assert not any(line.startswith("location") for line in made.maps)


def test_tls_is_a_line_to_fill_in_until_a_certificate_is_given() -> None:
    assert "# ssl_certificate " in text(SITE)
    told = text(SITE, certificate=("/etc/ssl/shop.pem", "/etc/ssl/shop.key"))
    assert "    ssl_certificate /etc/ssl/shop.pem;" in told
    assert "return 301 https://$host$request_uri;" in told


@pytest.mark.parametrize(("version", "line"), [((1, 25, 0), "ssl http2;"), ((1, 25, 1), "http2 on;")])
def test_http2_is_written_as_the_version_has_it(version: tuple[int, ...], line: str) -> None:
    assert line in text(SITE, Installed(version), ("/c.pem", "/k.pem"))


def test_other_encoders_are_kept_from_encoding_twice() -> None:
    assert "brotli off;" in text(SITE, Installed((1, 26, 0), ("brotli",)))
    assert "brotli off" not in text(SITE)


@pytest.mark.parametrize("text_", ["/srv/$HOME", "a\nb"])
def test_what_nginx_cannot_hold_is_refused(text_: str) -> None:
    with pytest.raises(UnwritableError):
        word(text_)
    with pytest.raises(UnwritableError):
        write(replace(SITE, static=Place("/static/", text_)), NGINX)


def test_quoting() -> None:
    assert word("/srv/static") == "/srv/static"
    assert word("/srv/my static") == '"/srv/my static"'
    assert word("a;b") == '"a;b"'
    assert quoted('a"b\\') == '"a\\"b\\\\"'
    assert regex(r"\.css$") == r'"\.css$"'
    assert re.fullmatch(literal("/a.b+(c)/"), "/a.b+(c)/")


def test_versions() -> None:
    assert Installed.parse("1.28.0").version == (1, 28, 0)
    for wrong in ("", "1", "new", "1.x"):
        with pytest.raises(ValueError, match="not a version"):
            Installed.parse(wrong)
