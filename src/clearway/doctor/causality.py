"""Which finding is the cause, and which follow from it."""

from collections.abc import Iterable, Mapping

from .finding import Finding, Level
from .report import Told
from .rule import Check, Layer

_WEIGHT = {Level.ERROR: 0, Level.WARNING: 1, Level.NOTE: 2}

Found = tuple[Check, Finding]


def ordered(found: Iterable[Found]) -> list[Told]:
    """Causes before what follows from them; of what is independent the worse first, then the earlier on the road.

    What was foretold, and is seen of a live site, comes with what was seen.
    """
    found = list(found)
    seen = {each.cause: _weight(found, each.cause) for check, each in found if check.rule.layer == Layer.SEEN}
    ranked = sorted(found, key=lambda each: _rank(each, seen))
    told: list[Told] = []
    taken: set[int] = set()
    for place, (check, finding) in enumerate(ranked):
        if place in taken:
            continue
        derived = [
            at
            for at in range(len(ranked))
            if at not in taken and at != place and _follows(ranked[at], (check, finding))
        ]
        taken.update((place, *derived))
        told.append(Told(finding, tuple(dict.fromkeys(ranked[at][1].id for at in derived))))
        told += [Told(ranked[at][1], follows=True) for at in derived]
    return told


def _weight(found: Iterable[Found], cause: str | None) -> int:
    """Of the worst that was seen of a cause."""
    weights = (_WEIGHT[each.level] for check, each in found if check.rule.layer == Layer.SEEN and each.cause == cause)
    return min(weights)


def _rank(found: Found, seen: Mapping[str | None, int]) -> tuple[int, int, str]:
    check, finding = found
    weight = _WEIGHT[finding.level]
    if finding.cause and finding.level != Level.NOTE:
        weight = min(weight, seen.get(finding.cause, weight))
    return weight, check.rule.layer, check.rule.id


def _follows(later: Found, cause: Found) -> bool:
    """Whether a finding lies further on along a stretch that an error has broken already; advice is nobody's.

    One of a live site also follows where its cause was foretold.
    """
    if Level.NOTE in (later[1].level, cause[1].level) or later[1].id == cause[1].id:
        return False
    if later[0].rule.layer <= cause[0].rule.layer:
        return False
    if later[0].rule.layer == Layer.SEEN and cause[1].cause and later[1].cause == cause[1].cause:
        return True
    return cause[1].level == Level.ERROR and cause[1].covers(later[1])
