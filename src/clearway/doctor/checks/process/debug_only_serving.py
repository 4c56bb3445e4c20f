"""Nobody answers static files with DEBUG off.

What it means
    While DEBUG is on, runserver answers them. With DEBUG off Django answers none by itself: a web server, a platform,
    a bucket or a middleware has to, and none was seen.

Why it breaks in production but not locally
    DEBUG is on there.

See it yourself
    DEBUG off, then curl -sI http://127.0.0.1:8000/static/admin/css/base.css

Fix
    Let Clearway answer: "clearway.middleware.ClearwayMiddleware" directly below SecurityMiddleware, then collectstatic.
    Or let a web server: clearway front nginx writes its configuration.

When to ignore
    Where a web server that the doctor has not seen answers them: name its configuration with --nginx, --caddy or
    --apache, and its part of the road is looked at too.
"""

from collections.abc import Iterator

from clearway.doctor.deployed.deployment import Deployment
from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.serving import HELPFUL, NEEDED, prefix_of, serving

RULE = Rule(
    "CW301",
    "debug-only-serving",
    "debug-only-serving",
    Level.ERROR,
    Layer.APPLICATION,
    (*NEEDED, "sources"),
    HELPFUL,
)
MAPPING = (
    "appengine",
    "beanstalk",
    "fly",
)  # platforms that have a mapping of their own, which a check of its own misses


def look(facts: Facts) -> Iterator[Finding]:
    settings = facts.settings
    if settings["DEBUG"] or not facts.sources.files or "django.contrib.staticfiles" not in settings["INSTALLED_APPS"]:
        return
    if any(each.name in MAPPING for each in Deployment(facts.tree).platforms):
        return
    found = serving(facts, "static")
    if not found.by:
        yield RULE.finding(
            f"DEBUG is off, and nobody was seen to answer {prefix_of(facts, 'static')}",
            "DEBUG = False",
            *found.looked_at,
            location=settings.line_of("MIDDLEWARE"),
            effect=f"every URL below {prefix_of(facts, 'static')} is 404",
            fix=Fix(
                'put "clearway.middleware.ClearwayMiddleware" directly below SecurityMiddleware, or map '
                f"{prefix_of(facts, 'static')} to STATIC_ROOT in a web server and name its configuration to the doctor"
            ),
            breaks=frozenset({"static"}),
        )
