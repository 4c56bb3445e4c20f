"""An examination: every check looks at the facts; what it cannot see, it says."""

from collections.abc import Iterable, Sequence

from clearway.fronts.errors import ConfigurationError

from .causality import ordered
from .facts import Facts, Unavailable
from .finding import Finding
from .report import Checked, Report, Status
from .rule import Check


def run(checks: Iterable[Check], facts: Facts, about: Sequence[str] = (), caution: str = "") -> Report:
    """Ask every check. One that crashes is a result of its own, and keeps no other from its work."""
    found: list[tuple[Check, Finding]] = []
    ended: list[Checked] = []
    for check in checks:
        seen, checked = _asked(check, facts)
        found += [(check, each) for each in seen]
        ended.append(checked)
    return Report(ordered(found), ended, about, caution)


def _asked(check: Check, facts: Facts) -> tuple[list[Finding], Checked]:
    """What it finds. One that finds nothing in a part of what there is has not passed."""
    rule, found = check.rule, list[Finding]()
    try:
        for name in rule.facts:
            getattr(facts, name)
        found.extend(check.look(facts))
        reason = "; ".join(facts.left_out[name] for name in (*rule.facts, *rule.optional) if name in facts.left_out)
    except Unavailable as missing:
        reason = str(missing)
    except ConfigurationError as refused:  # told by a check of its own
        reason = f"the web server refuses its configuration: {refused.message}"
    except Exception as error:  # a project may hold anything; the others still look
        return [], Checked(rule.id, Status.CRASHED, f"{type(error).__name__}: {error}")
    return found, Checked(rule.id, Status.FINDING if found else Status.SKIPPED if reason else Status.PASSED, reason)
