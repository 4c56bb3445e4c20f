"""An existing configuration against a project's needs: the patch is small, and it helps."""

from dataclasses import replace
from pathlib import Path

import pytest

from clearway.fronts.checking import Checked
from clearway.fronts.errors import ConfigurationError
from clearway.fronts.nginx.checking import check
from clearway.fronts.nginx.installed import Installed
from clearway.fronts.nginx.writing import write
from clearway.fronts.path_map import PathMap
from clearway.fronts.site import Place, Site

STATIC = Place("/static/", "/srv/shop/static")
SITE = Site(
    "shop", "", ("shop.example",), STATIC, Place("/media/", "/srv/shop/media"), upload=2621440, reads_scheme=True
)
MAIN = """\
events {}
http {
    types { text/css css; text/javascript js mjs; text/html html; }
    server {
        listen 80;
        server_name shop.example;
        client_max_body_size 10m;

        location ^~ /static/ {
            alias /srv/shop/static/;
            location ~ "[.][0-9a-f]{12}[.]" { expires max; }
            location ~ "/[.]" { return 404; }
            location = /static/staticfiles.json { return 404; }
        }
        location /media/ {
            alias /srv/shop/media/;
            add_header Content-Security-Policy "default-src 'none'; sandbox" always;
            add_header X-Content-Type-Options nosniff always;
        }
        location / {
            proxy_pass http://127.0.0.1:8000;
            proxy_set_header Host $host;
            proxy_set_header X-Forwarded-Proto $scheme;
        }
    }
}
"""


def checked(home: Path, text: str, site: Site = SITE) -> Checked:
    main = home / "nginx.conf"
    main.write_text(text)
    return check(site, str(main), PathMap())


def applied(text: str, patch: tuple[str, ...] | list[str]) -> str:
    """A unified diff of one file, applied by the letter."""
    old, new, place = text.splitlines(), list[str](), 0
    for line in patch[2:]:
        if line.startswith("@@"):
            start = int(line.split()[1].split(",")[0][1:]) - 1
            new += old[place:start]
            place = start
        elif line.startswith("+"):
            new.append(line[1:])
        else:
            assert old[place] == line[1:]
            new += [line[1:]] if line.startswith(" ") else []
            place += 1
    return "\n".join([*new, *old[place:], ""])


def test_a_good_configuration_gets_no_word(tmp_path: Path) -> None:
    found = checked(tmp_path, MAIN)
    assert (found.lacks, found.patch, found.unknown) == ([], [], [])


@pytest.mark.parametrize("version", [(1, 18, 0), (1, 29, 4)])
def test_what_we_write_has_all_that_is_needed(tmp_path: Path, version: tuple[int, ...]) -> None:
    made = write(SITE, Installed(version))
    found = checked(tmp_path, "\n".join(["events {}", "http {", *made.maps, *made.server, "}"]))
    assert (found.lacks, found.unknown) == ([], [])


# what is replaced, by what, what the first difference is about, and how many lines the patch may have
BROKEN: list[tuple[str, str, str, int]] = [
    ("alias /srv/shop/static/;", "alias /srv/shop/static;", "static", 2),
    ("alias /srv/shop/static/;", "root /srv/shop/static;", "static", 2),
    ("alias /srv/shop/static/;", "alias /srv/old/;", "static", 2),
    ("alias /srv/shop/static/;", "", "static", 3),
    ("^~ /static/ {", "^~ /static {", "traversal", 2),
    ("location /media/ {", "location /media {", "traversal", 2),
    ('location ~ "/[.]" { return 404; }', "", "hidden", 4),
    ("location = /static/staticfiles.json { return 404; }", "", "hidden", 4),
    ('location ~ "[.][0-9a-f]{12}[.]" { expires max; }', "", "unchanging", 2),
    ('location ~ "[.][0-9a-f]{12}[.]" { expires max; }', "expires max;", "changing", 2),
    ('location ~ "[.][0-9a-f]{12}[.]" { expires max; }', "expires 30d;", "changing", 2),
    ('location ~ "[.][0-9a-f]{12}[.]" { expires max; }', 'add_header Cache-Control "max-age=31536000";', "changing", 2),
    ("js mjs;", "js;", "types", 2),
    ("alias /srv/shop/static/;", "alias /srv/shop/static/; types { text/html html; }", "static", 4),
    ("            add_header Content-Security-Policy \"default-src 'none'; sandbox\" always;\n", "", "documents", 4),
    ("            add_header X-Content-Type-Options nosniff always;\n", "", "documents", 2),
    ("client_max_body_size 10m;", "", "uploads", 2),
    ("client_max_body_size 10m;", "client_max_body_size 1k;", "uploads", 2),
    ("            proxy_set_header Host $host;\n", "", "forwarded", 2),
    ("            proxy_set_header X-Forwarded-Proto $scheme;\n", "", "forwarded", 2),
    ("$scheme;", "http;", "forwarded", 2),
]


