"""The certificate of a host is not trusted here.

What it means
    It has expired, an intermediate certificate is not sent with it, or nobody that this machine trusts has signed
    it. Everything was asked for nevertheless.

Why it breaks in production but not locally
    Locally there is no certificate.

See it yourself
    curl -v of the URL; openssl s_client -connect HOST:443 -servername HOST shows the chain.

Fix
    Renew it; give the server the whole chain (fullchain.pem), not the certificate alone.

When to ignore
    On a test host whose certificate is meant to be your own.
"""

from collections.abc import Iterator

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.live.findings import broken
from clearway.doctor.live.pages import doubt_of, untrusted
from clearway.doctor.live.seen import origin
from clearway.doctor.rule import Layer, Rule

RULE = Rule("CW402", "certificate-untrusted", None, Level.WARNING, Layer.SEEN, ("live",), ("settings",))


def look(facts: Facts) -> Iterator[Finding]:
    for each in untrusted(facts.live):
        yield RULE.finding(
            f"the certificate of {origin(each.wanted.url)} is not trusted: {doubt_of(each)}",
            f"GET {each.wanted.url}: {doubt_of(each)}",
            effect="browsers warn before they show anything, and load no file from there",
            fix=Fix("renew the certificate, or give the server the whole chain"),
            breaks=broken(facts, [each]),
        )
