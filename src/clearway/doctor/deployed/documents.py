"""Files of the project that are read as YAML, JSON or TOML."""

import re
import tomllib
from collections.abc import Iterator

from clearway.doctor.facts import Tree

from .yaml import Document, YamlError, parse


def documents(tree: Tree, *patterns: str) -> Iterator[tuple[str, Document]]:
    """Files of the tree that match and can be read as YAML or, by their name, TOML and JSON."""
    for name in tree.texts:
        if any(re.fullmatch(pattern, name) for pattern in patterns):
            try:
                yield name, _document(name, tree.texts[name])
            except (YamlError, ValueError, IndexError, RecursionError):
                continue


def _document(name: str, text: str) -> Document:
    return Document(tomllib.loads(text)) if name.endswith(".toml") else parse(text)


def parts(text: str) -> Iterator[Document]:
    """The documents of a YAML stream, with their lines in it; one that cannot be read is left out."""
    lines = text.splitlines()
    ends = [place for place, line in enumerate(lines) if re.match(r"---(?:\s|$)", line)]
    for first, last in zip([-1, *ends], [*ends, len(lines)], strict=True):
        own = lines[first + 1 : last]
        if any(line.strip() and not line.lstrip().startswith("#") for line in own):
            try:
                yield parse("\n" * (first + 1) + "\n".join(own))
            except (YamlError, ValueError, IndexError, RecursionError):
                continue
