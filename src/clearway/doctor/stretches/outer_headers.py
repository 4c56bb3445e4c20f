"""Header fields that an inner level of nginx drops, since it has some of its own."""

from collections.abc import Iterator, Sequence

from clearway.doctor.facts import Facts
from clearway.fronts.directive import Directive
from clearway.fronts.nginx.scope import Scope

from .nginx import Ground
from .passage import Passage, passages

_OF_FILES = frozenset({
    *("access-control-allow-origin", "x-content-type-options", "cross-origin-resource-policy"),
    *("strict-transport-security", "content-security-policy"),
})  # fmt: skip
_OF_PAGES = frozenset({"strict-transport-security", "content-security-policy", "permissions-policy"})


def loses(passage: Passage, field: str) -> bool:
    """Whether an outer level of nginx adds the field, by its name in lower case, and the one that answers drops it."""
    scope = Ground(passage).last if passage.front.name == "nginx" else None
    inner = scope.holder("add_header") if scope else None
    if scope is None or inner is None or scope.word("add_header_inherit", "on") == "merge":
        return False
    return any(each.words[0].lower() == field for each in _outer(inner))


def lost(facts: Facts) -> Iterator[tuple[Directive, Sequence[Directive], Passage]]:
    """The first line of the inner level, what it drops that matters, and a request there; each level once."""
    seen: set[int] = set()
    for passage in passages(facts):
        scope = Ground(passage).last
        if scope is None or not (passage.delivers or passage.road.outcome.by == "application"):
            continue
        inner = scope.holder("add_header")
        if inner is None or id(inner.directive) in seen or scope.word("add_header_inherit", "on") == "merge":
            continue
        seen.add(id(inner.directive))
        wanted = _wanted(facts, passage)
        dropped = [each for each in _outer(inner) if each.words[0].lower() in wanted]
        if dropped:
            yield inner.here("add_header")[0], dropped, passage


def _wanted(facts: Facts, passage: Passage) -> frozenset[str]:
    """Fields that matter there, and that Django does not set by itself."""
    if passage.road.outcome.by != "application":
        return _OF_FILES
    sets_hsts = bool(facts.settings.get("SECURE_HSTS_SECONDS"))
    return _OF_PAGES - ({"strict-transport-security"} if sets_hsts else set())


def _outer(inner: Scope) -> list[Directive]:
    outer = inner.parent.nearest("add_header") if inner.parent else []
    own = {each.words[0].lower() for each in inner.here("add_header") if each.words}
    return [each for each in outer if len(each.words) > 1 and each.words[0].lower() not in own]
