"""Names that do not change are kept for long.

What it means
    A browser or a cache may keep the file for more than a day, or does keep an older one already, and its name
    stays the same when its content changes.

Why it breaks in production but not locally
    runserver sends no lifetime.

See it yourself
    curl -I of the file: Cache-Control, Age.

Fix
    Give names a hash with a manifest storage; or shorten the lifetime. Purge the cache.

When to ignore
    Where the file never changes.
"""

from collections.abc import Iterator, Sequence

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Level
from clearway.doctor.live.diagnosis import FACTS, HELPFUL
from clearway.doctor.live.findings import files, found
from clearway.doctor.live.verdict import Verdict
from clearway.doctor.rule import Layer, Rule
from clearway.http.lifetime import lifetime

RULE = Rule("CW425", "live-cache-unhashed", "cache-unhashed", Level.ERROR, Layer.SEEN, FACTS, HELPFUL)
_DAY = 86_400


def look(facts: Facts) -> Iterator[Finding]:
    yield from found(facts, RULE, _said)


def _said(group: Sequence[Verdict]) -> tuple[str, str, str]:
    remedy = "give the names a hash with a manifest storage, or shorten the lifetime"
    if group[0].level == Level.ERROR:
        return (
            f"{files(group)}: a cache answers with an older content",
            "visitors get the old files",
            f"purge the cache; {remedy}",
        )
    days = lifetime(group[0].seen.hops[-1].answer.headers) // _DAY
    return (
        f"browsers may keep {files(group)} for {days} days, and the name does not change with the content",
        "after a release, visitors use the old files until then",
        remedy,
    )
