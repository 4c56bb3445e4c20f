"""Minifying CSS and JavaScript: white space and comments go, licences (`/*! … */`) stay, nothing is renamed.

A source that says by its name that it was minified (`*.min.*`) is left alone; so is one that the minifier misreads.
It knows no nested templates and not every place where a regular expression may stand, so its answer counts only when
all literals are in it, octet by octet.
"""

import re
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from posixpath import basename, splitext

from .errors import BuildError
from .js_tokens import Lexer
from .sources import Source
from .texts import Finish

_TOOLS = {
    ".css": ("rcssmin", "cssmin"),
    ".js": ("rjsmin", "jsmin"),
    ".mjs": ("rjsmin", "jsmin"),
    ".cjs": ("rjsmin", "jsmin"),
}
_STYLE_LITERAL = re.compile(rb"/\*.*?(?:\*/|\Z)|(\"(?:[^\"\\]|\\.)*+\"?|'(?:[^'\\]|\\.)*+'?)", re.DOTALL)


class MissingExtraError(BuildError):
    """A package that an extra installs is not there."""


class _Literals(Lexer):
    """Collects the strings, regular expressions and pieces of templates of a script."""

    def __init__(self, data: bytes) -> None:
        self._script = data.decode("latin-1")
        super().__init__(self._script)
        self.found: list[str] = []
        self.is_code(len(self._script))

    def _read(self, token: re.Match[str], kind: str) -> int:
        end = super()._read(token, kind)
        if kind in ("string", "template") or (kind in ("slash", "closing") and end > token.end()):
            self.found.append(self._script[token.start() : end])
        return end


def minifying() -> Finish:
    """The finish that minifies. Raises `MissingExtraError` without the extra `minify`."""
    tools = {extension: _tool(*names) for extension, names in _TOOLS.items()}
    versions = sorted({f"{module} {version(module)}" for module, _ in _TOOLS.values()})

    def run(name: str, data: bytes) -> bytes:
        extension = _extension(name)
        minified = tools[extension](data, keep_bang_comments=True)
        return minified if _is_shorter_and_same(extension, data, minified) else data

    return Finish("; ".join(versions), _applies, run)


def _is_shorter_and_same(extension: str, data: bytes, minified: bytes) -> bool:
    literals = _style_literals if extension == ".css" else _script_literals
    return len(minified) < len(data) and literals(minified) == literals(data)


def _script_literals(data: bytes) -> list[str]:
    return _Literals(data).found


def _style_literals(data: bytes) -> list[bytes]:
    return [found[1] for found in _STYLE_LITERAL.finditer(data) if found[1]]


def _applies(source: Source) -> bool:
    return _extension(source.name) in _TOOLS and ".min." not in basename(source.name).lower()


def _extension(name: str) -> str:
    return splitext(name)[1].lower()


def _tool(module: str, function: str) -> Callable[..., bytes]:
    try:
        found: Callable[..., bytes] = getattr(import_module(module), function)
    except ImportError:
        message = f'CLEARWAY["minify"] needs {module}: python -m pip install "clearway[minify]"'
        raise MissingExtraError(message) from None
    return found
