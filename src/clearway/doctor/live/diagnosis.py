"""Why assets of a live site do not work: for each one verdict at most, its first cause on the road."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Level
from clearway.fronts.probe import differences

from . import arriving, failing, pages
from .case import Case
from .hops import FRONTS, answered_by, is_between
from .kinds import RUN
from .naming import is_filed, own_hosts
from .questions import fails
from .seen import Live
from .verdict import Verdict

# What a rule reads that asks for verdicts, and what helps it.
FACTS: Final = ("live",)
HELPFUL: Final = ("settings", "process", "collected", "sources", "tree")
_known: "WeakKeyDictionary[object, list[Verdict]]" = WeakKeyDictionary()
_LOOKS: tuple[Callable[[Case], Verdict | None], ...] = (
    *(
        failing.redirected,
        failing.kept_error,
        failing.varying,
        failing.refused_host,
        failing.refused,
        failing.closed_bucket,
        failing.missing,
    ),
    *(failing.page_instead, arriving.empty, arriving.refused_type, arriving.misencoded, arriving.another_content),
    arriving.long_lived,
)
_TELLING = ("status ", "content-type ", "location ", "access-control-allow-origin ")


def verdicts(facts: Facts) -> Sequence[Verdict]:
    """Raises `Unavailable` without a live site."""
    if facts not in _known:
        live = facts.live
        _known[facts] = [*pages.verdicts(facts, live), *_asked(facts, live)]
    return _known[facts]


def _asked(facts: Facts, live: Live) -> Iterator[Verdict]:
    hosts = own_hosts(facts, live.all)
    own = tuple(each for each in live.assets if urlsplit(each.wanted.url).hostname in hosts)
    is_down = any((each.answer is None or each.answer.status >= 500) for each in live.pages)
    for seen in live.assets:
        is_own = seen in own
        found = arriving.in_clear(seen) if is_own else None
        if not found and is_own and seen.hops and not (is_down and fails(seen)):
            found = _verdict(Case(facts, live, own, seen))
        found = found or arriving.blocked(seen)
        if found and found.cause:
            yield found


def _verdict(case: Case) -> Verdict | None:
    if _is_unneeded(case):
        return None
    found = next((each for look in _LOOKS if (each := look(case))), None)
    return _contradicted(case, found) or found


def _is_unneeded(case: Case) -> bool:
    """Source maps, which only developers ask for, and pictures that a view may have or not."""
    kind = case.seen.wanted.kind
    if kind in ("map", "icon"):
        return kind == "map" or fails(case.seen)
    return kind not in (*RUN, "font") and not is_filed(case.facts, case.seen.wanted.url) and fails(case.seen)


def _contradicted(case: Case, found: Verdict | None) -> Verdict | None:
    """The front's configuration makes something else of the URL than what was answered."""
    outcome = case.seen.predicted
    if outcome is None or outcome.unknown or outcome.status is None or outcome.by not in FRONTS:
        return None
    if found is not None and found.cause not in _OPEN:
        return None
    different = [each for each in differences(case.answer, outcome) if each.startswith(_TELLING)]
    is_other = case.seen.hops[0].answer.status != outcome.status
    if not different or not (is_other or found) or is_between(case.answer):
        return None
    rows = (f"the configuration makes of it: {outcome.status} {outcome.type or ''}".rstrip(), "; ".join(different))
    who = answered_by(case.answer)
    if who in FRONTS and who != outcome.by:
        return Verdict("wrong-server", case.seen, rows, f"{who} answers, and the configuration is that of {outcome.by}")
    level = Level.ERROR if found else Level.WARNING
    means = "the running server has loaded another configuration, or another server answers"
    return Verdict("config-not-loaded", case.seen, rows, means, level)


# What is concluded from the answer alone, and gives way to what the configuration says.
_OPEN = frozenset(
    {
        *("no-route", "wrong-directory", "not-collected", "not-in-finders", "perm-parent", "access-not-granted"),
        *("deny-rule", "fallback-html", "mime-types-missing", "mime-extension-unmapped", "media-not-served"),
    }
)
