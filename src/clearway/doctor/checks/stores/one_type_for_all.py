"""Every object in the bucket gets the same media type or encoding.

What it means
    object_parameters are headers of every object. With ContentType among them, style sheets and scripts get that type,
    and browsers refuse them. With ContentEncoding, browsers try to unpack what is not packed.

Why it breaks in production but not locally
    Locally each file gets the type of its extension.

See it yourself
    curl -I of a style sheet's URL

Fix
    Leave ContentType and ContentEncoding out: the storage knows them for each file (gzip = True packs, and says so).

When to ignore
    Never.
"""

from collections.abc import Iterator

from clearway.doctor.buckets.store import BREAKS, stores
from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule

RULE = Rule(
    "CW707",
    "one-type-for-all",
    "mime-types-replaced",
    Level.ERROR,
    Layer.SETTINGS,
    ("settings", "static_storage", "media_storage"),
)
_NAMES = {"ContentType": "type", "content_type": "type", "ContentEncoding": "encoding", "content_encoding": "encoding"}


def look(facts: Facts) -> Iterator[Finding]:
    for store in [] if facts.settings["DEBUG"] else stores(facts):
        given = store.get("object_parameters")
        fixed = [name for name in _NAMES if isinstance(given, dict) and given.get(name)]
        if fixed and store.alias == "staticfiles":
            said, where = store.said("object_parameters")
            yield RULE.finding(
                f"every static file gets the {_NAMES[fixed[0]]} {given[fixed[0]]}",
                said,
                location=where,
                effect="browsers refuse style sheets and scripts",
                fix=Fix(f"take {fixed[0]} out of object_parameters"),
                breaks=BREAKS[store.alias],
            )
