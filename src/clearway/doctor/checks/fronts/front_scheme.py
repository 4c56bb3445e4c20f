"""The application is not told that the visitor uses HTTPS.

What it means
    TLS ends at the web server, and the application sees plain HTTP. SECURE_SSL_REDIRECT then redirects for ever;
    links begin with http, and the check of forms fails.

Why it breaks in production but not locally
    runserver answers by itself; no web server stands before it.

See it yourself
    curl -I of a page: 301 to the same URL.

Fix
    proxy_set_header X-Forwarded-Proto $scheme; and SECURE_PROXY_SSL_HEADER in the settings. Where TLS ends before
    this server, pass on what came: $http_x_forwarded_proto.

When to ignore
    Never.
"""

from collections.abc import Iterator

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level, Safety
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.stretches import told_scheme
from clearway.doctor.stretches.configurations import quoted
from clearway.doctor.stretches.diagnosis import FACTS
from clearway.doctor.stretches.mending import patch_for
from clearway.doctor.stretches.relation import related

RULE = Rule("CW528", "proto-header", "proto-header", Level.WARNING, Layer.FRONT, FACTS)


def look(facts: Facts) -> Iterator[Finding]:
    related(facts)
    wrong = None if facts.settings["DEBUG"] else told_scheme.problem(facts)
    if wrong is None:
        return
    yield RULE.finding(
        wrong.message,
        *wrong.evidence,
        *(quoted(each) for each in (wrong.line,) if each),
        location=wrong.line.location if wrong.line else None,
        effect=wrong.effect
        or ("every page redirects to itself" if wrong.is_refused else "links begin with http, and forms are refused"),
        fix=Fix(wrong.remedy, Safety.SAFE, patch_for(facts, "forwarded")),
        level=Level.ERROR if wrong.is_refused else Level.WARNING,
    )
