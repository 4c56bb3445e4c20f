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
from clearway.doctor.stretches import byways
from clearway.doctor.stretches.diagnosis import FACTS
from clearway.doctor.stretches.findings import found
from clearway.doctor.stretches.verdict import Verdict

RULE = Rule("CW517", "symlink-broken", "symlink-broken", Level.ERROR, Layer.FRONT, FACTS)


def look(facts: Facts) -> Iterator[Finding]:
    yield from found(facts, RULE, _said)


def _said(verdict: Verdict) -> tuple[str, str]:
    if link := byways.dangling(verdict.passage):
        return f"{link} is a link to nothing", "let the link lead to the directory that was collected last"
    if link := byways.followed(verdict.passage):
        return (
            f"the server does not follow the link {link}",
            f"name {verdict.passage.root}/ itself, or let the server follow links",
        )
    return (
        f"the server does not follow the link {verdict.passage.due}",
        "collect copies instead of links: python manage.py collectstatic --clear --noinput",
    )
