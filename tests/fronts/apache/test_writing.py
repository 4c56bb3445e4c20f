"""What is written for a project, without running it: it can be read, and every need is met."""

from dataclasses import replace
from pathlib import Path

import pytest

from clearway.fronts.apache.checking import check
from clearway.fronts.apache.quoting import quoted
from clearway.fronts.apache.reading import read
from clearway.fronts.apache.writing import write
from clearway.fronts.errors import UnwritableError
from clearway.fronts.path_map import PathMap
from clearway.fronts.site import Place, Private, RootFiles, Site

SITE = Site("shop", "", ("shop.example",), Place("/static/", "/srv/static"), Place("/media/", "/srv/media"))
TYPES = "text/css css\napplication/gzip gz\n"


def written(folder: Path, site: Site, certificate: tuple[str, str] | None = None) -> str:
    (folder / "types").write_text(TYPES, encoding="utf-8")
    main = folder / "httpd.conf"
    head = f"ServerRoot {folder}\nListen 80\nTypesConfig {folder}/types\n"
    main.write_text(head + "\n".join(write(site, certificate).server) + "\n", encoding="utf-8")
    return str(main)


@pytest.mark.parametrize(
    "site",
    [
        SITE,
        Site(),
        replace(SITE, static=None),
        replace(SITE, media=None, hsts="max-age=60", websockets=True),
        replace(SITE, codings=()),
        replace(SITE, codings=("gzip",), any_origin=False, max_age=None),
        replace(SITE, asks=True),
        replace(SITE, static=Place("/a b/", "/srv/my static/"), unchanging=("vite/assets",)),
        replace(SITE, root_files=(RootFiles("/srv/root", ("favicon.ico",), (".well-known",)),)),
        replace(SITE, upstream="unix:/run/shop.sock", hosts=("*",)),
        replace(SITE, upload=5_000_000, file=1_000_000),
        replace(SITE, private=Private("/srv/my private", "/srv/my private", "x-sendfile", "/private-files/"), upload=9),
        replace(SITE, private=Private("/srv/private", "/srv/private", "auto", "/private-files/")),
        replace(SITE, reads_scheme=True, hosts=(".shop.example", "other.example")),
        replace(SITE, reads_scheme=True, scheme_field="X-Forwarded-Ssl", scheme_value="on"),
        replace(SITE, reads_scheme=True, scheme_field="X-Tls", scheme_value="yes"),
    ],
)
def test_what_is_written_meets_every_need(tmp_path: Path, site: Site) -> None:
    main = written(tmp_path, site)
    assert read(main).servers.hosts
    found = check(site, main, PathMap())
    assert ([each.problem for each in found.lacks], list(found.unknown)) == ([], [])


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("X-Forwarded-Proto", "https", ['set X-Forwarded-Proto "expr=%{REQUEST_SCHEME}"']),
        ("X-Forwarded-Ssl", "on", ['set X-Forwarded-Ssl "expr=%{HTTPS}"']),
        ("X-Tls", "yes", ["unset X-Tls", 'set X-Tls "yes" "expr=%{HTTPS} == \'on\'"']),
    ],
)
def test_https_is_told_in_the_word_that_django_knows(field: str, value: str, told: list[str]) -> None:
    lines = write(replace(SITE, scheme_field=field, scheme_value=value)).server
    found = [line.strip().removeprefix("RequestHeader ") for line in lines if f" {field} " in f"{line} "]
    assert found == told


@pytest.mark.parametrize("name", ["/srv/$1", "/srv/100%", "/srv/a\nb", "/srv/*"])
def test_a_directory_that_rules_would_expand_is_refused(name: str) -> None:
    with pytest.raises(UnwritableError):
        write(replace(SITE, static=Place("/static/", name)))


def test_a_certificate_brings_a_host_that_redirects() -> None:
    made = write(SITE, ("/c.pem", "/k.pem"))
    assert made.before[0] == "<VirtualHost *:80>"
    assert any("https://%{HTTP_HOST}" in line for line in made.before)
    assert "<VirtualHost *:443>" in made.server
    assert 'SSLCertificateFile "/c.pem"' in made.listening


def test_quotes_are_escaped() -> None:
    assert quoted('say "yes"') == '"say \\"yes\\""'


BAD = {
    "static": ("Alias /static/ /srv/static\n", "403"),
    "hidden": ("Alias /static/ /srv/static/\n", "is answered to everybody"),
    "forwarded": ("Alias /static/ /srv/static/\nProxyPass / http://127.0.0.1:1/\n", "ProxyPreserveHost"),
    "uploads": ("LimitRequestBody 1000\nWSGIScriptAlias / @D@/types\n", "413"),
}


@pytest.mark.parametrize("about", BAD)
def test_a_bad_configuration_is_told_apart(tmp_path: Path, about: str) -> None:
    text, said = (each.replace("@D@", str(tmp_path)) for each in BAD[about])
    (tmp_path / "types").write_text(TYPES, encoding="utf-8")
    main = tmp_path / "httpd.conf"
    granted = (
        f"<Directory /srv/static>\nRequire all granted\n</Directory>\n<Directory />\nRequire all denied\n</Directory>\n"
        f"<Directory {tmp_path}>\nRequire all granted\n</Directory>\n"
    )
    main.write_text(
        f"Listen 80\nTypesConfig {tmp_path}/types\n<VirtualHost *:80>\n{granted}{text}</VirtualHost>\n",
        encoding="utf-8",
    )
    found = check(SITE, str(main), PathMap())
    assert any(each.about == about and said in each.problem for each in found.lacks), found.lacks
