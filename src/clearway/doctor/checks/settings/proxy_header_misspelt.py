"""SECURE_PROXY_SSL_HEADER names a header that never comes.

What it means
    It takes the name under which WSGI and ASGI hand a header on: upper case, with HTTP_ before it and _ for each
    dash. Any other name is never found, so Django takes every request for plain http.

Why it breaks in production but not locally
    Only in production something before Django ends TLS.

See it yourself
    python manage.py diffsettings | grep SECURE_

Fix
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https"), and let the proxy set that header.

When to ignore
    Never.
"""

from collections.abc import Iterator

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level, Safety
from clearway.doctor.python_edit import constant
from clearway.doctor.rule import Layer, Rule

RULE = Rule("CW121", "proxy-header-misspelt", "proto-header", Level.ERROR, Layer.SETTINGS, ("settings",))


def look(facts: Facts) -> Iterator[Finding]:
    settings = facts.settings
    given = settings.get("SECURE_PROXY_SSL_HEADER")
    if not isinstance(given, list | tuple) or len(given) != 2 or not all(isinstance(each, str) for each in given):
        return
    name, value = given
    right = "HTTP_" + name.strip().upper().replace("-", "_").removeprefix("HTTP_")
    if name == right and value == value.strip().lower():
        return
    where = settings.line_of("SECURE_PROXY_SSL_HEADER")
    yield RULE.finding(
        "SECURE_PROXY_SSL_HEADER can match no request",
        f"SECURE_PROXY_SSL_HEADER = {tuple(given)!r}",
        f"a server hands that header on as {right}" if name != right else f"proxies send {value.strip().lower()!r}",
        location=where,
        effect="Django takes every request for plain http: redirects without end, or links to http"
        if settings.get("SECURE_SSL_REDIRECT")
        else "Django takes every request for plain http, and makes such links",
        fix=Fix(
            f"SECURE_PROXY_SSL_HEADER = ({right!r}, {value.strip().lower()!r})",
            Safety.UNSAFE,
            constant(where, name, right) if name != right else constant(where, value, value.strip().lower()),
        ),
        breaks=frozenset({"page", "static", "media"} if settings.get("SECURE_SSL_REDIRECT") else {"page"}),
        level=Level.ERROR if settings.get("SECURE_SSL_REDIRECT") else Level.WARNING,
    )
