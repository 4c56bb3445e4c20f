"""Static files that a project's own templates name, for the doctor: read with Django's lexer, none is rendered."""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.template import engines
from django.template.base import Lexer, Token, TokenType
from django.template.utils import get_app_template_dirs

from clearway.doctor.facts import Unavailable, Use, is_installed
from clearway.fronts.road import Location

_TEXTS = frozenset({".html", ".htm", ".xhtml", ".txt", ".xml", ".svg", ".js", ".jinja", ".jinja2", ".j2", ".djhtml"})
_PASSED_BY = frozenset({"node_modules", "__pycache__"})
_LARGEST = 1 << 20  # octets of one template
_MOST = 5_000  # templates
_NAME = r"[^\"'()<>{}\s,?#]+"
_CONSTANT = re.compile(r"\A(?P<quote>[\"'])(?P<name>[^\"']*)(?P=quote)\Z")
_CONTINUED = re.compile(rf"\A(?P<name>{_NAME})(?=[\"')\s>?#,])")
_JINJA_COMMENT = re.compile(r"\{#.*?#\}|\{%-?\s*raw\s*-?%\}.*?\{%-?\s*endraw\s*-?%\}", re.DOTALL)
_JINJA_CALL = re.compile(
    r"\{[{%](?:(?![%}]\}).)*?\bstatic\(\s*(?P<quote>[\"'])(?P<name>[^\"'{}]+)(?P=quote)\s*\)(?P<query>\s*\}\}\?)?"
)


class Named(NamedTuple):
    """Names in `{% static %}` and `static()`, and in URLs that are written out below STATIC_URL."""

    tags: Sequence[Use]
    written: Sequence[Use]


def named(left_out: Callable[[str], None]) -> Named:
    """What the templates of the project name; those of installed packages are not read.

    `left_out` is told of a bound.
    """
    tags: dict[Use, None] = {}
    written: dict[Use, None] = {}
    for file, is_jinja in _files(left_out):
        text = _text(file, left_out)
        found, plain = _in_jinja(text) if is_jinja else _in_django(text)
        tags |= dict.fromkeys(Use(name, Location(str(file), line), asks) for name, line, asks in found)
        written |= dict.fromkeys(Use(name, Location(str(file), line)) for name, line in plain)
    return Named(tuple(tags), tuple(written))


def _files(left_out: Callable[[str], None]) -> Iterator[tuple[Path, bool]]:
    seen: set[Path] = set()
    for directory, is_jinja in _directories():
        for folder, inner, names in os.walk(directory):
            inner[:] = sorted(each for each in inner if each[0] != "." and each not in _PASSED_BY)
            for file in (Path(folder, name) for name in sorted(names)):
                if file.suffix.lower() not in _TEXTS or file in seen:
                    continue
                if len(seen) >= _MOST:
                    return left_out(f"only the first {_MOST:,} templates were read")
                seen.add(file)
                yield file, is_jinja


def _directories() -> Iterator[tuple[str, bool]]:
    try:
        loaded = engines.all()
    except Exception as error:  # a backend is a program
        raise Unavailable(f"the template engines cannot be loaded: {error}") from error
    found: dict[str, bool] = {}
    for engine in loaded:
        is_jinja = "jinja" in type(engine).__module__
        found |= dict.fromkeys(map(os.fspath, getattr(engine, "template_dirs", ())), is_jinja)
    found = dict.fromkeys(map(os.fspath, get_app_template_dirs("templates")), False) | found
    return ((path, is_jinja) for path, is_jinja in found.items() if not is_installed(path))


def _text(file: Path, left_out: Callable[[str], None]) -> str:
    try:
        data = file.read_bytes()
    except OSError as error:
        left_out(f"{file} cannot be read: {error.strerror}")
        return ""
    if len(data) > _LARGEST:
        left_out(f"only the first {_LARGEST >> 20} MiB of {file} were read")
    return data[:_LARGEST].decode("utf-8", "replace")


_Tags = list[tuple[str, int, bool]]  # the last: whether a query is written behind it
_Written = list[tuple[str, int]]


def _in_django(text: str) -> tuple[_Tags, _Written]:
    tags: _Tags = []
    written: _Written = []
    unused, before = _Unused(), None
    for token in Lexer(text).tokenize():
        words = _words(token)
        if unused.has(words):
            continue
        if words[:1] == ["static"] and len(words) > 1 and (constant := _CONSTANT.match(words[1])):
            tags.append((constant["name"], token.lineno or 1, "?" in constant["name"]))
        if token.token_type == TokenType.TEXT:
            if token.contents[:1] == "?" and before and _words(before)[:1] == ["static"] and tags:
                tags[-1] = (*tags[-1][:2], True)
            written += _written(token.contents, token.lineno or 1, follows_prefix=_is_prefix(before))
        before = token
    return tags, written


class _Unused:
    """Where a template goes on that production never renders: comments, and blocks for DEBUG."""

    def __init__(self) -> None:
        self._is_comment = False
        self._blocks: list[tuple[bool, bool]] = []  # of each `if`: for DEBUG now, for DEBUG after `else`

    def has(self, words: list[str]) -> bool:
        """Whether a tag of these words stands there; of a text there are none."""
        tag = words[0] if words else ""
        if tag == "comment" or self._is_comment:
            self._is_comment = tag != "endcomment"
            return True
        if tag == "if":
            self._blocks.append(_for_debug(words))
        elif tag in ("elif", "else") and self._blocks:
            _, after = self._blocks.pop()
            self._blocks.append(_for_debug(words) if tag == "elif" else (after, False))
        elif tag == "endif" and self._blocks:
            self._blocks.pop()
        return any(now for now, _ in self._blocks)


def _for_debug(words: list[str]) -> tuple[bool, bool]:
    """Whether the block of a condition is for DEBUG, and whether its `else` is."""
    asks = len(words) <= 3 and words[-1].casefold().rpartition(".")[2] == "debug"
    return asks and words[1] != "not", asks and words[1] == "not"


def _words(token: Token) -> list[str]:
    if token.token_type != TokenType.BLOCK:
        return []
    try:
        return token.split_contents()
    except Exception:  # a quote that is not closed, in a translated string
        return []


def _is_prefix(token: Token | None) -> bool:
    """Whether a token prints STATIC_URL."""
    if token is None:
        return False
    return token.contents.split() in (["STATIC_URL"], ["get_static_prefix"])


def _written(text: str, line: int, *, follows_prefix: bool) -> Iterator[tuple[str, int]]:
    """Whole names only: where a tag or a variable goes on with it, the name is not known."""
    if follows_prefix and (continued := _CONTINUED.match(text)):
        yield continued["name"], line
    if (find := _below_static_url()) is not None:
        for found in find(text):
            yield found["name"], line + text.count("\n", 0, found.start())


def _below_static_url() -> Callable[[str], Iterator[re.Match[str]]] | None:
    url = str(settings._wrapped.STATIC_URL or "")
    if not url.strip("/"):
        return None
    return re.compile(rf"(?<=[\"'(=\s]){re.escape(url)}(?P<name>{_NAME})(?=[\"')\s>?#,])").finditer


def _in_jinja(text: str) -> tuple[_Tags, _Written]:
    text = _JINJA_COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    called = [
        (found["name"], text.count("\n", 0, found.start("name")) + 1, "?" in found["name"] or bool(found["query"]))
        for found in _JINJA_CALL.finditer(text)
    ]
    return called, list(_written(text, 1, follows_prefix=False))
