"""Terraform's language, as far as resources of buckets need it: blocks, and attributes that are written out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_HEAD = re.compile(r"^[ \t]*(?:resource\s+\"(?P<type>[\w-]+)\"|module)\s+\"(?P<name>[\w-]+)\"\s*\{", re.MULTILINE)
_INNER = re.compile(r"^[ \t]*(?P<name>\w+)\s*(?:=\s*)?\{", re.MULTILINE)
_ATTRIBUTE = re.compile(r"^[ \t]*(?P<name>\w+)\s*=\s*(?P<value>\[[^\]]*\]|\"[^\"\n]*\"|[^\n#{]+)", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """`values` are its attributes: texts, booleans and lists; inner blocks are lists of mappings."""

    type: str
    name: str
    values: dict[str, Any]
    line: int


def blocks(text: str) -> Iterator[Block]:
    """Every `resource` and `module`."""
    plain = re.sub(r"(?m)^[ \t]*(?:#|//).*$", "", text)
    for found in _HEAD.finditer(plain):
        body = _body(plain, found.end())
        yield Block(
            found["type"] or "module", found["name"], _values(body), plain.count("\n", 0, found.start("name")) + 1
        )


def _body(text: str, start: int) -> str:
    """Up to the brace that closes; braces in quotes do not count."""
    depth, is_quoted = 1, False
    for place in range(start, len(text)):
        sign = text[place]
        if sign == '"' and text[place - 1] != "\\":
            is_quoted = not is_quoted
        elif not is_quoted and sign in "{}":
            depth += 1 if sign == "{" else -1
            if depth == 0:
                return text[start:place]
    return text[start:]


def _values(body: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    outer = body
    while found := _INNER.search(outer):
        inner = _body(outer, found.end())
        values.setdefault(found["name"], []).append(_values(inner))
        outer = outer[: found.start()] + outer[found.end() + len(inner) + 1 :]
    return values | {each["name"]: _value(each["value"].strip()) for each in _ATTRIBUTE.finditer(outer)}


def _value(written: str) -> Any:
    if written.startswith("["):
        return re.findall(r"\"([^\"]*)\"", written)
    if written.startswith('"'):
        return written.strip('"')
    return {"true": True, "false": False}.get(written, f"${{{written}}}")
