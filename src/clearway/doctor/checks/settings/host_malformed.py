"""An entry of ALLOWED_HOSTS can match no host.

What it means
    ALLOWED_HOSTS takes names of hosts, without scheme, port or path; a name that begins with a dot stands for its
    subdomains too. Anything else is compared as it is, and never equal.

Why it breaks in production but not locally
    localhost is allowed by itself while DEBUG is on.

See it yourself
    curl -i -H 'Host: your.domain' http://127.0.0.1:8000/

Fix
    Only the name: "shop.example", or ".shop.example" with all subdomains.

When to ignore
    Never.
"""

import re
from collections.abc import Iterator

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level, Safety
from clearway.doctor.python_edit import constants
from clearway.doctor.rule import Layer, Rule

RULE = Rule("CW120", "host-malformed", "host-header", Level.ERROR, Layer.SETTINGS, ("settings",))
_LOCAL = {"localhost", "127.0.0.1", "[::1]", "::1", "0.0.0.0", "testserver"}


def look(facts: Facts) -> Iterator[Finding]:
    settings = facts.settings
    hosts = [host for host in settings.get("ALLOWED_HOSTS") or () if isinstance(host, str)]
    wrong = [host for host in hosts if _name(host) != host]
    if not wrong or settings["DEBUG"] or {_name(host) for host in wrong} <= set(hosts):
        return
    others = set(hosts) - set(wrong) - _LOCAL
    yield RULE.finding(
        f"{wrong[0]!r} in ALLOWED_HOSTS is no host name, so it matches no request",
        *(f"{host!r} is compared as it is written: no request has such a Host" for host in wrong[:3]),
        location=settings.line_of("ALLOWED_HOSTS"),
        effect=f"requests for {_name(wrong[0])} are answered 400",
        fix=Fix(
            f"write {', '.join(repr(_name(host)) for host in wrong)}",
            Safety.SAFE,
            constants(settings.line_of("ALLOWED_HOSTS"), {host: _name(host) for host in wrong}),
        ),
        breaks=frozenset({"page"}),
        level=Level.WARNING if others else Level.ERROR,
    )


def _name(host: str) -> str:
    """The name that was meant."""
    if host == "*" or host.startswith("["):
        return host
    if host.count(":") > 1 and "/" not in host:
        return f"[{host}]"
    name = re.sub(r"^[a-z]+://", "", host.strip()).partition("/")[0].partition(":")[0]
    return name.removeprefix("*")
