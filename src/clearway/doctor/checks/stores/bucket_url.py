"""STATIC_URL or MEDIA_URL names another place of the bucket's host than the storage puts files in.

What it means
    The storage makes URLs of custom_domain and location and never asks STATIC_URL; templates, scripts and style sheets
    that write STATIC_URL out ask for another path of the same host, where nothing is. A custom_domain with a scheme or
    a slash gives URLs that lead nowhere.

Why it breaks in production but not locally
    Locally both settings mean the same directory.

See it yourself
    Print storages["staticfiles"].url("x.css") and STATIC_URL + "x.css" in the shell of manage.py.

Fix
    Make STATIC_URL what custom_domain and location say: https://, the domain, the location, and a slash.

When to ignore
    Where nothing of the project reads STATIC_URL or MEDIA_URL.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from clearway.doctor.buckets.store import BREAKS, Store, stores
from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule

RULE = Rule(
    "CW704",
    "bucket-url",
    "url-prefix-mismatch",
    Level.ERROR,
    Layer.SETTINGS,
    ("settings", "static_storage", "media_storage"),
)
_URLS = {"staticfiles": "STATIC_URL", "default": "MEDIA_URL"}


def look(facts: Facts) -> Iterator[Finding]:
    for store in [] if facts.settings["DEBUG"] else stores(facts):
        told = list(_malformed(store)) or list(_other_path(facts, store))
        yield from told
        if told:
            return


def _malformed(store: Store) -> Iterator[Finding]:
    """For a domain that gives no URL: with a scheme, or, of Google's, without."""
    domain = store.domain
    has_scheme = "://" in domain
    if not domain or (has_scheme if store.family == "gcs" else not has_scheme and not domain.endswith("/")):
        return
    name = "custom_endpoint" if store.family == "gcs" else "custom_domain"
    said, where = store.said(name)
    due = f"https://{domain.strip('/')}" if store.family == "gcs" else re.sub(r"^[a-z]+:/*", "", domain).rstrip("/")
    url = f"{domain}/site.css" if store.family == "gcs" else f"https://{domain}/site.css"
    yield RULE.finding(
        f"{name} makes URLs that lead nowhere",
        said,
        f"a file gets the URL {url}",
        location=where,
        effect="no file arrives",
        fix=Fix(f"write {due!r}"),
        breaks=BREAKS[store.alias],
    )


def _other_path(facts: Facts, store: Store) -> Iterator[Finding]:
    """Of one host: on another, a CDN may map paths as it likes."""
    name = _URLS[store.alias]
    written = urlsplit(str(facts.settings.get(name) or ""))
    is_same = bool(written.hostname) and written.hostname == store.host and store.family != "azure"
    if not is_same or written.path.strip("/") == store.location:
        return
    url = f"https://{store.host}/{store.location}{'/' if store.location else ''}"
    yield RULE.finding(
        f"{name} is {facts.settings[name]}, and the storage keeps its files below {url}",
        f"{name} = {facts.settings[name]!r}",
        store.said("location")[0],
        store.said("custom_domain")[0],
        location=facts.settings.line_of(name),
        effect=f"what is written with {name} is not there; what storages make URLs of is",
        fix=Fix(f"{name} = {url!r}"),
        breaks=BREAKS[store.alias],
        level=Level.WARNING,
    )
