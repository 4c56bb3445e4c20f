"""The manifest promises files that are not in STATIC_ROOT.

What it means
    Pages link the names that the manifest gives, and those URLs are 404.

Why it breaks in production but not locally
    Development knows no hashed names. The manifest and the files were brought here, or removed, separately: by an
    rsync that left files out, a cleaning job, a copy that stopped, a volume.

See it yourself
    Look for the file that the proof names.

Fix
    Run collectstatic here, or bring the whole of STATIC_ROOT from where it was made.

When to ignore
    Never.
"""

from collections.abc import Iterator

from clearway.doctor.evidence import counted, some
from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level, Safety
from clearway.doctor.names import builds, without_hash
from clearway.doctor.rule import Layer, Rule

RULE = Rule(
    "CW234",
    "manifest-entry-without-file",
    "manifest-missing",
    Level.ERROR,
    Layer.RECORD,
    ("settings", "manifest", "collected"),
)


def look(facts: Facts) -> Iterator[Finding]:
    """One finding; names of which another build is there are those of two releases."""
    collected, manifest = facts.collected, facts.manifest
    if facts.settings["DEBUG"]:
        return
    there = builds(collected.sizes)
    absent = {
        name: published
        for name, published in manifest.names.items()
        if published not in collected.sizes and (without_hash(published) or "") not in there
    }
    if absent:
        yield RULE.finding(
            f"{counted(len(absent), 'file')} of {len(manifest.names):,} that the manifest names "
            f"{'is' if len(absent) == 1 else 'are'} not there",
            *some([f"{name} → {collected.root}/{published} is not there" for name, published in absent.items()]),
            location=facts.settings.line_of("STATIC_ROOT"),
            effect="pages link to URLs that are 404",
            fix=Fix("run collectstatic", Safety.SAFE, commands=("python manage.py collectstatic --noinput",)),
            breaks=frozenset(f"static:{each}" for pair in absent.items() for each in pair),
        )
