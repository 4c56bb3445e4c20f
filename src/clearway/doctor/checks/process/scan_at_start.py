"""Files that come after the start are not known to the index that was made at the start.

What it means
    WhiteNoise and ServeStatic list their directories once, when a process starts. What an upload, a compressor or a
    late collectstatic writes there later is 404 until the next start.

Why it breaks in production but not locally
    With DEBUG on, or AUTOREFRESH, they look at the disk for every request.

See it yourself
    Ask for a new file; restart the server; ask again.

Fix
    Uploads belong to a web server or a bucket. Let django-compressor work while you deploy (COMPRESS_OFFLINE), and
    run collectstatic before the server starts. Clearway finds what is written into CACHE/ later.

When to ignore
    Never.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from clearway.doctor.deployed.deployment import Deployment
from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.serving import added_for
from clearway.fronts.road import Location

RULE = Rule(
    "CW303",
    "scan-at-start",
    "scan-at-start",
    Level.ERROR,
    Layer.APPLICATION,
    ("settings", "process", "tree"),
)
_BACKGROUND = re.compile(
    r"\b(?:gunicorn|uvicorn|daphne|hypercorn|granian|waitress-serve)\b[^&|;]*(?<!&)&(?!&)"
    r"|\bgunicorn\b[^&|;]*\s(?:--daemon|-D)(?!\S)|\buwsgi\b[^&|;]*\s(?:--daemonize2?|-d)(?![\w-])"
)


def look(facts: Facts) -> Iterator[Finding]:
    process, settings = facts.process, facts.settings
    if settings["DEBUG"] or process.rescans:
        return
    for said, evidence, where, fix, breaks in (*_uploads(facts), *_compressor(facts), *_late(facts)):
        yield RULE.finding(
            said,
            f"{process.served_by} lists its files when a process starts",
            *evidence,
            location=where,
            effect="what is written later is 404 until the next start",
            fix=Fix(fix),
            breaks=frozenset({breaks}),
        )
        return


_Case = tuple[str, tuple[str, ...], Location | None, str, str]


def _uploads(facts: Facts) -> Iterator[_Case]:
    """MEDIA_ROOT is one of its directories."""
    for root, where in added_for(facts):
        yield (
            "uploads are answered from an index that is made at the start",
            (f"{root} is listed when a process starts", f"MEDIA_ROOT = {facts.settings['MEDIA_ROOT']}"),
            where,
            "let a web server or a bucket answer uploads, and take MEDIA_ROOT out of the index",
            "media",
        )


def _compressor(facts: Facts) -> Iterator[_Case]:
    """django-compressor writes while pages are made."""
    settings = facts.settings
    is_on = settings.get("COMPRESS_ENABLED", True) and "compressor" in settings["INSTALLED_APPS"]
    root = Path(settings.get("COMPRESS_ROOT") or settings["STATIC_ROOT"] or "/nowhere").absolute()
    is_listed = root == Path(settings["STATIC_ROOT"] or "/").absolute()
    if is_on and not settings.get("COMPRESS_OFFLINE") and is_listed:
        yield (
            "django-compressor writes files that the index does not have",
            (f"COMPRESS_OFFLINE is off, so they are written to {root}/CACHE when a page is first made",),
            settings.line_of("COMPRESS_ENABLED") or settings.line_of("INSTALLED_APPS"),
            "COMPRESS_OFFLINE = True, and python manage.py compress after collectstatic",
            "static",
        )


def _late(facts: Facts) -> Iterator[_Case]:
    """A script starts the server and collects afterwards."""
    started: Location | None = None
    for command in Deployment(facts.tree).commands:
        found = _BACKGROUND.search(command.text)
        if found and "collectstatic" in command.text[found.end() :]:
            started = command.location
        if started and started.file == command.location.file and command.collects:
            yield (
                "collectstatic runs after the server has started",
                (
                    f"{started.file}:{started.line} starts the server",
                    f"{command.location.file}:{command.location.line} collects",
                ),
                command.location,
                "run collectstatic first, and start the server when it has ended",
                "static",
            )
            return
        started = command.location if found else started
