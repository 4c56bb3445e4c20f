"""A configuration read from its files."""

from pathlib import Path

import pytest

from clearway.fronts.errors import ConfigurationError
from clearway.fronts.nginx.reading import Configuration, read
from clearway.fronts.path_map import PathMap
from clearway.fronts.road import Location


def written(tmp_path: Path, files: dict[str, str]) -> str:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return str(tmp_path / "nginx.conf")


def words(configuration: Configuration) -> list[tuple[str, ...]]:
    return [(each.name, *each.words) for each in configuration.directives]


def test_includes_stand_where_they_are_written_in_the_order_of_their_bytes(tmp_path: Path) -> None:
    files = {f"conf.d/{name}": f"x {name};" for name in ("b.conf", "a.conf", "Z.conf", "10.conf", "9.conf", ".h.conf")}
    main = written(tmp_path, {"nginx.conf": "first; include conf.d/*.conf; last;", **files})
    assert words(read(main)) == [
        ("first",), ("x", "10.conf"), ("x", "9.conf"), ("x", "Z.conf"), ("x", "a.conf"), ("x", "b.conf"), ("last",),
    ]  # fmt: skip


def test_an_included_path_is_relative_to_the_main_file_at_every_depth(tmp_path: Path) -> None:
    files = {
        "nginx.conf": "include sub/a.conf;",
        "sub/a.conf": "include b.conf;",
        "b.conf": "\nx;",
        "sub/b.conf": "wrong;",
    }
    configuration = read(written(tmp_path, files))
    assert words(configuration) == [("x",)]
    assert configuration.directives[0].location == Location(str(tmp_path / "b.conf"), 2)


def test_a_pattern_without_files_is_fine_and_a_missing_file_is_not(tmp_path: Path) -> None:
    assert read(written(tmp_path, {"nginx.conf": "include sites/*;"})).directives == ()
    with pytest.raises(ConfigurationError, match=r"open\(\) .*gone.conf") as caught:
        read(written(tmp_path, {"nginx.conf": "\ninclude gone.conf;"}))
    assert caught.value.location == Location(str(tmp_path / "nginx.conf"), 2)


def test_a_file_that_includes_itself_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="includes itself"):
        read(written(tmp_path, {"nginx.conf": "include nginx.conf;"}))


def test_includes_work_in_every_block(tmp_path: Path) -> None:
    main = written(
        tmp_path, {"nginx.conf": "http { types { include t; } map $a $b { include m; } }", "t": "a/b c;", "m": "1 2;"}
    )
    (http,) = read(main).directives
    types, table = http.block or ()
    assert [(each.name, each.words) for block in (types, table) for each in block.block or ()] == [
        ("a/b", ("c",)),
        ("1", ("2",)),
    ]


def test_the_main_file_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read(str(tmp_path / "nginx.conf"))


def test_bytes_that_are_no_utf_8_survive(tmp_path: Path) -> None:
    (tmp_path / "nginx.conf").write_bytes(b"root /srv/\xff;")
    assert words(read(str(tmp_path / "nginx.conf"))) == [("root", "/srv/\udcff")]


def test_the_files_of_a_container_are_found_on_this_machine(tmp_path: Path) -> None:
    written(
        tmp_path, {"nginx.conf": "include /etc/nginx/conf.d/*.conf; include mime;", "conf.d/a.conf": "a;", "mime": "m;"}
    )
    configuration = read("/etc/nginx/nginx.conf", PathMap((("/etc/nginx", str(tmp_path)),)))
    assert words(configuration) == [("a",), ("m",)]
    assert configuration.main == "/etc/nginx/nginx.conf"
    assert configuration.directives[0].location.file == str(tmp_path / "conf.d/a.conf")


