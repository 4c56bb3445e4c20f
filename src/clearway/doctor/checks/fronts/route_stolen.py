"""Another rule takes the URL from the one that is meant.

What it means
    nginx: a regular expression such as ~* \\.(css|js)$ beats a prefix location without ^~. Caddy: directives run in
    Caddy's own order, reverse_proxy before file_server. Apache: the first Alias or ProxyPass that fits wins.

Why it breaks in production but not locally
    runserver answers static files by itself; no web server stands before it.

See it yourself
    clearway trace of a URL that fails, and of one that works: the location differs.

Fix
    nginx: write ^~ before the prefix. Caddy: put both into handle blocks. Apache: the longer path first, ProxyPass
    /static ! before ProxyPass /.

When to ignore
    Never: the file that is due does not arrive.
"""

from collections.abc import Iterator

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Level
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.stretches.diagnosis import FACTS
from clearway.doctor.stretches.findings import found
from clearway.doctor.stretches.verdict import Verdict

RULE = Rule("CW506", "route-stolen", "route-stolen", Level.ERROR, Layer.FRONT, FACTS)


def look(facts: Facts) -> Iterator[Finding]:
    yield from found(facts, RULE, _said)


def _said(verdict: Verdict) -> tuple[str, str]:
    winner, meant = verdict.line, verdict.other
    title = " ".join([winner.name, *winner.words]) if winner else "another rule"
    instead = f" instead of {' '.join([meant.name, *meant.words])}" if meant else ""
    return f"{title} takes the URL{instead}", _remedy(verdict)


_REMEDIES = {
    "nginx": "write ^~ before the path of the location that should win",
    "caddy": "put each into a handle block of its own, the path first",
    "apache": "move the line for the longer path above this one: the first that fits wins",
}


def _remedy(verdict: Verdict) -> str:
    if verdict.passage.sample.kind == "page":
        return (
            f"give {verdict.passage.visit.target.partition('?')[0]} a rule of its own that hands it to the application"
        )
    return _REMEDIES[verdict.passage.front.name]
