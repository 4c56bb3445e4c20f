"""Which finding is the cause, and which follow from it."""

from collections.abc import Iterable

from .finding import Finding, Level
from .report import Told
from .rule import Check

_WEIGHT = {Level.ERROR: 0, Level.WARNING: 1, Level.NOTE: 2}

Found = tuple[Check, Finding]


def ordered(found: Iterable[Found]) -> list[Told]:
    """Causes before what follows from them; of what is independent the worse first, then the earlier on the road."""
    ranked = sorted(found, key=_rank)
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


def _rank(found: Found) -> tuple[int, int, str]:
    check, finding = found
    return _WEIGHT[finding.level], check.rule.layer, check.rule.id


def _follows(later: Found, cause: Found) -> bool:
    """Whether a finding lies further on along a stretch that an error has broken already; advice is nobody's."""
    if cause[1].level != Level.ERROR or later[1].level == Level.NOTE or later[1].id == cause[1].id:
        return False
    return later[0].rule.layer > cause[0].rule.layer and cause[1].covers(later[1])
