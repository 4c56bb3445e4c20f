"""STATIC_URL or MEDIA_URL is relative to something else than its author thought.

What it means
    Without a slash or a scheme at its beginning, Django puts the script name, usually /, before it. A name of a host
    without https:// becomes a directory of this site; `./` and `../` are left to the browser.

Why it breaks in production but not locally
    Locally the setting is often another: the host of a CDN or bucket is set in production only.

See it yourself
    python manage.py shell -c "from django.templatetags.static import static; print(static('x.css'))"

Fix
    Write a path from the root, STATIC_URL = "/static/", or the whole address, "https://cdn.example.com/static/".

When to ignore
    Never; "static/", as startproject writes it, is understood as /static/ and not reported.
"""

import re
from collections.abc import Iterator

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level, Safety
from clearway.doctor.python_edit import constant
from clearway.doctor.rule import Layer, Rule

RULE = Rule("CW113", "url-relative", "static-url-relative", Level.ERROR, Layer.SETTINGS, ("settings",))
_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?", re.IGNORECASE)


def look(facts: Facts) -> Iterator[Finding]:
    for name, stretch in (("STATIC_URL", "static"), ("MEDIA_URL", "media")):
        url = str(facts.settings.get(name) or "")
        first = url.partition("/")[0]
        right = _right(url, first)
        if not right:
            continue
        where = facts.settings.line_of(name)
        yield RULE.finding(
            f"{name} begins neither with a slash nor with https://",
            f"{name} = {url!r}",
            f"a page links to /{url}…",
            location=where,
            effect=f"browsers look for the {stretch} files at another place",
            fix=Fix(f"{name} = {right!r}", Safety.UNSAFE, constant(where, url, right)),
            breaks=frozenset({stretch}),
        )
        return


def _right(url: str, first: str) -> str:
    """What was meant; empty where nothing is wrong."""
    if first in (".", ".."):
        return "/" + url.lstrip("./")
    if _HOST.fullmatch(first) and "/" in url:
        return f"https://{url}"
    if re.match(r"https?:/?[^/]", url):
        return re.sub(r"^(https?):/*", r"\1://", url)
    return ""