def test_an_absolute_link_of_a_container_leads_within_it(tmp_path: Path) -> None:
    written(tmp_path, {"nginx.conf": "include sites-enabled/*;", "sites-available/shop": "shop;"})
    (tmp_path / "sites-enabled").mkdir()
    (tmp_path / "sites-enabled" / "shop").symlink_to("/etc/nginx/sites-available/shop")
    assert words(read("/etc/nginx/nginx.conf", PathMap((("/etc/nginx", str(tmp_path)),)))) == [("shop",)]


def test_a_file_without_http_is_what_an_http_block_includes(tmp_path: Path) -> None:
    configuration = read(written(tmp_path, {"nginx.conf": "upstream u { } server { server_name a; }"}))
    assert [server.names for server in configuration.http.servers] == [("a",)]
    assert list(configuration.http.upstreams) == ["u"]


DUMP = """nginx: the configuration file /etc/nginx/nginx.conf syntax is ok
nginx: configuration file /etc/nginx/nginx.conf test is successful
# configuration file /etc/nginx/nginx.conf:
http {
    include sites/*;
    include mime.types;
}

# configuration file /etc/nginx/sites/b:
b;

# configuration file /etc/nginx/sites/a:

a;

# configuration file /etc/nginx/mime.types:
types { }
"""


def test_what_nginx_dumps_is_read_as_its_files(tmp_path: Path) -> None:
    (tmp_path / "dump").write_text(DUMP)
    configuration = read(str(tmp_path / "dump"))
    (http,) = configuration.directives
    assert [(each.name, each.location) for each in http.block or ()] == [
        ("a", Location("/etc/nginx/sites/a", 2)),
        ("b", Location("/etc/nginx/sites/b", 1)),
        ("types", Location("/etc/nginx/mime.types", 1)),
    ]
    assert configuration.main == "/etc/nginx/nginx.conf"


def test_a_dump_without_one_of_its_files_says_so(tmp_path: Path) -> None:
    (tmp_path / "dump").write_text(DUMP.split("# configuration file /etc/nginx/mime", maxsplit=1)[0])
    assert ["mime.types is not in the dump" in each.message for each in read(str(tmp_path / "dump")).problems] == [True]


def test_relative_paths_are_completed_by_the_prefix() -> None:
    configuration = Configuration("/etc/nginx/nginx.conf", (), given_prefix="/usr/share/nginx/")
    assert [configuration.full(path) for path in ("html", "/srv", "~/x")] == [
        "/usr/share/nginx/html", "/srv", "/usr/share/nginx/~/x",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "unread"),
    [
        ("http { include /nowhere/options-ssl-nginx.conf; }", ["/nowhere/options-ssl-nginx.conf"]),
        ("http { include snippets/tls.conf; }", ["{root}/snippets/tls.conf"]),
        ("server { include site.conf; }", ["{root}/site.conf"]),
        ("server { include proxy_params; include /nowhere/uwsgi_params; }", []),
    ],
)
def test_a_copy_names_files_of_the_machine_that_it_is_of(tmp_path: Path, text: str, unread: list[str]) -> None:
    configuration = read(written(tmp_path, {"nginx.conf": text}))
    assert [each.message for each in configuration.problems] == [
        f"{path.replace('{root}', str(tmp_path))} is not on this machine" for path in unread
    ]


def test_files_that_packages_bring_are_known_in_a_copy(tmp_path: Path) -> None:
    main = written(tmp_path, {"nginx.conf": "http { include mime.types; server { include proxy_params; } }"})
    types, server = read(main).directives[0].block or ()
    assert ("css",) in [each.words for each in types.block or ()]
    assert ("Host", "$host") in [each.words for each in server.block or ()]


@pytest.mark.parametrize("text", ["alias;", "location /static/ { root; }", "if { return 404; }", "add_header X;"])
def test_too_few_arguments_are_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="invalid number of arguments"):
        read(written(tmp_path, {"nginx.conf": f"http {{ server {{ {text} }} }}"}))


def test_lines_of_a_table_are_no_directives(tmp_path: Path) -> None:
    assert read(written(tmp_path, {"nginx.conf": "http { geo $a { root 1; } types { alias; } }"})).directives
