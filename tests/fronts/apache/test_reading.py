"""The reader of httpd's configuration: lines, words, includes, conditions and variables."""

from pathlib import Path

import pytest

from clearway.fronts.apache import lines
from clearway.fronts.apache.reading import read
from clearway.fronts.apache.routing import route
from clearway.fronts.errors import ConfigurationError
from clearway.fronts.files import WorkerFiles
from clearway.fronts.path_map import PathMap
from clearway.fronts.permission import Worker
from clearway.fronts.road import Visit


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Alias /static/ /srv/static/", ("Alias", "/static/", "/srv/static/")),
        ('Header set X "a b"', ("Header", "set", "X", "a b")),
        (r'A "say \"yes\""', ("A", 'say "yes"')),
        (r"A ^\.css$", ("A", r"^\.css$")),
        (r"A a\\b", ("A", r"a\b")),
        ("A 'x \"y\"'", ("A", 'x "y"')),
        ('A ""', ("A", "")),
    ],
)
def test_words_are_unquoted(text: str, words: tuple[str, ...]) -> None:
    assert lines.words(text) == words


def test_lines_are_continued_and_comments_left_out() -> None:
    text = "# no\nAlias /a \\\n  /b\n\n  # no\nListen 80\n"
    assert list(lines.logical(text)) == [(2, "Alias /a   /b"), (6, "Listen 80")]


def made(folder: Path, text: str, **others: str) -> Path:
    for name, content in others.items():
        path = folder / name.replace("__", "/").replace("_conf", ".conf")
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
    main = folder / "httpd.conf"
    main.write_text(f"ServerRoot {folder}\n{text}", encoding="utf-8")
    return main


def test_includes_come_in_the_order_of_their_bytes(tmp_path: Path) -> None:
    main = made(tmp_path, "Include sites/*.conf\n", sites__b_conf="Listen 2\n", sites__B_conf="Listen 1\n")
    found = [each for each in read(str(main)).directives if each.name == "listen"]
    assert [each.words for each in found] == [("1",), ("2",)]
    assert found[0].location.file == str(tmp_path / "sites" / "B.conf")
    assert found[0].location.line == 1


def test_a_missing_include_is_refused_and_an_optional_one_is_not(tmp_path: Path) -> None:
    assert read(str(made(tmp_path, "IncludeOptional no/*.conf\nIncludeOptional no.conf\n")))
    for missing in ("Include no.conf", "Include sites/*.none"):
        with pytest.raises(ConfigurationError) as raised:
            read(str(made(tmp_path, missing)))
        assert raised.value.location.line == 2


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("<IfModule mod_rewrite.c>", True),
        ("<IfModule rewrite_module>", True),
        ("<IfModule !mod_rewrite.c>", False),
        ("<IfModule mod_headers.c>", False),
        ("<IfDefine LIVE>", True),
        ("<IfDefine !LIVE>", False),
        ("<IfDefine OTHER>", False),
        ("<IfVersion >= 2.4>", True),
        ("<IfVersion < 2.4>", False),
        ("<IfFile httpd.conf>", True),
        ("<IfFile none.conf>", False),
    ],
)
def test_conditions_hold_at_their_place(tmp_path: Path, condition: str, holds: bool) -> None:
    name = condition[1:].split(maxsplit=1)[0]
    text = f"LoadModule rewrite_module mod_rewrite.so\nDefine LIVE\n{condition}\nListen 81\n</{name}>\nListen 80\n"
    found = [each.words[0] for each in read(str(made(tmp_path, text))).directives if each.name == "listen"]
    assert found == (["81", "80"] if holds else ["80"])


def test_without_any_loadmodule_all_modules_are_taken_as_there(tmp_path: Path) -> None:
    text = "<IfModule mod_headers.c>\nListen 81\n</IfModule>\n"
    assert [each.name for each in read(str(made(tmp_path, text))).directives] == ["serverroot", "listen"]


def test_variables_come_from_define_and_envvars(tmp_path: Path) -> None:
    envvars = "export APACHE_LOG_DIR=/var/log/apache2$SUFFIX\n"
    main = made(
        tmp_path, "Define root /srv\nAlias /a ${root}/a\nErrorLog ${APACHE_LOG_DIR}/e\nX ${no}\n", envvars=envvars
    )
    rows = {each.name: each.words for each in read(str(main)).directives}
    assert rows["alias"] == ("/a", "/srv/a")
    assert rows["errorlog"] == ("/var/log/apache2/e",)
    assert rows["x"] == ("${no}",)


@pytest.mark.parametrize(
    "text", ["<Directory /a>\n", "</Directory>\n", "<Directory /a>\n</Files>\n", "<Directory /a\n", "0:odd\n"]
)
def test_what_httpd_refuses_is_refused_with_its_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        read(str(made(tmp_path, text)))
    assert raised.value.location.line >= 2


def test_a_container_lies_elsewhere(tmp_path: Path) -> None:
    made(tmp_path, "Include /etc/apache2/more.conf\n", more_conf="Listen 81\n")
    (tmp_path / "httpd.conf").write_text("Include /etc/apache2/more.conf\n", encoding="utf-8")
    found = read("/etc/apache2/httpd.conf", PathMap((("/etc/apache2", str(tmp_path)),)))
    assert [(each.name, each.location.file) for each in found.directives] == [("listen", str(tmp_path / "more.conf"))]


def test_a_copy_names_files_of_the_machine_that_it_is_of(tmp_path: Path) -> None:
    main = made(tmp_path, "Include /nowhere/options-ssl-apache.conf\nInclude /nowhere/*.conf\n")
    assert [each.message for each in read(str(main)).problems] == [
        "/nowhere/options-ssl-apache.conf is not on this machine"
    ]


@pytest.mark.parametrize(
    ("before", "inside", "speaks"),
    [
        ("", "Include /nowhere/options-ssl-apache.conf\nSSLCertificateFile a.pem", True),  # as certbot writes it
        ("", "Include /nowhere/options-ssl-apache.conf", False),
        ("", "Include /nowhere/options-ssl-apache.conf\nSSLCertificateFile a.pem\nSSLEngine off", False),
        ("", "SSLCertificateFile a.pem", False),
        ("", "SSLEngine on", True),
        ("SSLEngine on\n", "ServerName shop.test", True),
    ],
)
def test_tls_is_spoken_where_it_is_switched_on_or_may_be_by_a_file_elsewhere(
    tmp_path: Path, before: str, inside: str, speaks: bool
) -> None:
    found = read(str(made(tmp_path, f"{before}<VirtualHost *:443>\n{inside}\n</VirtualHost>\n")))
    assert found.speaks_tls(found.servers.hosts[0]) is speaks


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Alias /static/ {root}/\n", 403),
        ("Alias /static/ {root}/\n<Directory {root}>\nRequire all granted\n</Directory>\n", 200),
        ("Listen 80\nAlias /static/ {root}/\n", 200),
    ],
)
def test_a_part_stands_behind_what_packages_deny(tmp_path: Path, text: str, status: int) -> None:
    (tmp_path / "a.css").write_text("a {}")
    main = tmp_path / "site.conf"
    main.write_text(text.replace("{root}", str(tmp_path)), encoding="utf-8")
    visit = Visit("GET", "http", "shop.example", 80, "/static/a.css")
    road = route(read(str(main)), visit, WorkerFiles(Worker(0, 0), PathMap()))
    assert road.outcome.status == status
    assert all(step.location is None or step.location.line for step in road.steps)
