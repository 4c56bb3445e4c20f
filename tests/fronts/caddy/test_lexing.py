"""The words of a Caddyfile."""

import pytest

from clearway.fronts.caddy.lexing import expanded, tokens
from clearway.fronts.errors import ConfigurationError


def words(text: str) -> list[str]:
    return [token.text for token in tokens(text, "Caddyfile", {})]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a b\tc", ["a", "b", "c"]),
        ('a "b c" d', ["a", "b c", "d"]),
        (r'"say \"x\" \n"', [r'say "x" \n']),
        (r"`say \`", ["say \\"]),
        (r"\.css$ {12}", [r"\.css$", "{12}"]),
        ("a # b\nc", ["a", "c"]),
        ("a#b", ["a#b"]),
        ('a"b c"', ['a"b', 'c"']),
        ("a \\\n b", ["a", "b"]),
        ('""', [""]),
        ("\ufeffa", ["a"]),
        ("a\r\nb", ["a", "b"]),
        ("respond <<END\n  one\n    two\n  END 200", ["respond", "one\n  two", "200"]),
    ],
)
def test_words_are_those_of_caddy(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_every_word_knows_its_line() -> None:
    found = tokens('a\n"b\nc" d\n\\\ne\nf', "Caddyfile", {})
    assert [(token.text, token.line) for token in found] == [("a", 1), ("b\nc", 2), ("d", 3), ("e", 4), ("f", 6)]


def test_a_heredoc_must_end() -> None:
    with pytest.raises(ConfigurationError, match=r"does not end in Caddyfile:2"):
        tokens("a\nb <<END\nc", "Caddyfile", {})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{$HOST}", "shop.test"),
        ("{$HOST}:{$PORT:80}", "shop.test:80"),
        ("{$NONE}x", "x"),
        ("{$EMPTY:default}", ""),
        ("{$}", "{$}"),
        ("{host}", "{host}"),
        ("{$NONE:a b}", "a b"),
    ],
)
def test_variables_of_the_environment_are_put_in(text: str, expected: str) -> None:
    assert expanded(text, {"HOST": "shop.test", "EMPTY": ""}) == expected
