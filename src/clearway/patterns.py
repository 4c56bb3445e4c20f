"""Patterns that a project's storage adds to those of Django's: `ManifestStaticFilesStorage.patterns` is documented.

What such a pattern finds is replaced as a whole by its template, as Django does; our own rules have the rest.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatchcase
from typing import Any

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage

from .build import references
from .build.references import Reference
from .build.spans import Spelling

Find = Callable[[str, bytes], list[Reference]]
_TEMPLATE = 'url("%(url)s")'  # HashedFilesMixin.default_template


def find_with(patterns: Iterable[Any]) -> Find | None:
    """How references are found with the patterns of a storage; None when they are Django's."""
    django: Any = ManifestStaticFilesStorage
    modules = getattr(django, "_js_module_import_aggregation_patterns", None)  # ours reads modules in any case
    own = [entry for entry in patterns if entry not in django.patterns and entry != modules]
    rules = [(glob, rule) for glob, group in own for rule in _rules(group)]
    if not rules:
        return None

    def find(name: str, data: bytes) -> list[Reference]:
        text = data.decode("latin-1")
        found = [each for glob, rule in rules if fnmatchcase(name, glob) for each in rule(text)]
        return _in_order(found, references.find(name, data))

    return find


def _rules(group: Iterable[Any]) -> Iterator[Callable[[str], Iterator[Reference]]]:
    for entry in group:
        expression, template = entry[:2] if isinstance(entry, tuple | list) else (entry, _TEMPLATE)
        yield _rule(re.compile(expression, re.IGNORECASE), template)


def _rule(expression: re.Pattern[str], template: str) -> Callable[[str], Iterator[Reference]]:
    def found(text: str) -> Iterator[Reference]:
        for match in expression.finditer(text):
            groups = match.groupdict()
            url = groups["url"].encode("latin-1").decode("utf-8", "surrogateescape")
            spelling = Spelling(str, lambda new, groups=groups: template % {**groups, "url": new})  # type: ignore[misc]
            yield Reference(*match.span("matched"), url, "pattern", spelling)

    return found


def _in_order(found: list[Reference], ours: Iterable[Reference]) -> list[Reference]:
    """By place; of two that overlap, the one that the project's pattern found."""
    free = [each for each in ours if all(each.end <= other.start or other.end <= each.start for other in found)]
    return sorted([*found, *free], key=lambda each: each.start)
