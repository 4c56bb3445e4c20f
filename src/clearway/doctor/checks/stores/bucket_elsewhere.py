"""Settings name another region or endpoint than that of the bucket.

What it means
    A bucket is in one region; another one's servers answer 301 or 400, and signatures for another region are refused.
    An endpoint with the bucket in it puts the bucket's name into every key.

Why it breaks in production but not locally
    Files are kept on the disk there.

See it yourself
    aws s3api get-bucket-location --bucket NAME

Fix
    Set region_name (AWS_S3_REGION_NAME) to the bucket's region; endpoint_url is the provider's address alone.

When to ignore
    Never.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from clearway.doctor.buckets.refusals import first
from clearway.doctor.buckets.store import BREAKS, Store, stores
from clearway.doctor.buckets.told import REGION, told_of
from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule
from clearway.fronts.road import Location

RULE = Rule(
    "CW705",
    "bucket-elsewhere",
    "wrong-directory",
    Level.ERROR,
    Layer.SETTINGS,
    ("settings", "static_storage", "media_storage", "papers"),
)
_REFUSED = r"PermanentRedirect|AuthorizationHeaderMalformed|the region '[\w-]+' is wrong|IllegalLocationConstraint"
_Wrong = tuple[str, tuple[str, ...], Location | None, str]


def look(facts: Facts) -> Iterator[Finding]:
    for store in [] if facts.settings["DEBUG"] else stores(facts):
        wrong = next(_wrong(facts, store), None) if store.family == "s3" else None
        if wrong:
            message, evidence, where, remedy = wrong
            yield RULE.finding(
                message,
                *evidence,
                location=where,
                effect="files go to another place than their URLs name, or nowhere",
                fix=Fix(remedy),
                breaks=BREAKS[store.alias],
            )
            return


def _wrong(facts: Facts, store: Store) -> Iterator[_Wrong]:
    region = str(store.get("region_name") or "")
    said, where = store.said("region_name")
    told = told_of(facts.papers, REGION, store.bucket) if store.is_aws else None
    if told and region and told.value != region:
        proof = f"{told.location.file}:{told.location.line}: {told.quote}"
        yield f"the bucket is in {told.value}, and not in {region}", (said, proof), where, f"write {told.value!r}"
    if store.is_aws and region and store.region_of_host not in ("", region):
        of_host = f"{store.said('custom_domain')[0]}"
        message = f"files are sent to {region}, and their URLs name {store.region_of_host}"
        yield message, (said, of_host), where, "name one region in both: that of the bucket"
    host = urlsplit(str(store.get("endpoint_url") or "")).hostname or ""
    if store.bucket and host.startswith(f"{store.bucket.lower()}."):
        said, where = store.said("endpoint_url")
        due = f"https://{host.removeprefix(store.bucket.lower() + '.')}"
        evidence = (said, store.said("bucket_name")[0])
        yield "endpoint_url has the bucket's name in it, which is added once more", evidence, where, f"write {due!r}"
    if told is None and (refused := first(facts.papers, _REFUSED)):
        quote, place = refused
        named = re.search(r"expecting '([\w-]+)'", quote)
        remedy = f"write {named[1]!r}" if named else "write the region that get-bucket-location names"
        if not named or named[1] != region:
            yield "the bucket is in another region", (said, f"{place.file}:{place.line}: {quote}"), where, remedy
