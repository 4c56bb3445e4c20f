"""The file is a symbolic link that the web server does not follow.

What it means
    collectstatic --link makes links to the sources; disable_symlinks, Options without FollowSymLinks, or a source
    that the worker cannot reach makes them 403 or 404.

Why it breaks in production but not locally
    runserver answers static files by itself; no web server stands before it.

See it yourself
    ls -l of the file, namei -l of its target.

Fix
    Collect copies: collectstatic without --link, after the links were removed.

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

RULE = Rule("CW517", "symlink-broken", "symlink-broken", Level.ERROR, Layer.FRONT, FACTS)


def look(facts: Facts) -> Iterator[Finding]:
    yield from found(facts, RULE, _said)


def _said(verdict: Verdict) -> tuple[str, str]:
    return (
        f"{verdict.passage.due} is a link that is not followed",
        "collect copies: python manage.py collectstatic --clear --noinput",
    )
