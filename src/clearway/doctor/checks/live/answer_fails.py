"""A page or a file is answered with an error of the server.

What it means
    The page that was given is refused, missing or fails, so that what it needs cannot be seen; or a file ends before
    the length that was promised, or fails with 500 or more.

Why it breaks in production but not locally
    Locally the data, the load and the limits are others.

See it yourself
    curl -i of the URL; the log of whoever is named in the evidence says why.

Fix
    Look into the log of the hop that answered. 502 and 504 of a web server: the application does not run or does not
    answer in time. 500 of the application: its log has the traceback.

When to ignore
    Where the page is meant to be refused: give one that is not, or what opens it with --header.
"""

from collections.abc import Iterator

from clearway.doctor.facts import Facts, optional
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.live.findings import asked, broken
from clearway.doctor.live.hops import WORDS, answered_by
from clearway.doctor.live.naming import own_hosts
from clearway.doctor.live.seen import Seen, host_of
from clearway.doctor.rule import Layer, Rule

RULE = Rule("CW403", "answer-fails", None, Level.ERROR, Layer.SEEN, ("live",), ("settings", "manifest"))


def look(facts: Facts) -> Iterator[Finding]:
    live = facts.live
    own = own_hosts(facts, live.all)
    pages = [each for each in live.pages if _is_error(each, 401)]
    assets = [each for each in live.assets if host_of(each.wanted.url) in own and _is_error(each, 500)]
    cut = [each for each in live.assets if host_of(each.wanted.url) in own and each.answer and each.answer.is_cut]
    if pages:
        yield _finding(facts, pages, "nothing that the page needs could be looked at")
    elif assets:
        yield _finding(facts, assets, "pages come without these files")
    if cut:
        yield RULE.finding(
            f"{len(cut)} files end before the length that was promised" if len(cut) > 1 else "a file ends too early",
            *(f"{asked(each)}, cut off" for each in cut[:3]),
            effect="browsers drop the file",
            fix=Fix("look into the log of the server: its disk may be full, or its temporary directory closed to it"),
            breaks=broken(facts, cut),
        )


def _finding(facts: Facts, failed: list[Seen], effect: str) -> Finding:
    answer = failed[0].hops[-1].answer
    who = answered_by(answer)
    breaks = (_of_manifest(facts) if answer.status == 500 else frozenset()) or broken(facts, failed)
    return RULE.finding(
        f"{failed[0].wanted.url} is answered with {answer.status}" + (f" by {WORDS.get(who, who)}" if who else ""),
        *(asked(each) for each in failed[:3]),
        effect=effect,
        fix=Fix("look into the log of the one that answered"),
        breaks=breaks,
    )


def _is_error(seen: Seen, least: int) -> bool:
    """400 is the refusal of a host, which has a check of its own."""
    return seen.answer is not None and seen.answer.status >= least


def _of_manifest(facts: Facts) -> frozenset[str]:
    """A page that names a file which the manifest lacks fails itself."""
    manifest = optional(lambda: facts.manifest)
    return frozenset({"static:"}) if manifest and manifest.strict and not manifest.exists else frozenset()
