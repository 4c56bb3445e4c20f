"""A configuration of httpd against what a project needs: what is wrong, and a patch that makes it right."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from tests.fronts.apache.faults import BROKEN, DENIED, GOOD, GRANTED, LIMIT, PLAIN, SITE, TYPES

from clearway.fronts.apache.checking import check
from clearway.fronts.checking import Checked
from clearway.fronts.path_map import PathMap
from clearway.fronts.site import Place, Site


def checked(folder: Path, text: str, site: Site = SITE, types: str = TYPES) -> Checked:
    """Of a main file that loads every module."""
    (folder / "types").write_text(types, encoding="utf-8")
    main = folder / "httpd.conf"
    main.write_text(f"ServerRoot {folder}\nListen 80\nTypesConfig {folder}/types\n{text}", encoding="utf-8")
    return check(site, str(main), PathMap())


def patched(folder: Path, found: Checked, site: Site = SITE) -> Checked:
    """What is said of the configuration once its patch was applied."""
    patch = "\n".join([*found.patch, ""])
    subprocess.run(["patch", "-s", "-p0", "-d/"], input=patch, text=True, check=True)
    return check(site, str(folder / "httpd.conf"), PathMap())


def size(found: Checked) -> int:
    return sum(line[:1] in "+-" and line[:3] not in {"---", "+++"} for line in found.patch)


def test_what_is_right_is_left_alone(tmp_path: Path) -> None:
    found = checked(tmp_path, GOOD)
    assert (list(found.lacks), list(found.patch), list(found.unknown)) == ([], [], [])


@pytest.mark.parametrize(("old", "new", "about", "lines"), BROKEN)
def test_a_fault_is_named_and_its_patch_mends_it(tmp_path: Path, old: str, new: str, about: str, lines: int) -> None:
    assert old in GOOD
    found = checked(tmp_path, GOOD.replace(old, new, 1))
    assert found.lacks[0].about == about
    assert all(lack.solved for lack in found.lacks)
    assert size(found) == lines, "\n".join(found.patch)
    assert patched(tmp_path, found).lacks == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Alias /static/ /srv/shop/static/", "Alias /static /srv/shop/static"),
        ("Alias /static/ /srv/shop/static/", 'Alias "/static" "/srv/shop/../shop/static/"'),
        ("Alias /static/ /srv/shop/static/", "AliasMatch ^/static/(.*)$ /srv/shop/static/$1"),
        ("ProxyPass /static/ !", "ProxyPass /static !"),
        ("ProxyPass /static/ !", "<Location /static/>\n    ProxyPass !\n    </Location>"),
        ("    <Directory /srv/shop/static>", "    <Directory /srv/shop>"),
        ("Header set X-One 1", "Header always set Cache-Control no-store expr=%{REQUEST_STATUS}==404"),
        ("Header set X-One 1", 'Header set Cache-Control max-age=60 "expr=%{REQUEST_URI} !~ /[.][0-9a-f]{12}[.]/"'),
        (LIMIT, ""),
        (LIMIT, "    LimitRequestBody 1000\n"),
        ("ProxyPreserveHost On", "<Location />\n    ProxyPreserveHost On\n    </Location>"),
        ("expr=%{REQUEST_SCHEME}", "https"),
        ("RequestHeader set X-Forwarded-Proto", "RequestHeader setifempty x-forwarded-proto:"),
        (
            "    ProxyPass / http://127.0.0.1:8000/\n    ProxyPreserveHost On\n",
            "    ProxyPass / ajp://127.0.0.1:8009/\n",
        ),
        ("</VirtualHost>", "    # <Directory /srv/shop/static>\n</VirtualHost>"),
    ],
)
def test_what_is_right_in_another_way_is_left_alone(tmp_path: Path, old: str, new: str) -> None:
    assert old in GOOD
    found = checked(tmp_path, GOOD.replace(old, new, 1))
    assert (list(found.lacks), list(found.patch)) == ([], [])


@pytest.mark.parametrize(
    "text",
    [
        DENIED + PLAIN,
        DENIED + "DocumentRoot /srv/www\nProxyPass / http://127.0.0.1:8000/\n",
        f"<IfModule mod_proxy.c>\n{DENIED}{PLAIN}</IfModule>",
        DENIED + PLAIN.replace("    ServerName", "    ProxyRequests Off\n    ServerName"),
        DENIED + PLAIN.replace("\n", "\r\n"),
        (DENIED + PLAIN).rstrip("\n"),
        DENIED + PLAIN.replace("*:80", "\\\n *:80").replace("ServerName", "ServerName \\\n   "),
        DENIED + "<VirtualHost *:80>\nProxyPass / \\\n http://127.0.0.1:8000/\n</VirtualHost>\n# \f\u2028\n",
    ],
)
def test_a_site_without_static_files_gets_them(tmp_path: Path, text: str) -> None:
    found = checked(tmp_path, text)
    assert {lack.about for lack in found.lacks} >= {"static", "media", "forwarded"}
    assert all(lack.solved for lack in found.lacks), found.lacks
    assert not any(line.startswith("-") for line in found.patch[1:])
    assert patched(tmp_path, found).lacks == []


@pytest.mark.parametrize(
    "lines",
    [
        "ExpiresActive On\nExpiresDefault A31536000",
        "Header set Cache-Control max-age=31536000",
        "Header always set Cache-Control max-age=31536000",
        "Header always set Cache-Control no-store",
    ],
)
def test_files_that_arrive_are_not_kept_as_the_others_are(tmp_path: Path, lines: str) -> None:
    found = checked(tmp_path, f"{lines}\n{DENIED}{PLAIN}")
    assert all(lack.solved for lack in found.lacks), found.lacks
    assert patched(tmp_path, found).lacks == []


@pytest.mark.parametrize(("lost", "line"), [("css", "AddType text/css .css"), ("mjs", "AddType text/javascript .mjs")])
def test_a_type_that_the_table_lacks_is_given(tmp_path: Path, lost: str, line: str) -> None:
    found = checked(tmp_path, GOOD, types=TYPES.replace(f" {lost}", " x"))
    assert [row[1:].strip() for row in found.patch[2:] if row[0] in "+-"] == [line]
    assert patched(tmp_path, found).lacks == []


@pytest.mark.parametrize(
    ("new", "line"),
    [
        ("ErrorDocument 404 http://shop.test/lost", "ErrorDocument 404 default"),
        ("FallbackResource /static/clearway-check.css", "FallbackResource disabled"),
    ],
)
def test_a_file_that_is_not_there_is_missing(tmp_path: Path, new: str, line: str) -> None:
    found = checked(
        tmp_path, GOOD.replace("    <Directory /srv/shop/static>\n", f"    <Directory /srv/shop/static>\n{new}\n")
    )
    assert [lack.about for lack in found.lacks] == ["missing"]
    assert [row[1:].strip() for row in found.patch[2:] if row[0] in "+-"] == [line]
    assert patched(tmp_path, found).lacks == []


@pytest.mark.parametrize(
    ("limit", "lines"),
    [
        ("LimitRequestBody 1000", 2),
        ("<Location />\n        LimitRequestBody 1000\n    </Location>", 2),
        ("<Directory @D@>\n        LimitRequestBody 1000\n    </Directory>", 2),
        ("LimitRequestBody 0", 0),
        ("<Location /other>\n        LimitRequestBody 1000\n    </Location>", 0),
    ],
)
def test_uploads_are_limited_where_httpd_reads_them(tmp_path: Path, limit: str, lines: int) -> None:
    (tmp_path / "wsgi.py").write_text("", encoding="utf-8")
    script = f"    {limit}\n    WSGIScriptAlias / @D@/wsgi.py\n    <Directory @D@>\n    {GRANTED}\n    </Directory>\n"
    start, end = GOOD.index("    ProxyPass /static/ !"), GOOD.index("</VirtualHost>")
    found = checked(tmp_path, GOOD[:start] + script.replace("@D@", str(tmp_path)) + GOOD[end:])
    assert [lack.about for lack in found.lacks] == (["uploads"] if lines else [])
    assert size(found) == lines
    assert patched(tmp_path, found).lacks == []


def test_a_limit_of_all_is_overruled_for_one_host(tmp_path: Path) -> None:
    (tmp_path / "wsgi.py").write_text("", encoding="utf-8")
    script = f"WSGIScriptAlias / {tmp_path}/wsgi.py\n"
    found = checked(
        tmp_path, f"LimitRequestBody 1000\n<VirtualHost *:80>\nServerName shop.test\n{script}</VirtualHost>\n"
    )
    assert "+LimitRequestBody 2621440" in found.patch
    assert not any(line.startswith("-") for line in found.patch[1:])


def test_names_are_quoted_where_it_is_needed(tmp_path: Path) -> None:
    places = {"static": Place("/stätic/", "/srv/my shöp/static"), "media": Place("/m/", '/srv/a"b')}
    found = checked(tmp_path, DENIED + PLAIN, replace(SITE, **places))
    assert '+    Alias "/stätic/" "/srv/my shöp/static/"' in found.patch
    assert '+    Alias /m/ "/srv/a\\"b/"' in found.patch
    assert patched(tmp_path, found, replace(SITE, **places)).lacks == []


@pytest.mark.parametrize("root", ["/srv/100%", "/srv/$1", "/srv/*"])
def test_a_directory_that_cannot_be_written_gets_no_patch(tmp_path: Path, root: str) -> None:
    found = checked(tmp_path, PLAIN, replace(SITE, static=Place("/static/", root)))
    assert not next(lack for lack in found.lacks if lack.about == "static").solved
    assert not any(root in line for line in found.patch)


# --- where a change is written


def laid_out(folder: Path, site: str, **others: str) -> Path:
    """As Debian does: modules and sites are links."""
    loads = "".join(f"LoadModule {name}_module {MODULES}/mod_{name}.so\n" for name in ("alias", "proxy", "mime"))
    for name, content in {"mods/some.load": loads, "sites/shop.conf": site, **others}.items():
        real = folder / name.replace("/", "-available/")
        real.parent.mkdir(exist_ok=True)
        real.write_text(content, encoding="utf-8")
        (folder / f"{name.split('/')[0]}-enabled").mkdir(exist_ok=True)
        (folder / name.replace("/", "-enabled/")).symlink_to(real)
    (folder / "types").write_text(TYPES, encoding="utf-8")
    main = folder / "httpd.conf"
    include = "IncludeOptional mods-enabled/*.load\nListen 80\n" + DENIED + "IncludeOptional sites-enabled/*.conf\n"
    main.write_text(f"ServerRoot {folder}\nTypesConfig {folder}/types\n{include}", encoding="utf-8")
    return main


MODULES = "modules"


def test_files_behind_links_are_mended_where_they_lie(tmp_path: Path) -> None:
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules" / "mod_headers.so").write_bytes(b"")
    main = laid_out(tmp_path, PLAIN)
    found = check(SITE, str(main), PathMap())
    assert all(lack.solved for lack in found.lacks)
    assert [line for line in found.patch if line.startswith("---")] == [
        f"--- {main}",
        f"--- {tmp_path}/sites-available/shop.conf",
    ]
    assert "+LoadModule headers_module modules/mod_headers.so" in found.patch
    assert patched(tmp_path, found).lacks == []


def test_a_module_that_is_nowhere_is_not_taken_as_there(tmp_path: Path) -> None:
    main = laid_out(tmp_path, PLAIN)
    found = check(SITE, str(main), PathMap())
    solved = {lack.about: lack.solved for lack in found.lacks}
    assert solved["media"] is False  # its header fields need mod_headers
    assert not any("Header" in line for line in found.patch)


def test_a_module_that_is_commented_out_is_loaded(tmp_path: Path) -> None:
    main = laid_out(tmp_path, PLAIN)
    main.write_text("#LoadModule headers_module elsewhere/mod_headers.so\n" + main.read_text())
    found = check(SITE, str(main), PathMap())
    assert all(lack.solved for lack in found.lacks)
    assert "+LoadModule headers_module elsewhere/mod_headers.so" in found.patch


def test_a_line_does_not_come_before_its_module(tmp_path: Path) -> None:
    names = ("proxy", "alias", "mime", "headers")
    loads = "".join(f"LoadModule {name}_module m.so\n" for name in names)
    text = f"ServerName shop.test\n{loads}ProxyPass / http://127.0.0.1:8000/\n"
    found = checked(tmp_path, text)
    assert all(lack.solved for lack in found.lacks)
    patched(tmp_path, found)
    rows = (tmp_path / "httpd.conf").read_text().splitlines()
    last = max(place for place, row in enumerate(rows) if row.startswith("LoadModule"))
    assert all(rows.index(line[1:]) > last for line in found.patch[2:] if line.startswith("+"))


MACRO = f"<Macro Shop $name $root>\n{PLAIN.replace('shop.test', '$name')}</Macro>\nUse Shop shop.test /srv\n"


def test_a_macro_is_changed_where_it_is_used_once(tmp_path: Path) -> None:
    found = checked(tmp_path, MACRO)
    assert all(lack.solved for lack in found.lacks)
    assert patched(tmp_path, found).lacks == []
    found = checked(tmp_path, MACRO + "Use Shop other.test /srv\n")
    assert not any(lack.solved for lack in found.lacks)
    assert found.patch == []


# --- what is not opened


@pytest.mark.parametrize(
    "rule", ["Require ip 10.0.0.0/8", "AuthType Basic\nAuthName shop\nRequire valid-user", "Require all denied"]
)
def test_what_is_closed_to_everybody_is_not_opened(tmp_path: Path, rule: str) -> None:
    found = checked(tmp_path, GOOD.replace(LIMIT, f"{LIMIT}<Location />\n{rule}\n</Location>\n"))
    assert not any(lack.solved for lack in found.lacks)
    assert found.patch == []


SECTION = "    <Directory /srv/shop/static>\n        Require all granted\n    </Directory>\n"


@pytest.mark.parametrize(
    ("old", "new", "about"),
    [
        ("Header set X-One 1", "Require ip 10.0.0.0/8", "static"),
        (SECTION, SECTION.replace("all granted", "ip 10.0.0.0/8"), "static"),
        (SECTION, SECTION.replace("Require all granted", "Order allow,deny\n        Allow from 10"), "static"),
        (SECTION, "<Directory /srv/shop>\nRequire ip 10.0.0.0/8\n</Directory>\n", "static"),
        (
            SECTION,
            "<Directory /srv/shop>\nRequire ip 10\n</Directory>\n<Directory /srv/shop/static>\n</Directory>\n",
            "static",
        ),
        (SECTION, SECTION.replace("Require all granted", "<RequireAll>\nRequire all denied\n</RequireAll>"), "static"),
        ("default-src 'none'; sandbox\"", "default-src 'none'; sandbox\"\n        Require all denied", "media"),
    ],
)
def test_what_is_closed_to_some_or_for_uploads_is_not_opened(tmp_path: Path, old: str, new: str, about: str) -> None:
    assert old in GOOD
    found = checked(tmp_path, GOOD.replace(old, new, 1))
    assert found.lacks[0].about == about
    assert not any(lack.solved for lack in found.lacks)
    assert found.patch == []


def test_the_root_of_the_disk_is_not_opened(tmp_path: Path) -> None:
    found = checked(tmp_path, GOOD.replace(SECTION, ""))
    assert [line[1:] for line in found.patch[2:] if line[0] in "+-"] == SECTION.splitlines()


def test_what_cannot_be_told_is_no_difference(tmp_path: Path) -> None:
    found = checked(tmp_path, GOOD.replace(LIMIT, f"{LIMIT}<Location />\nRequire host shop.test\n</Location>\n"))
    assert found.unknown
    assert list(found.lacks) == []
