"""Blocks, snippets and imports."""

from pathlib import Path

import pytest
from tests.fronts.caddy.configured import blocks

from clearway.fronts.caddy.reading import read
from clearway.fronts.errors import ConfigurationError
from clearway.fronts.path_map import PathMap


def test_a_site_may_have_no_braces() -> None:
    (block,) = blocks("localhost\nroot * /srv\nfile_server")
    assert [key.text for key in block.keys] == ["localhost"]
    assert [(each.name, each.words, each.location.line) for each in block.directives] == [
        ("root", ("*", "/srv"), 2),
        ("file_server", (), 3),
    ]


def test_addresses_go_on_after_a_comma() -> None:
    (block,) = blocks("a.test, b.test,\nc.test {\n}")
    assert [key.text for key in block.keys] == ["a.test", "b.test", "c.test"]


def test_a_snippet_takes_arguments() -> None:
    (block,) = blocks("(s) {\n header {args.0} {args[1]}\n respond {args[:]}\n}\n:80 {\n import s X-One two\n}")
    assert [each.words for each in block.directives] == [("X-One", "two"), ("X-One", "two")]
    assert block.directives[0].location.line == 2


def test_the_options_come_first() -> None:
    options, site = blocks("{\n debug\n}\n:80 {\n}")
    assert not options.keys
    assert options.directives[0].name == "debug"
    assert site.keys


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (":80 {\n", 1),
        (":80{\n}", 1),
        (":80 {\n handle { respond x\n }\n}", 2),
        ("a,b {\n}", 1),
        ("a, {\n}", 1),
        (":80 {\n import\n}", 2),
        ("(s) {\n import s\n}\n:80 {\n import s\n}", 2),
        ("(s) {\n}\n(s) {\n}", 3),
    ],
)
def test_what_caddy_refuses_is_refused_with_its_line(text: str, line: int) -> None:
    with pytest.raises(ConfigurationError) as caught:
        blocks(text)
    assert caught.value.location.line == line


def test_imports_are_read_in_order_and_from_where_they_stand(tmp_path: Path) -> None:
    (tmp_path / "sites").mkdir()
    (tmp_path / "Caddyfile").write_text("import sites/*.conf\n")
    (tmp_path / "sites" / "b.conf").write_text("b.test {\n import ../common\n}\n")
    (tmp_path / "sites" / "a.conf").write_text("a.test {\n respond a\n}\n")
    (tmp_path / "common").write_text("\nrespond common\n")
    found = read(str(tmp_path / "Caddyfile"))
    assert [block.keys[0].text for block in found.sites] == ["a.test", "b.test"]
    place = found.sites[1].directives[0].location
    assert (Path(place.file).resolve(), place.line) == (tmp_path / "common", 2)


def test_a_missing_import_is_refused_and_an_empty_pattern_is_not(tmp_path: Path) -> None:
    main = tmp_path / "Caddyfile"
    main.write_text("import none/*\n:80 {\n}\n")
    assert len(read(str(main)).sites) == 1
    main.write_text("import none\n")
    with pytest.raises(ConfigurationError, match="cannot be imported"):
        read(str(main))


def test_a_variable_that_is_not_set_here_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLEARWAY_NOT_SET", raising=False)
    (tmp_path / "Caddyfile").write_text(":80 {\n root * {$CLEARWAY_NOT_SET}\n}\n")
    (problem,) = read(str(tmp_path / "Caddyfile")).problems
    assert problem.location.line == 2


def test_files_of_a_container_are_found_on_this_machine(tmp_path: Path) -> None:
    (tmp_path / "Caddyfile").write_text("import more\n")
    (tmp_path / "more").write_text(":80 {\n respond x\n}\n")
    found = read("/etc/caddy/Caddyfile", PathMap((("/etc/caddy", str(tmp_path)),)))
    assert found.main == "/etc/caddy/Caddyfile"
    assert found.sites[0].directives[0].location.file == str(tmp_path / "more")


def test_the_name_of_a_site_that_only_production_knows_is_any(tmp_path: Path) -> None:
    main = tmp_path / "Caddyfile"
    main.write_text("{$SHOP_DOMAIN} {\n respond {$SHOP_GREETING}\n}\n")
    configuration = read(str(main), PathMap())
    assert [key.text for each in configuration.sites for key in each.keys] == [":80"]
    assert [each.message for each in configuration.problems] == [
        "the variable SHOP_DOMAIN is not set here: taken as :80",
        "the variable SHOP_GREETING is not set here: taken as empty",
    ]


def test_a_copy_imports_files_of_the_machine_that_it_is_of(tmp_path: Path) -> None:
    main = tmp_path / "Caddyfile"
    main.write_text("import /nowhere/snippets.caddy\n:80 {\n respond a\n}\n")
    assert [each.message for each in read(str(main), PathMap()).problems] == [
        "/nowhere/snippets.caddy is not on this machine"
    ]
