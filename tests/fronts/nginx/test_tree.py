"""The text of a configuration as directives."""

import pytest

from clearway.fronts.directive import Directive
from clearway.fronts.errors import ConfigurationError
from clearway.fronts.nginx.tree import parse
from clearway.fronts.road import Location


def parsed(text: str) -> tuple[Directive, ...]:
    return parse(text, "nginx.conf", lambda words, where: (Directive("included", words, where),))


def words(text: str) -> list[tuple[str, ...]]:
    return [(each.name, *each.words) for each in parsed(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("root /srv/www;", [("root", "/srv/www")]),
        ("  a  b\tc ;d;", [("a", "b", "c"), ("d",)]),
        ("a 'b c' \"d e\";", [("a", "b c", "d e")]),
        ("a 'it\\'s' \"a\\\"b\" c\\\\d;", [("a", "it's", 'a"b', "c\\d")]),
        ("a \\.css$ x\\ty;", [("a", "\\.css$", "x\ty")]),
        ("a ${b}c$d; e ${f};", [("a", "${b}c$d"), ("e", "${f}")]),
        ("# one { } ;\na b; # two\nc;", [("a", "b"), ("c",)]),
        ("a b#c d;", [("a", "b#c", "d")]),
        ("a '' \"\";", [("a", "", "")]),
        ("a x'y z\"w;", [("a", "x'y", 'z"w')]),
        ("a b\\ c;", [("a", "b\\ c")]),
        ("a ~^/x\\{2\\};", [("a", "~^/x\\{2\\}")]),
        ("a '{;}';", [("a", "{;}")]),
        ("if ($a = 'b') { }", [("if", "($a", "=", "b", ")")]),
        ("a b}c;", [("a", "b}c")]),
        ("a é;", [("a", "é")]),
        ("", []),
        ("# nothing", []),
    ],
)
def test_words_are_split_and_unquoted_as_nginx_does(text: str, expected: list[tuple[str, ...]]) -> None:
    assert words(text) == expected


def test_blocks_nest_and_know_their_lines() -> None:
    (http,) = parsed("\nhttp {\n  server {\n    listen 80;\n\n    location / {\n    }\n  }\n}\n")
    (server,) = http.block or ()
    listen, location = server.block or ()
    assert [each.location for each in (http, server, listen, location)] == [
        Location("nginx.conf", line) for line in (2, 3, 4, 6)
    ]
    assert location.block == ()
    assert listen.block is None


def test_the_line_is_that_of_the_name_and_not_of_the_end() -> None:
    first, second = parsed("# x\n\n'a'\n  b\n  c;\nd;")
    assert (first.location.line, second.location.line) == (3, 6)


def test_an_include_is_replaced() -> None:
    (http,) = parsed("http { include a/*.conf; x; }")
    assert [(each.name, each.words) for each in http.block or ()] == [("included", ("a/*.conf",)), ("x", ())]


@pytest.mark.parametrize(
    "code",
    [
        "ngx.say('}')",
        'ngx.say("{ \\" {")',
        "-- a brace }\nlocal t = {a = {}}",
        "--[[ } ]] x = [==[ } ]] ]==]",
        "if a then return {} end",
    ],
)
def test_lua_is_passed_over_whatever_it_holds(code: str) -> None:
    (location,) = parsed("location / { content_by_lua_block { " + code + " } root /x; }")
    lua, root = location.block or ()
    assert lua.words == (f" {code} ",)
    assert (lua.block, root.words) == ((), ("/x",))


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("a b", "end of file", 1),
        ("a b }", 'unexpected "}"', 1),
        ("\na {\n b;\n", 'expecting "}"', 2),
        ("a;\n}", 'unexpected "}"', 2),
        ("\n;", 'unexpected ";"', 2),
        ("{ }", 'unexpected "{"', 1),
        ("a 'b'c;", "glued", 1),
        ("a;\nb 'c;", "not closed", 2),
        ("x_by_lua_block {", "Lua", 1),
    ],
)
def test_what_nginx_refuses_is_refused_with_its_line(text: str, message: str, line: int) -> None:
    with pytest.raises(ConfigurationError, match=message) as caught:
        parsed(text)
    assert caught.value.location.line == line
