"""Scalars, keys and flow collections of YAML."""

import re
from typing import Any

_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "e": "\x1b", " ": " ", "/": "/", '"': '"', "\\": "\\"}
_NULLS = ("", "~", "null", "Null", "NULL")
_CODED = {"x": 2, "u": 4, "U": 8}


class YamlError(Exception):
    """No YAML, or YAML that is not read; the message says where."""


def plain(text: str) -> str:
    """A plain scalar without the comment behind it."""
    return re.split(r"(?:^|\s)#", text, maxsplit=1)[0].strip()


def quoted(text: str) -> str:
    """A quoted scalar. Raises `EOFError` where it is not closed."""
    return _quoted(text, 0)[0]


def key_of(content: str) -> tuple[str, str] | None:
    """(key, what follows it) of an entry of a mapping; None for a line that is none."""
    if content[:1] in ("'", '"'):
        try:
            key, end = _quoted(content, 0)
        except EOFError:
            return None
        rest = content[end:].lstrip()
        return (key, rest[1:].strip()) if rest[:1] == ":" else None
    if content[:1] in ("[", "{", "?", "*", "&", "!", "|", ">", "%", "@", "#"):
        return None
    found = re.search(r":(?=\s|$)|\s#", content)
    if not found or found[0] != ":":
        return None
    return content[: found.start()].rstrip(), content[found.end() :].strip()


def flow(text: str) -> Any:
    """A collection in brackets or braces. Raises `EOFError` where it is not closed, `YamlError` where it is none."""
    return _flow(text, 0)[0]


def _flow(text: str, at: int) -> tuple[Any, int]:
    at = _skip(text, at)
    if text[at] == "[":
        return _items(text, at + 1)
    if text[at] == "{":
        return _entries(text, at + 1)
    if text[at] in "'\"":
        return _quoted(text, at)
    found = re.compile(r"(?:[^\[\]{},:#]|:(?![\s,\]}])|(?<!\s)#)*").match(text, at)
    end = found.end() if found else at
    word = text[at:end].strip()
    return (None if word in _NULLS else word), end


def _items(text: str, at: int) -> tuple[list[Any], int]:
    made: list[Any] = []
    while text[at := _skip(text, at)] != "]":
        value, at = _flow(text, at)
        if text[at := _skip(text, at)] == ":":
            inner, at = _flow(text, at + 1)
            value = {value: inner}
        made.append(value)
        at = _after(text, at, "]")
    return made, at + 1


def _entries(text: str, at: int) -> tuple[dict[str, Any], int]:
    made: dict[str, Any] = {}
    while text[at := _skip(text, at)] != "}":
        key, at = _flow(text, at)
        value = None
        if text[at := _skip(text, at)] == ":":
            at = _skip(text, at + 1)
            value, at = (None, at) if text[at] in ",}" else _flow(text, at)
        made[str(key)] = value
        at = _after(text, at, "}")
    return made, at + 1


def _after(text: str, at: int, closing: str) -> int:
    at = _skip(text, at)
    if text[at] == ",":
        return at + 1
    if text[at] != closing:
        raise YamlError(f"unexpected {text[at]!r}")
    return at


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    if at >= len(text):
        raise EOFError
    return at


def _quoted(text: str, at: int) -> tuple[str, int]:
    sign, made, at = text[at], "", at + 1
    while True:
        if at >= len(text):
            raise EOFError
        if text[at] == sign:
            if sign == '"' or text[at : at + 2] != "''":
                return made, at + 1
            made, at = made + "'", at + 2
        elif text[at] == "\\" and sign == '"':
            word, at = _escaped(text, at + 1)
            made += word
        else:
            made, at = made + text[at], at + 1


def _escaped(text: str, at: int) -> tuple[str, int]:
    if at >= len(text):
        raise EOFError
    length = _CODED.get(text[at])
    if length is None:
        return _ESCAPES.get(text[at], text[at]), at + 1
    try:
        return chr(int(text[at + 1 : at + 1 + length], 16)), at + 1 + length
    except ValueError as error:
        raise YamlError(f"{text[at - 1 : at + 1 + length]} is no character") from error
