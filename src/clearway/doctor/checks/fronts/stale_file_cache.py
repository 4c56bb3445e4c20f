"""The web server may answer with files as they were before.

What it means
    open_file_cache keeps files open, for as long as open_file_cache_valid says; collectstatic puts new files in
    their place, and the old ones go on being answered.

Why it breaks in production but not locally
    runserver answers by itself; no web server stands before it.

See it yourself
    Change a file, and ask for it within the time.

Fix
    Shorten open_file_cache_valid to a minute, or reload nginx after each release; names with a hash are not
    concerned.

When to ignore
    Never.
"""

from collections.abc import Iterator

from clearway.doctor.evidence import lasting
from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.stretches.configurations import quoted
from clearway.doctor.stretches.diagnosis import FACTS
from clearway.doctor.stretches.nginx import Ground
from clearway.doctor.stretches.passage import passages
from clearway.doctor.stretches.relation import related
from clearway.fronts.nginx.expires import seconds

RULE = Rule("CW534", "stale-file-cache", "stale-file-cache", Level.WARNING, Layer.FILE, (*FACTS, "static_storage"))
_MOST = 300  # seconds


def look(facts: Facts) -> Iterator[Finding]:
    if related(facts).name != "nginx" or facts.static_storage.is_manifest:
        return
    for passage in passages(facts, "static"):
        scope = Ground(passage).scope
        if scope is None or not passage.delivers or scope.word("open_file_cache", "off") == "off":
            continue
        valid = seconds(scope.word("open_file_cache_valid", "60s")) or 0
        if valid > _MOST:
            lines = [*scope.nearest("open_file_cache"), *scope.nearest("open_file_cache_valid")]
            yield RULE.finding(
                f"nginx may go on with an old file for {lasting(valid)}",
                *map(quoted, lines),
                location=lines[-1].location,
                effect="after a release, old files are answered for as long",
                fix=Fix("open_file_cache_valid 60s; or reload nginx after each release"),
            )
            return
