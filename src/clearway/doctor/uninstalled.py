"""Packages that settings name, and that are not installed here: production may have them."""

import re
from pathlib import Path

from .facts import Facts, optional

_LIST = re.compile(r"(?:^|/)requirements|pyproject\.toml$|Pipfile$")


def missing_package(facts: Facts, problem: str) -> str:
    """The package of somebody else that an error says is not installed here; empty for what is the project's own."""
    found = re.search(r"No module named '(\w+)", problem)
    tree = optional(lambda: facts.tree)
    is_own = not found or not tree or any((Path(tree.root) / found[1]).glob("*.py"))
    return "" if is_own or found is None else found[1]


def is_required(facts: Facts, package: str) -> bool:
    """Whether a list of requirements names a distribution like it."""
    texts = (text for name, text in facts.tree.texts.items() if _LIST.search(name))
    named = re.compile(rf"^[\s\"'\[]*[\w.-]*{re.escape(package.replace('_', '-'))}", re.IGNORECASE | re.MULTILINE)
    return any(named.search(text.replace("_", "-")) for text in texts)