@pytest.mark.parametrize(("old", "new", "about", "lines"), BROKEN)
def test_each_fault_is_named_and_its_patch_mends_it(tmp_path: Path, old: str, new: str, about: str, lines: int) -> None:
    assert old in MAIN
    text = MAIN.replace(old, new)
    found = checked(tmp_path, text)
    assert found.lacks[0].about == about
    assert all(each.solved for each in found.lacks)
    assert sum(line[0] in "+-" for line in found.patch[2:]) <= lines
    again = checked(tmp_path, applied(text, list(found.patch)))
    assert again.lacks == []


@pytest.mark.parametrize("value", ["$https", "on", "$my_own_map"])
def test_https_may_be_told_in_another_word_than_https(tmp_path: Path, value: str) -> None:
    site = replace(SITE, scheme_field="X-Forwarded-Ssl", scheme_value="on")
    right = MAIN.replace("X-Forwarded-Proto $scheme;", f"X-Forwarded-Ssl {value};")
    assert checked(tmp_path, right, site).lacks == []
    wrong = MAIN.replace("X-Forwarded-Proto $scheme;", "X-Forwarded-Ssl $scheme;")
    found = checked(tmp_path, wrong, site)
    assert [each.problem for each in found.lacks] == ["X-Forwarded-Ssl is $scheme"]
    again = applied(wrong, list(found.patch))
    assert "proxy_set_header X-Forwarded-Ssl $https;" in again
    assert checked(tmp_path, again, site).lacks == []


def test_a_stolen_route_is_taken_back_with_two_characters(tmp_path: Path) -> None:
    text = MAIN.replace("^~ /static/ {", "/static/ {").replace(
        "location / {", "location ~* [.](css|mjs)$ { expires 1d; }\n        location / {"
    )
    text = text.replace('            location ~ "[.][0-9a-f]{12}[.]" { expires max; }\n', "")
    found = checked(tmp_path, text)
    assert (found.lacks[0].about, found.lacks[0].solved) == ("static", True)
    assert "+        location ^~ /static/ {" in found.patch
    assert checked(tmp_path, applied(text, list(found.patch))).lacks == []


def test_places_that_are_not_there_are_written(tmp_path: Path) -> None:
    start, end = MAIN.index("        location ^~ /static/"), MAIN.index("        location / {")
    text = MAIN[:start] + MAIN[end:]
    found = checked(tmp_path, text)
    assert {each.about for each in found.lacks} == {"static", "media"}
    assert checked(tmp_path, applied(text, list(found.patch))).lacks == []


def test_an_application_that_serves_its_static_files_may_do_so(tmp_path: Path) -> None:
    start, end = MAIN.index("        location ^~ /static/"), MAIN.index("        location /media/")
    site = Site("shop", "", ("shop.example",), STATIC, SITE.media, upload=2621440, reads_scheme=True, serves=True)
    assert checked(tmp_path, MAIN[:start] + MAIN[end:], site).lacks == []


@pytest.mark.parametrize("serves_media", [True, False])
def test_an_application_that_serves_users_files_may_do_so(tmp_path: Path, serves_media: bool) -> None:
    start, end = MAIN.index("        location /media/"), MAIN.index("        location / {")
    site = replace(SITE, serves=True, serves_media=serves_media)
    lacks = checked(tmp_path, MAIN[:start] + MAIN[end:], site).lacks
    assert {each.about for each in lacks} == (set() if serves_media else {"media"})


def test_files_that_are_included_are_mended_where_they_stand(tmp_path: Path) -> None:
    start, end = MAIN.index("        location ^~ /static/"), MAIN.index("        location / {")
    (tmp_path / "static.conf").write_text(MAIN[start:end].replace("/srv/shop/static/", "/srv/old/"))
    found = checked(tmp_path, MAIN[:start] + "        include static.conf;\n" + MAIN[end:])
    assert found.patch[0] == f"--- {tmp_path}/static.conf"
    assert all(each.solved for each in found.lacks)


def test_what_cannot_be_told_is_no_difference(tmp_path: Path) -> None:
    text = MAIN.replace("alias /srv/shop/static/;", "content_by_lua_block { ngx.exit(200) }")
    found = checked(tmp_path, text)
    assert found.unknown
    assert "static" not in {each.about for each in found.lacks}


def test_what_nginx_refuses_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError):
        checked(tmp_path, MAIN.replace("events {}", "events {"))
