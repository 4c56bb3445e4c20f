"""Code or not: above all whether a slash divides or begins a regular expression."""

import pytest

from clearway.build.js_tokens import Lexer

REGEX = [
    *("/'/", "a = /'/", "a(/'/)", "[/'/]", "a, /'/", "!/'/", "a ? /'/ : /'/", "a && /'/", "a || /'/", "a ?? /'/"),
    *(
        "return /'/",
        "typeof /'/",
        "case /'/:",
        "a in /'/",
        "void /'/",
        "yield /'/",
        "await /'/",
        "else /'/",
        "throw /'/",
    ),
    *(
        "do /'/",
        "export default /'/",
        "for (a of /'/)",
        "for (const [a] of /'/)",
        "...[.../'/]",
        "delete /'/",
        "new /'/",
    ),
    *("if (a) /'/", "while (a) /'/", "for (;;) /'/", "for await (a of b) /'/", "with (a) /'/", "if ((a)) /'/"),
    *("if (a) {} /'/", "function a() {} /'/", "{} /'/", "class A {} /'/", "class A extends B {} /'/", "try {} /'/"),
    *("a = () => {}\n/'/", "a; {} /'/", "{{}} /'/", "else {} /'/", "switch (a) {} /'/", "a;/'/", "a => /'/"),
    *("`${/'/}`", "`${a}${/'/}`", "a = b / /'/", "a / b / /'/", "a /* b */ = /* c */ /'/", "a = // b\n/'/", "a + /'/"),
    *(r"a = /\/'/", "a = /[/']/", r"a = /[\]/']/", "a = /'/gi", "a = /[[']]/v", "a = b\u00a0? /'/ : 1"),
    *("a = /*/ b */ /'/", "a = b<!--c\n+ /'/", "(/'/)", "{ /'/ }", "a = b % /'/", "a = b ^ ~/'/"),
]
DIVISION = [
    *("a / '/'", "1 / '/'", "a() / '/'", "a[0] / '/'", "(a) / '/'", "'a' / '/'", "`a` / '/'", "a++ / '/'", "a-- / '/'"),
    *(
        "a.if(b) / '/'",
        "a.return / '/'",
        "a?.in / '/'",
        "this / '/'",
        "of / '/'",
        "of(a) / '/'",
        "1. / '/'",
        "a.b / '/'",
    ),
    *(
        "({}) / '/'",
        "a = {} / '/'",
        "a = {b: {}} / '/'",
        "a({} / '/')",
        "return {} / '/'",
        "[{}] / '/'",
        "a ? {} / '/' : 1",
    ),
    *("/a/ / '/'", "/a/g / '/'", "a = /a/ / '/'", "a /* b */ / '/'", "a // b\n/ '/'", "a /= '/'", "`${a}` / '/'"),
    *("$if / '/'", "ifé / '/'", "a.#in / '/'", "await (a) / '/'", "\\u{61} / '/'", "a\u00a0/ '/'", "`${a / '/'}`"),
    *("a\n/ '/' / b", "a => (b) / '/'", "a = function() {}() / '/'", "(a, b) / '/'", "super.if(a) / '/'"),
]


@pytest.mark.parametrize("script", REGEX + DIVISION)
def test_a_slash_divides_or_begins_a_regular_expression(script: str) -> None:
    text = f"{script}; import".encode().decode("latin-1")
    assert Lexer(text).is_code(len(text) - len("import"))


@pytest.mark.parametrize(
    "inside", ["'a' /", '"a"/', "`a`/", "// a", "/* a */", "`${`a`}a`", r"'\'a", r"/[/a]a/", "<!-- a"]
)
def test_a_position_inside_something_is_no_code(inside: str) -> None:
    assert not Lexer(inside).is_code(inside.rindex("a"))
    assert Lexer(inside + "\n;b").is_code(len(inside) + 2)


def test_code_inside_a_template_is_code() -> None:
    script = "`a${b({c: `d${e}f`})}g`; h"
    lexer = Lexer(script)
    assert [character for at, character in enumerate(script) if character.isalpha() and lexer.is_code(at)] == list(
        "bceh"
    )


def test_brackets_that_do_not_match_do_no_lasting_harm() -> None:
    for script in ("`${(}`; a", ")]}; a", "({; a", "`${{(}}`; a", "`${)}`; a"):
        assert Lexer(script).is_code(script.rindex("a")), script


def test_slashes_that_are_misread_again_and_again_are_taken_for_divisions() -> None:
    script = "=/[" * 30 + "\n= /'/; a"
    assert not Lexer(script).is_code(script.rindex("a"))


# What no lexer can know without the grammar; it is not seen in real scripts.
UNKNOWABLE = [
    "var a\n/'/.test(b); c",  # a line that begins with a regular expression, after a declaration without a semicolon
    'import "a"\n/\'/.test(b); c',
    "a: {}\n/'/.test(b); c",  # after a labelled block: `a: {}` is more often a member
    "(function() {} / '/'); c",  # a function that is divided
    "/* a */ --> `\nc",  # the end of an HTML comment after another comment
]


@pytest.mark.parametrize("script", UNKNOWABLE)
def test_what_a_lexer_cannot_know(script: str) -> None:
    assert not Lexer(script).is_code(script.rindex("c"))
