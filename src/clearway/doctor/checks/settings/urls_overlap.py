"""STATIC_URL and MEDIA_URL overlap.

What it means
    Two settings claim the same URLs, for files that lie in two directories. One of the two is looked for in the wrong
    one; where both are equal, Django refuses to make its storages.

Why it breaks in production but not locally
    runserver answers static files from their sources first; a server that maps URLs to directories cannot.

See it yourself
    python manage.py diffsettings | grep _URL

Fix
    Two prefixes of which neither begins with the other: /static/ and /media/.

When to ignore
    Where a web server has a location for each, and --nginx, --caddy or --apache shows it; then this is not reported.
"""

import os
from collections.abc import Iterator
from urllib.parse import urlsplit

from clearway.doctor.facts import Facts, Settings, optional
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule

RULE = Rule(
    "CW115", "urls-overlap", "url-prefix-mismatch", Level.ERROR, Layer.SETTINGS, ("settings",), ("front", "roads")
)
_SAME = "STATIC_URL and MEDIA_URL are the same"


def look(facts: Facts) -> Iterator[Finding]:
    settings = facts.settings
    said = _relation(settings)
    if not said or (said != _SAME and (settings["DEBUG"] or _is_sorted_out(facts))):
        return
    yield RULE.finding(
        said,
        f"STATIC_URL = {settings['STATIC_URL']!r}, for files in {settings['STATIC_ROOT']}",
        f"MEDIA_URL = {settings['MEDIA_URL']!r}, for files in {settings['MEDIA_ROOT']}",
        location=settings.line_of("MEDIA_URL") or settings.line_of("STATIC_URL"),
        effect="a request for one of them is looked for in the directory of the other",
        fix=Fix('give each a prefix of its own, such as "/static/" and "/media/", in the settings and in the server'),
        breaks=frozenset({"static", "media"}),
    )


def _relation(settings: Settings) -> str:
    """How the two URLs overlap; empty where they do not, or where no uploads are kept here."""
    if not (settings["MEDIA_ROOT"] and settings["MEDIA_URL"] and "MEDIA_URL" in settings.given):
        return ""
    static, media = (urlsplit(str(settings[name] or "")) for name in ("STATIC_URL", "MEDIA_URL"))
    first, second = (f"/{url.path.strip('/')}/".replace("//", "/") for url in (static, media))
    if static.netloc != media.netloc or first == "/":
        return ""
    if first == second:
        return _SAME
    if first.startswith(second):
        return "STATIC_URL lies below MEDIA_URL"
    return "MEDIA_URL lies below STATIC_URL" if second.startswith(first) else ""


def _is_sorted_out(facts: Facts) -> bool:
    """Whether a front leads both to their files."""
    front = optional(lambda: facts.front)
    roads = [each for each in optional(lambda: facts.roads) or () if each.sample.file]
    reached = [os.path.realpath(each.trace.road.outcome.file or "") for each in roads]
    return front is not None and reached == [os.path.realpath(each.sample.file) for each in roads]
