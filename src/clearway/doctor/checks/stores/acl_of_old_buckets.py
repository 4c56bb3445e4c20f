"""The storage sends an ACL with every file, which buckets made since April 2023 refuse.

What it means
    Amazon turned ACLs off for new buckets. An older bucket may take them, and a new one after its object ownership was
    changed; this cannot be seen from here.

Why it breaks in production but not locally
    Files are kept on the disk there.

See it yourself
    aws s3api get-bucket-ownership-controls --bucket NAME; saved in a file of the project, the doctor reads it.

Fix
    Set default_acl to None (AWS_DEFAULT_ACL), and give the right to read by a bucket policy or a CDN.

When to ignore
    Where the bucket takes ACLs.
"""

from collections.abc import Iterator

from clearway.doctor.buckets.refusals import NO_ACLS, first
from clearway.doctor.buckets.store import stores
from clearway.doctor.buckets.told import OWNERSHIP, told_of
from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule

RULE = Rule(
    "CW712",
    "acl-of-old-buckets",
    None,
    Level.NOTE,
    Layer.SETTINGS,
    ("settings", "static_storage", "media_storage", "papers"),
)


def look(facts: Facts) -> Iterator[Finding]:
    for store in [] if facts.settings["DEBUG"] else stores(facts):
        is_known = told_of(facts.papers, OWNERSHIP, store.bucket) or first(facts.papers, NO_ACLS)
        if store.is_aws and store.acl and not is_known:
            said, where = store.said("default_acl")
            yield RULE.finding(
                f"files are sent with the ACL {store.acl}, which buckets made since April 2023 refuse",
                said,
                location=where,
                effect="with such a bucket nothing can be stored",
                fix=Fix("set default_acl (AWS_DEFAULT_ACL) to None, unless the bucket takes ACLs"),
            )
            return
