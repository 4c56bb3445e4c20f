"""The application is not told the visitor's host.

What it means
    nginx replaces Host by the name in proxy_pass unless it is told to pass it on; Apache does without
    ProxyPreserveHost. Django answers 400 for a host that is not in ALLOWED_HOSTS, and writes wrong links for one
    that is.

Why it breaks in production but not locally
    runserver answers by itself; no web server stands before it.

See it yourself
    The answer to every page is 400 Bad Request; the log has DisallowedHost.

Fix
    proxy_set_header Host $host; in the location, since one proxy_set_header there drops those outside. Apache:
    ProxyPreserveHost On.

When to ignore
    Never.
"""

from collections.abc import Iterator

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level, Safety
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.stretches import told_host
from clearway.doctor.stretches.configurations import quoted
from clearway.doctor.stretches.diagnosis import FACTS
from clearway.doctor.stretches.mending import patch_for
from clearway.doctor.stretches.relation import related

RULE = Rule("CW527", "host-header", "host-header", Level.ERROR, Layer.FRONT, FACTS)


def look(facts: Facts) -> Iterator[Finding]:
    front = related(facts)
    wrong = None if facts.settings["DEBUG"] else told_host.problem(facts)
    if wrong is None:
        return
    yield RULE.finding(
        wrong.message,
        *wrong.evidence,
        *(quoted(each) for each in (wrong.line,) if each),
        location=wrong.line.location if wrong.line else None,
        effect=wrong.effect
        or (
            "every page is 400 Bad Request"
            if wrong.is_refused
            else "links, redirects and the check of forms use the wrong host"
        ),
        fix=Fix(wrong.remedy)
        if wrong.remedy
        else Fix(_REMEDIES[front.name], Safety.SAFE, patch_for(facts, "forwarded")),
        level=Level.ERROR if wrong.is_refused else Level.WARNING,
    )


_REMEDIES = {
    "nginx": "proxy_set_header Host $host; once, in the location that hands on",
    "caddy": "leave header_up Host out: Caddy passes the visitor's host on",
    "apache": "ProxyPreserveHost On",
}
