"""Nobody answers uploads.

What it means
    Uploads are stored below MEDIA_ROOT, and pages link to them below MEDIA_URL. The helper static() in urls.py does
    nothing unless DEBUG is on, WhiteNoise and ServeStatic answer static files only, and so does Clearway unless
    CLEARWAY["media"]["serve"] is True.

Why it breaks in production but not locally
    With DEBUG on, static(settings.MEDIA_URL, …) in urls.py answers.

See it yourself
    curl -sI https://your.domain/media/a-file-that-is-there

Fix
    A location for MEDIA_URL in the web server (clearway front nginx writes it), a bucket as the default storage, or
    CLEARWAY = {"media": {"serve": True}} with Clearway's middleware.

When to ignore
    Where a web server that the doctor has not seen answers them: name its configuration with --nginx, --caddy or
    --apache.
"""

from collections.abc import Iterator

from clearway.doctor.deployed.deployment import Deployment
from clearway.doctor.ephemeral import lost
from clearway.doctor.facts import Facts, optional
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.serving import HELPFUL, NEEDED, prefix_of, serving
from clearway.doctor.uploading import SIGNS, signs

RULE = Rule(
    "CW302",
    "uploads-answered-by-nobody",
    "media-not-served",
    Level.ERROR,
    Layer.APPLICATION,
    NEEDED,
    (*HELPFUL, *SIGNS),
)


def look(facts: Facts) -> Iterator[Finding]:
    settings = facts.settings
    if settings["DEBUG"] or not settings["MEDIA_ROOT"] or not settings["MEDIA_URL"]:
        return
    seen = list(signs(facts))
    if not seen or lost(facts, Deployment(facts.tree)):
        return
    if optional(lambda: facts.handed_off):
        return  # a view decides who may read them
    found = serving(facts, "media")
    if not found.by:
        prefix = prefix_of(facts, "media")
        yield RULE.finding(
            f"DEBUG is off, and nobody was seen to answer {prefix}",
            *seen[:3],
            *found.looked_at,
            location=facts.process.media_helper or settings.line_of("MEDIA_URL"),
            effect=f"every upload below {prefix} is 404",
            fix=Fix(f"map {prefix} to MEDIA_ROOT in a web server, or keep uploads in a bucket"),
            breaks=frozenset({"media"}),
        )
