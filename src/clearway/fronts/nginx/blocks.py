"""The parts that a written configuration of nginx is put together from."""

from collections.abc import Iterable
from itertools import chain

from .quoting import quoted, word

_APART = " ;{}'\"\\#()"  # what ends a word that has no quotes


def directory(path: str) -> str:
    """A path without its slash at the end. Raises `UnwritableError`."""
    word(path)
    return path.rstrip("/")


def path_of(path: str, end: str = "") -> str:
    """The path of a directory as a word. Raises `UnwritableError`."""
    return with_variables(directory(path) + end)


def with_variables(text: str) -> str:
    """A path as a word, in which variables are read."""
    return quoted(text) if any(character in text for character in _APART) else text


def hidden() -> list[str]:
    """No dotfiles, and nothing for a directory."""
    return ['location ~ "/(?:[.]|$)" { return 404; }']


def no_links(root: str) -> str:
    """Symbolic links lead nowhere; the directory itself may be one."""
    return f"disable_symlinks on {with_variables(f'from={directory(root)}/')};"


def map_of(source: str, variable: str, rows: Iterable[tuple[str, str]]) -> list[str]:
    """A `map`; what no row has is empty."""
    written = list(rows)
    if not any(key == "default" for key, _ in written):
        written.insert(0, ("default", '""'))
    again = ["    volatile;"] if "$status" in source else []  # an error may come after the first header fields
    return [f"map {source} ${variable} {{", *again, *(f"    {key} {value};" for key, value in written), "}"]


def location(head: str, comment: list[str], *groups: list[str]) -> list[str]:
    """A location whose groups of lines have an empty line between them."""
    inside = list(chain.from_iterable([*indented([line for line in group if line]), ""] for group in groups if group))
    return [*comment, f"location {head} {{", *inside[:-1], "}"]


def joined(blocks: Iterable[list[str]]) -> list[str]:
    """Blocks with an empty line between two."""
    lines: list[str] = []
    for block in blocks:
        lines += [*([""] if lines else []), *(line for line in block if line or lines)]
    return lines


def indented(lines: Iterable[str]) -> list[str]:
    """Lines one level deeper."""
    return [f"    {line}" if line else "" for line in lines]
