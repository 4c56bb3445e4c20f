"""URLs lead to the bucket without a signature, and the bucket is closed to the public.

What it means
    "Block Public Access" of the bucket or the account overrides every policy and every ACL that would let anybody read.
    It is on for new buckets since April 2023. Each file is answered 403 AccessDenied.

Why it breaks in production but not locally
    Files are kept on the disk there.

See it yourself
    aws s3api get-public-access-block --bucket NAME; curl -I of a file's URL

Fix
    Put a CDN with an origin access before the bucket and name it in custom_domain; or open the bucket on purpose: the
    block off, and a policy that lets everybody read.

When to ignore
    Never.
"""

from collections.abc import Iterator

from clearway.doctor.buckets.refusals import first
from clearway.doctor.buckets.store import BREAKS, Store, stores
from clearway.doctor.buckets.told import BLOCKED, FLAGS, told_of
from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule
from clearway.fronts.road import Location

RULE = Rule(
    "CW702",
    "public-blocked",
    "s3-public-blocked",
    Level.ERROR,
    Layer.PERMISSION,
    ("settings", "static_storage", "media_storage", "papers"),
)
_BY_BLOCK = r"BlockPublic(?:Acls|Policy|Access)|Block Public Access|RestrictPublicBuckets|PublicAccessNotPermitted"
_PUT = rf"{_BY_BLOCK}|\(AccessDenied\) when calling the Put\w+"
_GET = rf"{_BY_BLOCK}|<Code>AccessDenied</Code>|PublicAccessNotPermitted"
_SIGNED_ONLY = ".r2.cloudflarestorage.com"
_Proof = tuple[str, Location]


def look(facts: Facts) -> Iterator[Finding]:
    for store in [] if facts.settings["DEBUG"] else stores(facts):
        is_open = not store.is_signed and store.is_direct
        proof = _told(facts, store, is_open=is_open)
        if is_open and _is_never_public(store):
            yield _never(store)
            return
        if proof:
            yield _finding(store, *proof, is_open=is_open)
            return


def _finding(store: Store, quote: str, place: Location, *, is_open: bool) -> Finding:
    needed = "querystring_auth" if is_open or store.family == "azure" else "default_acl"
    said, where = store.said(needed)
    name = f"the bucket {store.bucket}" if store.bucket else "the bucket"
    return RULE.finding(
        f"{name} is closed to the public, and the storage relies on public access",
        said if needed == "default_acl" or store.family != "azure" else "URLs are not signed",
        f"{place.file}:{place.line}: {quote}",
        location=where or place,
        effect="every file is 403 AccessDenied" if is_open else "uploads with a public ACL are AccessDenied",
        fix=Fix("name a CDN that may read the bucket in custom_domain, sign the URLs, or open the bucket on purpose"),
        breaks=BREAKS[store.alias],
    )


def _told(facts: Facts, store: Store, *, is_open: bool) -> _Proof | None:
    """What files of the project say."""
    named = str(store.get("account_name") or "") if store.family == "azure" else store.bucket
    told = told_of(facts.papers, BLOCKED, named)
    if told:
        return (told.quote, told.location) if _is_closed(store, told.value, is_open=is_open) else None
    patterns = [*([_GET] if is_open else []), *([_PUT] if store.is_public_by_acl else [])]
    return first(facts.papers, "|".join(patterns)) if patterns else None


def _is_never_public(store: Store) -> bool:
    """Whether the endpoint answers nobody without a signature: Cloudflare has another host for that."""
    return _SIGNED_ONLY in (str(store.get("endpoint_url") or "") if not store.domain else store.host)


def _never(store: Store) -> Finding:
    said, where = store.said("endpoint_url")
    return RULE.finding(
        f"URLs lead to {_SIGNED_ONLY}, which answers signed requests only",
        said,
        store.said("querystring_auth")[0],
        store.said("custom_domain")[0],
        location=where,
        effect="every file is refused",
        fix=Fix("connect a domain to the bucket at Cloudflare, and name it in custom_domain"),
        breaks=BREAKS[store.alias],
    )


def _is_closed(store: Store, flags: frozenset[str], *, is_open: bool) -> bool:
    """Whether neither an ACL nor a policy can let anybody read; or an ACL is refused that is sent."""
    acls, ignored, _, restricted = (flag in flags for flag in FLAGS)
    if store.is_public_by_acl and acls:
        return True
    return is_open and restricted and (ignored or not store.is_public_by_acl)
