"""Django does not answer for the host of the request that fails.

What it means
    A request whose Host is not in ALLOWED_HOSTS is answered 400, whatever it asks for; WhiteNoise and Clearway answer
    their files before that.

Why it breaks in production but not locally
    With DEBUG on and an empty ALLOWED_HOSTS, localhost is allowed.

See it yourself
    The log of the application has DisallowedHost, with the host that it got.

Fix
    Add the host to ALLOWED_HOSTS, or let the web server redirect it to the site's own.

When to ignore
    Where a web server that is not known here sends another Host to the application.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from clearway.doctor.facts import Facts, optional
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.hosts import is_allowed
from clearway.doctor.rule import Layer, Rule

RULE = Rule(
    "CW123",
    "host-not-allowed",
    "host-header",
    Level.ERROR,
    Layer.APPLICATION,
    ("settings", "described"),
    ("front", "roads", "live"),
)


def look(facts: Facts) -> Iterator[Finding]:
    settings, described = facts.settings, facts.described
    front = optional(lambda: facts.front)
    if settings["DEBUG"] or (front and not front.found):
        return  # what a front makes of the host is told where its configuration is read
    live = optional(lambda: facts.live)
    if live and any(each.arrives for each in live.pages):
        return  # something before Django gives it a host that it knows
    pages = [each for each in optional(lambda: facts.roads) or () if each.is_described and each.sample.kind == "page"]
    for url in [each.trace.url for each in pages]:
        host = described.host or urlsplit(url).netloc.rpartition("@")[2]
        if host and not is_allowed(host, settings["ALLOWED_HOSTS"]):
            yield RULE.finding(
                f"ALLOWED_HOSTS does not have {host}",
                f"{described.method} {url} with Host: {host}",
                f"ALLOWED_HOSTS = {list(settings['ALLOWED_HOSTS'])!r}",
                location=settings.line_of("ALLOWED_HOSTS"),
                effect="every page of this host is 400 Bad Request",
                fix=Fix(f"add {host.rpartition(':')[0] or host!r} to ALLOWED_HOSTS"),
                breaks=frozenset({"page"}),
            )
            return
