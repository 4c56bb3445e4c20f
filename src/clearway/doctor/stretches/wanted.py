"""Why a described request does not get to the application that is to answer it."""

from collections.abc import Iterator

from clearway.doctor.facts import Facts
from clearway.fronts.directive import Directive
from clearway.fronts.handed import sent_target

from .configurations import around, at
from .passage import Passage, passages
from .terrain import Terrain, decisive
from .verdict import Verdict

_LIMITED = 413  # told by the check of sizes, with what the project takes
_RULES = (
    *("return", "deny", "allow", "if", "internal", "auth_basic", "auth_request", "limit_except", "valid_referers"),
    *("respond", "error", "abort", "basic_auth", "basicauth", "redir"),
    *("require", "requireall", "requireany", "requirenone", "limit", "limitexcept", "allowmethods", "rewriterule"),
    *("order", "satisfy", "redirect", "redirectmatch"),
)
_OF_METHODS = ("limit_except", "limit", "limitexcept", "if")
_REFUSALS, _BLOCKS = ("respond", "error", "abort"), ("handle", "handle_path", "route")
_WINNERS = (
    *("location", "rewrite", "try_files", "handle", "handle_path", "file_server", "route"),
    *("alias", "aliasmatch", "proxypass", "proxypassmatch", "scriptalias"),
)


def described(facts: Facts) -> Iterator[Passage]:
    """The passages of the described request that are for a page."""
    return (each for each in passages(facts, "page") if each.walked.is_described)


def verdict(passage: Passage, ground: Terrain) -> Verdict | None:
    """A cause that lies in the front; None where the application is asked for what it was meant to be."""
    outcome = passage.road.outcome
    if outcome.unknown or reaches(passage):
        return None
    if outcome.by == "application":
        return _cut(passage, ground)
    if not passage.is_ours or (outcome.status or 0) < 400 or outcome.status == _LIMITED:
        return None
    rule = decisive(passage, _RULES, reaches) or _of_block(passage)
    if rule:
        section = around(passage.front.configuration, rule)
        return Verdict("deny-rule", passage, rule, section if section and section.name in _OF_METHODS else None)
    return _elsewhere(passage, ground) if passage.walked.has_view else None


def _of_block(passage: Passage) -> Directive | None:
    """The line that refuses, at the end of a block of Caddy's that is there for it."""
    last = passage.road.steps[-1] if passage.road.steps else None
    if last is None or last.layer not in _REFUSALS or not decisive(passage, _BLOCKS, reaches):
        return None
    return at(passage.front.configuration, last.location)


def reaches(passage: Passage) -> bool:
    """Whether the application is asked for the visitor's path, or for another that it has."""
    outcome = passage.road.outcome
    if outcome.by != "application":
        return False
    walked = passage.walked
    return walked.answered or not walked.has_view or sent_target(passage.visit, outcome) == passage.visit.target


def _cut(passage: Passage, ground: Terrain) -> Verdict:
    sent = sent_target(passage.visit, passage.road.outcome)
    return Verdict("proxy-prefix", passage, ground.hands_on, told=(f"the application is asked for {sent}",))


def _elsewhere(passage: Passage, ground: Terrain) -> Verdict | None:
    """Another server, or another part of this one, keeps what a view is for."""
    for line, other in ground.other_servers():
        if other.visit.port == passage.visit.port and reaches(other):
            return Verdict("wrong-server", passage, ground.block, line)
    winner = decisive(passage, _WINNERS, reaches)
    if winner:
        return Verdict("route-stolen", passage, winner)
    return Verdict("no-route", passage, ground.block)
