"""A cache keeps an error answer.

What it means
    A cache on the way answers with an error that it has kept; the server behind it has the file by now, or would
    have it.

Why it breaks in production but not locally
    Locally no cache stands before the server.

See it yourself
    curl -I of the URL (Age, X-Cache, CF-Cache-Status), and again with ?anything at its end.

Fix
    Purge the URL; publish files before the pages that name them; send Cache-Control: no-store with errors, and
    switch the caching of errors off in the CDN.

When to ignore
    Never: visitors get this answer.
"""

from collections.abc import Iterator, Sequence

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.live.diagnosis import FACTS, HELPFUL
from clearway.doctor.live.findings import broken, files, found
from clearway.doctor.live.hops import told
from clearway.doctor.live.verdict import Verdict
from clearway.doctor.rule import Layer, Rule
from clearway.http.lifetime import lifetime
from clearway.probing.caches import is_kept

RULE = Rule("CW427", "live-cdn-cached-error", "cdn-cached-error", Level.ERROR, Layer.SEEN, FACTS, HELPFUL)


def look(facts: Facts) -> Iterator[Finding]:
    seen = list(found(facts, RULE, _said))
    yield from seen
    if not seen:
        yield from _of_missing(facts)


def _said(group: Sequence[Verdict]) -> tuple[str, str, str]:
    status = group[0].seen.hops[-1].answer.status
    return (
        f"a cache keeps {status} for {files(group)}, which the server behind it has",
        "visitors get the error until the cache forgets it",
        "purge these URLs; send Cache-Control: no-store with errors, and publish files before pages",
    )


def _of_missing(facts: Facts) -> Iterator[Finding]:
    """A name that is not there is answered from the cache when it is asked for again."""
    for absent in facts.live.absent:
        last = absent.answers[-1]
        if len(absent.answers) > 1 and last.status >= 400 and is_kept(last) and not lifetime(last.headers, shared=True):
            yield RULE.finding(
                f"a cache keeps {last.status} for names that are not there yet",
                f"GET {absent.url} → {told(absent.answers[0])}",
                f"asked again → {told(last)}",
                effect="a file that was asked for before it was published stays missing",
                fix=Fix("send Cache-Control: no-store with errors, or switch the caching of errors off in the CDN"),
                breaks=broken(facts, [absent.beside]),
                level=Level.WARNING,
            )
            return
