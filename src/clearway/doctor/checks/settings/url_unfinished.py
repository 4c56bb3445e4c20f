"""STATIC_URL or MEDIA_URL does not end with a slash.

What it means
    Names are put directly behind these settings. Django's own check refuses them (urls.E006), so that migrate and
    every other command that checks first stops; what is made with get_static_prefix has no slash in it.

Why it breaks in production but not locally
    Settings of production are often run in production only.

See it yourself
    python manage.py check

Fix
    End it with a slash: STATIC_URL = "/static/".

When to ignore
    Never.
"""

from collections.abc import Iterator

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level, Safety
from clearway.doctor.python_edit import constant
from clearway.doctor.rule import Layer, Rule

RULE = Rule("CW112", "url-unfinished", "static-url-relative", Level.ERROR, Layer.SETTINGS, ("settings",))


def look(facts: Facts) -> Iterator[Finding]:
    for name, stretch in (("STATIC_URL", "static"), ("MEDIA_URL", "media")):
        url = facts.settings.get(name)
        if not isinstance(url, str) or not url or url.endswith("/"):
            continue
        where = facts.settings.line_of(name)
        yield RULE.finding(
            f"{name} does not end with a slash",
            f"{name} = {url!r}",
            "manage.py check refuses it (urls.E006), and every command that checks first stops",
            location=where,
            effect=f"migrate and runserver do not start, and URLs that are put together by hand read {url}x.css",
            fix=Fix(f"{name} = {url + '/'!r}", Safety.SAFE, constant(where, url, f"{url}/")),
            breaks=frozenset({stretch}),
        )
        return
