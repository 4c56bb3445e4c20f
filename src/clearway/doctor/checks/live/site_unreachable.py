"""A host that pages need gives no answer.

What it means
    Its name is not known, nothing listens at its port, or no answer came within the time. What is wrong beside
    that cannot be seen.

Why it breaks in production but not locally
    Locally everything is one server.

See it yourself
    curl -v of the URL.

Fix
    Start the server, correct the name in DNS or in STATIC_URL, or open the port.

When to ignore
    Where this machine may not reach the host, and visitors may.
"""

from collections.abc import Iterator

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.live.findings import asked, broken
from clearway.doctor.live.naming import own_hosts
from clearway.doctor.live.referred import absolute
from clearway.doctor.live.seen import Seen, origin
from clearway.doctor.rule import Layer, Rule

RULE = Rule("CW401", "site-unreachable", None, Level.ERROR, Layer.SEEN, ("live",), ("settings",))


def look(facts: Facts) -> Iterator[Finding]:
    hosts: dict[str, list[Seen]] = {}
    own = own_hosts(facts, facts.live.all)
    for each in facts.live.all:
        if each.problem and any(f"//{host}" in origin(_last(each)) for host in own):
            hosts.setdefault(origin(_last(each)), []).append(each)
    for host, silent in hosts.items():
        yield RULE.finding(
            f"{host} gives no answer: {silent[0].problem}",
            *(asked(each) for each in silent[:3]),
            effect="nothing arrives from there",
            fix=Fix("start the server, correct its name, or open its port"),
            breaks=broken(facts, silent),
        )


def _last(seen: Seen) -> str:
    """The URL that was not answered: where the last answer led to."""
    location = seen.hops[-1].answer.headers.get("location", "") if seen.hops else ""
    return absolute(seen.hops[-1].url, location) if seen.hops else seen.wanted.url
