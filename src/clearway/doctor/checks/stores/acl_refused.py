"""The storage sends an ACL with every file, and the bucket takes none.

What it means
    Buckets with the object ownership "bucket owner enforced", which is what new ones have since April 2023, refuse
    every request that carries an ACL: AccessControlListNotSupported. So do Google's with uniform access.

Why it breaks in production but not locally
    Files are kept on the disk there, or in an older bucket.

See it yourself
    aws s3api get-bucket-ownership-controls --bucket NAME

Fix
    Set default_acl to None (AWS_DEFAULT_ACL), and let a bucket policy, or a CDN with an origin access, give the right
    to read.

When to ignore
    Never.
"""

from collections.abc import Iterator

from clearway.doctor.buckets.refusals import NO_ACLS, first
from clearway.doctor.buckets.store import BREAKS, Store, stores
from clearway.doctor.buckets.told import OWNERSHIP, told_of
from clearway.doctor.facts import Facts, Tree
from clearway.doctor.finding import Finding, Fix, Level, Safety
from clearway.doctor.line_edit import replaced
from clearway.doctor.rule import Layer, Rule
from clearway.fronts.road import Location

RULE = Rule(
    "CW701",
    "acl-refused",
    "s3-acl-disabled",
    Level.ERROR,
    Layer.SETTINGS,
    ("settings", "static_storage", "media_storage", "papers"),
)


def look(facts: Facts) -> Iterator[Finding]:
    sending = [] if facts.settings["DEBUG"] else [each for each in stores(facts) if each.acl]
    found = [(each, proof) for each in sending if (proof := _proof(facts.papers, each))]
    if found:
        store, (quote, place) = found[0]
        said, where = store.said("default_acl")
        yield RULE.finding(
            f"files are sent with the ACL {store.acl}, which the bucket {store.bucket} refuses".replace("  ", " "),
            said,
            f"{place.file}:{place.line}: {quote}",
            location=where or place,
            effect=_EFFECTS[store.alias],
            fix=Fix(
                "set default_acl (AWS_DEFAULT_ACL) to None; a bucket policy or a CDN gives the right to read",
                Safety.UNSAFE,
                diff=replaced(where, f'"{store.acl}"', "None") or replaced(where, f"'{store.acl}'", "None"),
            ),
            breaks=frozenset().union(*(BREAKS[each.alias] for each, _ in found)),
        )


_EFFECTS = {
    "staticfiles": "collectstatic stops at the first file with AccessControlListNotSupported",
    "default": "every upload fails with AccessControlListNotSupported",
}


def _proof(papers: Tree, store: Store) -> tuple[str, Location] | None:
    told = told_of(papers, OWNERSHIP, store.bucket)
    if told:
        return (told.quote, told.location) if told.value else None
    return first(papers, NO_ACLS)
