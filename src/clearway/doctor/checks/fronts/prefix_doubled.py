"""The URL's prefix is in the path twice.

What it means
    root (in Caddy: handle) keeps the whole path of the URL and puts the directory before it; the directory ends in
    the prefix already.

Why it breaks in production but not locally
    runserver answers static files by itself; no web server stands before it.

See it yourself
    The error log names a path with static/static in it.

Fix
    nginx: alias with the directory, or root with its parent. Caddy: handle_path. Apache: Alias.

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

RULE = Rule("CW508", "prefix-doubled", "prefix-doubled", Level.ERROR, Layer.FRONT, FACTS)

_REMEDIES = {
    "nginx": "alias {directory}/ instead of root",
    "caddy": "handle_path instead of handle, with root * {directory}",
    "apache": "an Alias to {directory}/ instead of DocumentRoot",
}


def look(facts: Facts) -> Iterator[Finding]:
    yield from found(facts, RULE, _said)


def _said(verdict: Verdict) -> tuple[str, str]:
    return (
        f"{verdict.passage.sample.prefix} is in the path twice: {verdict.passage.looked}",
        _REMEDIES[verdict.passage.front.name].format(directory=verdict.passage.root),
    )
