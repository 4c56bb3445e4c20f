"""All checks: each module below `checks` is one, with `RULE`, `look` and its page as the docstring."""

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pkgutil import walk_packages

from . import checks
from .rule import Check

# numbers that stood for something once and never stand for anything else
RETIRED: frozenset[str] = frozenset()


class UnknownIdError(Exception):
    """No check has this id or name; the message says which is near."""


@cache
def all_checks() -> tuple[Check, ...]:
    """By number."""
    return tuple(sorted(_found(), key=lambda check: check.rule.id))


def check_of(written: str) -> Check:
    """The check of an id or a name, in any case. Raises `UnknownIdError`."""
    wanted = written.lower()
    for check in all_checks():
        if wanted in (check.rule.id.lower(), check.rule.name):
            return check
    raise UnknownIdError(f"no check is called {written}{_near(wanted)}; `clearway explain` lists all")


def _near(wanted: str) -> str:
    from difflib import get_close_matches

    known = [name for check in all_checks() for name in (check.rule.id.lower(), check.rule.name)]
    near = get_close_matches(wanted, known, 1, 0.7)
    return f" (did you mean {near[0].upper() if near[0].startswith('cw') else near[0]}?)" if near else ""


def _found() -> Iterator[Check]:
    for module in walk_packages(checks.__path__, f"{checks.__name__}."):
        if not module.ispkg:
            loaded = import_module(module.name)
            yield Check(loaded.RULE, loaded.look, (loaded.__doc__ or "").strip())
