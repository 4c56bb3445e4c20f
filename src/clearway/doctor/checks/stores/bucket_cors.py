"""The bucket does not allow its fonts and modules to the site.

What it means
    Files in a bucket are of another origin than the pages. Browsers use fonts and modules of another origin only where
    the answer allows it, and a bucket allows what its CORS rules say.

Why it breaks in production but not locally
    Locally files and pages are of one origin.

See it yourself
    aws s3api get-bucket-cors --bucket NAME; the browser's console names CORS

Fix
    Give the bucket a CORS rule with GET and the origin of the site.

When to ignore
    Where a CDN before the bucket adds Access-Control-Allow-Origin.
"""

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from clearway.doctor.buckets.store import store
from clearway.doctor.buckets.told import CORS, told_of
from clearway.doctor.evidence import some
from clearway.doctor.facts import Facts, is_installed
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule

RULE = Rule(
    "CW706",
    "bucket-cors",
    "cors-missing",
    Level.ERROR,
    Layer.BROWSER,
    ("settings", "static_storage", "papers", "sources"),
)
_NEED_IT = (".woff2", ".woff", ".ttf", ".otf", ".mjs")
_NAMED = re.compile(r"\.?[A-Za-z][^*]*\.[^*]+")


def look(facts: Facts) -> Iterator[Finding]:
    kept = store(facts, "staticfiles")
    told = told_of(facts.papers, CORS, kept.bucket)
    files = facts.sources.files
    wanting = [name for name in files if name.lower().endswith(_NEED_IT) and not is_installed(files[name])]
    hosts = [str(host) for host in facts.settings.get("ALLOWED_HOSTS") or () if _NAMED.fullmatch(str(host))]
    if facts.settings["DEBUG"] or told is None or not wanting or not hosts:
        return
    refused = [host for host in hosts if not any(_allows(rule, host) for rule in told.value)]
    if len(refused) == len(hosts):
        name = f"the bucket {kept.bucket}" if kept.bucket else "the bucket"
        yield RULE.finding(
            f"{name} does not allow its fonts and modules to {refused[0].removeprefix('.')}",
            f"{told.location.file}:{told.location.line}: {told.quote}",
            *(f"its rules allow {', '.join(origins)} to {', '.join(methods)}" for origins, methods in told.value[:2]),
            *some(wanting),
            location=told.location,
            effect="browsers refuse them",
            fix=Fix(f"add a CORS rule for GET from https://{refused[0].removeprefix('.')}"),
            breaks=frozenset(f"static:{name}" for name in wanting),
        )


def _allows(rule: Any, host: str) -> bool:
    """Whether a page of the host may GET; one star in an origin stands for anything."""
    origins, methods = rule
    name = f"www{host}" if host.startswith(".") else host
    is_of_it = any(fnmatchcase(f"{scheme}://{name}", each) for each in origins for scheme in ("https", "http"))
    return is_of_it and any(method.upper() in ("GET", "*") for method in methods)
