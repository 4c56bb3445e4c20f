"""SECURE_SSL_REDIRECT is on, and nothing tells Django that the visitor came with https.

What it means
    The platform ends TLS and sends plain http on, with X-Forwarded-Proto. Django is not told to read that header, so
    it answers each request, also that for a file, with a redirect to the address that was asked for.

Why it breaks in production but not locally
    Only the platform has a router that ends TLS.

See it yourself
    curl -sI https://your.domain/ | grep -i location

Fix
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https").

When to ignore
    Where the server of the application reads the header itself (--forwarded-allow-ips, FORWARDED_ALLOW_IPS); where
    its command shows that, this is not reported.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from clearway.doctor.deployed.deployment import Deployment
from clearway.doctor.facts import Facts, optional
from clearway.doctor.finding import Finding, Fix, Level, Safety
from clearway.doctor.python_edit import followed
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.stretches import told_scheme

HELPFUL = ("process", "front", "site", "roads")
RULE = Rule("CW122", "redirect-without-end", "proto-header", Level.ERROR, Layer.SETTINGS, ("settings", "tree"), HELPFUL)
_ENDING_TLS = ("fly", "render", "railway", "appengine")  # Heroku's build lets gunicorn read the header
_READS = re.compile(r"forwarded.allow.ips|FORWARDED_ALLOW_IPS|secure.scheme.headers|--proxy-headers", re.IGNORECASE)

_TRUSTED = 'SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")'


def look(facts: Facts) -> Iterator[Finding]:
    settings = facts.settings
    if not settings.get("SECURE_SSL_REDIRECT") or settings.get("SECURE_PROXY_SSL_HEADER") or settings["DEBUG"]:
        return
    if any(_READS.search(text) for text in facts.tree.texts.values()):
        return
    for who, proof in (*_routers(facts), *_proxies(facts)):
        yield RULE.finding(
            f"SECURE_SSL_REDIRECT redirects every request, since {who} hands on plain http",
            "SECURE_SSL_REDIRECT = True",
            "SECURE_PROXY_SSL_HEADER is not set",
            proof,
            location=settings.line_of("SECURE_SSL_REDIRECT"),
            effect="browsers stop with too many redirects, for pages and files",
            fix=Fix(_TRUSTED, Safety.UNSAFE, followed(settings.line_of("SECURE_SSL_REDIRECT"), _TRUSTED)),
            breaks=frozenset({"page", "static", "media"}),
        )
        return


def _routers(facts: Facts) -> Iterator[tuple[str, str]]:
    for each in Deployment(facts.tree).platforms:
        if each.name in _ENDING_TLS:
            yield each.title, f"{each.location.file} deploys to {each.title}, whose router ends TLS"


def _proxies(facts: Facts) -> Iterator[tuple[str, str]]:
    found = optional(lambda: told_scheme.unread(facts))
    if found:
        upstream = urlsplit(found.road.outcome.upstream or "")
        at = f"{upstream.scheme}://{upstream.netloc}"
        yield found.front.name, f"GET {found.walked.trace.url} → {at}, which reads no header of another machine unasked"
