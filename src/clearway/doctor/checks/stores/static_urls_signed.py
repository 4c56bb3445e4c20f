"""URLs of static files are signed, so that each page has others.

What it means
    A signature has the time in it: the same file gets another URL with every page, and no browser or CDN ever uses the
    copy that it has. After the expiry, pages that were kept, and style sheets' fonts and images, are 403.

Why it breaks in production but not locally
    Files are kept on the disk there.

See it yourself
    Load a page twice, and compare the URLs of its style sheets.

Fix
    Use storages.backends.s3.S3StaticStorage or S3ManifestStaticStorage, or set querystring_auth to False for
    "staticfiles", and let everybody read these files.

When to ignore
    Where the site is closed, and its files have to be.
"""

from collections.abc import Iterator

from clearway.doctor.buckets.store import store
from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule

RULE = Rule(
    "CW703",
    "static-urls-signed",
    "cache-unhashed",
    Level.WARNING,
    Layer.SETTINGS,
    ("settings", "static_storage"),
)
_EXPIRY = {"s3": "querystring_expire", "gcs": "expiration", "azure": "expiration_secs"}


def look(facts: Facts) -> Iterator[Finding]:
    kept = store(facts, "staticfiles")
    if facts.settings["DEBUG"] or not kept.is_signed:
        return
    said, where = kept.said("expiration_secs" if kept.family == "azure" else "querystring_auth")
    expiry = kept.get(_EXPIRY[kept.family])
    yield RULE.finding(
        "URLs of static files are signed: every page has others, and none is ever taken from a cache",
        said,
        *([f"each is good for {expiry} seconds"] if isinstance(expiry, int) else []),
        location=where,
        effect="browsers load every file again with every page",
        fix=Fix('set querystring_auth to False in OPTIONS of "staticfiles", or use S3StaticStorage'),
        breaks=frozenset({"static:signed"}),
    )
