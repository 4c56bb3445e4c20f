"""The application cannot be started: the module that servers load ends with an error.

What it means
    WSGI_APPLICATION, or ASGI_APPLICATION, names what gunicorn, uvicorn and the others load. Python stopped while it was
    imported, or while Django loaded the middleware and the URLs that it needs to start.

Why it breaks in production but not locally
    A server that runs already keeps the code it loaded, so that nobody sees the fault before the next reload. Then
    new workers end as soon as they begin; gunicorn's master ends with them, and the site with it.

See it yourself
    clearway doctor --start, or python -c "import shop.wsgi" with DJANGO_SETTINGS_MODULE set as in production.

Fix
    The proof has the error and the line it comes from. Mend it before you reload; the running processes are well.

When to ignore
    Never; but it may have been started without the environment of the site.
"""

from collections.abc import Iterator

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule

RULE = Rule("CW304", "application-does-not-start", None, Level.ERROR, Layer.APPLICATION, ("start",))


def look(facts: Facts) -> Iterator[Finding]:
    start = facts.start
    if start.problem:
        yield RULE.finding(
            f"the application does not start: {start.problem}",
            *start.trace,
            location=start.location,
            effect="no page is answered from the next reload on, and some servers end over it",
            fix=Fix("mend what the proof names before anything is reloaded"),
            breaks=frozenset({"static", "media", "uploads"}),
        )
