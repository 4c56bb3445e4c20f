"""Macros of httpd: what is read in place of a use, and where it is said to stand."""

from pathlib import Path

import pytest
from tests.fronts.apache.configured import files, road
from tests.fronts.apache.expanded import WRITTEN, shown

from clearway.fronts.apache.reading import Configuration, read
from clearway.fronts.errors import ConfigurationError
from clearway.fronts.rendering.words import where
from clearway.fronts.road import Location
from clearway.fronts.texts import walk


def configured(folder: Path, text: str, **others: str) -> Configuration:
    for name, content in others.items():
        (folder / f"{name}.conf").write_text(content, encoding="utf-8")
    main = folder / "httpd.conf"
    main.write_text(f"ServerRoot {folder}\n{text}", encoding="utf-8")
    return read(str(main))


@pytest.mark.parametrize(("text", "expected"), WRITTEN)
def test_a_use_is_replaced_by_the_lines_of_the_macro(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert list(shown(configured(tmp_path, text).directives)) == expected


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("Use M", 2, "macro 'm' undefined"),
        ("<Macro M>\nSetEnv a b\n</Macro>\nUndefMacro M\nUse M", 6, "macro 'm' undefined"),
        ("<Macro M $x>\nSetEnv a $x\n</Macro>\nUse M", 5, "used with 0 arguments instead of 1"),
        ("<Macro M $x>\nSetEnv a $x", 2, "expected token not found"),
        ("<Macro>\nSetEnv a b\n</Macro>", 2, "empty name"),
        ("<Macro M $x $x>\nSetEnv a $x\n</Macro>", 2, "argument name conflict"),
        ("<Macro A>\nUse B\n</Macro>\n<Macro B>\nUse A\n</Macro>\nUse A", 6, "recursive use of macro 'a'"),
        ("<Macro O>\n<Directory /a>\n</Macro>\nUse O", 3, "was not closed"),
    ],
)
def test_what_httpd_refuses_is_refused_with_its_line(tmp_path: Path, text: str, line: int, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said) as raised:
        configured(tmp_path, text)
    assert raised.value.location.line == line


def test_a_line_is_that_of_the_definition_and_knows_its_use(tmp_path: Path) -> None:
    macros = "<Macro In $x>\nSetEnv a $x\n</Macro>\n<Macro Out $x>\n\nUse In $x\n</Macro>\n"
    found = configured(tmp_path, "Include macros.conf\n\nUse Out 1\nUse In 2\n", macros=macros)
    places = [each.location for each in walk(found.directives) if each.name == "setenv"]
    main, other = str(tmp_path / "httpd.conf"), str(tmp_path / "macros.conf")
    assert places == [Location(other, 2, Location(other, 6, Location(main, 4))), Location(other, 2, Location(main, 5))]
    assert where(places[1]).endswith(f"macros.conf:2, used at {main}:5")


def test_a_request_goes_through_what_macros_write(tmp_path: Path) -> None:
    files(tmp_path, "static/a.css")
    text = (
        "<Macro Host $name $root>\n<VirtualHost *:80>\nServerName $name\nAlias /static/ $root/static/\n"
        "<Directory $root>\nRequire all granted\n</Directory>\n</VirtualHost>\n</Macro>\n"
        "Use Host other.test /srv\nUse Host localhost @D@\n"
    )
    found = road(tmp_path, text, "/static/a.css")
    assert found.outcome.file == str(tmp_path / "static" / "a.css")
    alias = next(step.location for step in found.steps if step.layer == "alias")
    assert alias == Location(str(tmp_path / "httpd.conf"), 8, Location(str(tmp_path / "httpd.conf"), 15))


@pytest.mark.parametrize(
    ("override", "status"),
    [("Use Close", 403), ("Use Gone", 500), ("<Macro A>\nRequire all denied\n</Macro>\nUse A", 403)],
)
def test_an_override_knows_the_macros_of_the_configuration(tmp_path: Path, override: str, status: int) -> None:
    files(tmp_path, "site/a.css")
    (tmp_path / "site" / ".htaccess").write_text(override, encoding="utf-8")
    text = (
        "<Macro Close>\nRequire all denied\n</Macro>\n<Macro Gone>\n</Macro>\nUndefMacro Gone\n"
        "DocumentRoot @D@/site\n<Directory @D@/site>\nAllowOverride All\n</Directory>\n"
    )
    assert road(tmp_path, text, "/a.css").outcome.status == status
