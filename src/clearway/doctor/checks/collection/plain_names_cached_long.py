"""Browsers are told to keep files for long whose names stay when their content changes.

What it means
    After a deployment, visitors of the last days go on with the old CSS and JavaScript, mixed with the new pages, until
    the time is over or they reload with force.

Why it breaks in production but not locally
    Development answers without such a lifetime, and you reload often.

See it yourself
    curl --head the URL of a CSS file, and look at Cache-Control

Fix
    Give files names with a hash of their content: a manifest storage in STORAGES, then collectstatic. Or shorten the
    lifetime; a minute is what WhiteNoise and Clearway take.

When to ignore
    When a bundler writes all files with a hash in the name; then this is not reported.
"""

from collections.abc import Iterator
from typing import Any

from clearway.doctor.evidence import some
from clearway.doctor.facts import Facts, Settings, is_installed
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.names import without_hash
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.versions import are_versioned
from clearway.http.lifetime import lifetime

RULE = Rule(
    "CW241",
    "plain-names-cached-long",
    "cache-unhashed",
    Level.WARNING,
    Layer.ANSWER,
    ("settings", "static_storage", "sources", "process"),
    ("templates",),
)
_DAY = 86_400
_BY = {"whitenoise": "WHITENOISE_MAX_AGE", "servestatic": "SERVESTATIC_MAX_AGE"}


def look(facts: Facts) -> Iterator[Finding]:
    """One finding, where a setting says a day or more and the storage gives plain names."""
    settings = facts.settings
    if settings["DEBUG"] or facts.static_storage.is_manifest or are_versioned(facts):
        return
    plain = [name for name in _own(facts) if without_hash(name) is None]
    name, said, seconds = _lifetime(settings, facts.process.answers)
    if plain and seconds > _DAY:
        yield RULE.finding(
            f"{name} lets browsers keep files for {seconds // _DAY} days, and their names never change",
            said,
            f"the storage is {facts.static_storage.backend or 'not set'}, which gives plain names",
            *some(plain),
            location=settings.line_of(name),
            effect="after a deployment, visitors keep the old files",
            fix=Fix("use a storage that puts a hash into the name, or shorten the lifetime"),
            breaks=frozenset({f"static:{each}" for each in plain}),
        )


def _own(facts: Facts) -> list[str]:
    return [
        name for name, path in facts.sources.files.items() if name.endswith((".css", ".js")) and not is_installed(path)
    ]


def _lifetime(settings: Settings, answers: str) -> tuple[str, str, int]:
    """(setting, how it is written, seconds) of what lives longest."""
    name = _BY.get(answers, "")
    if isinstance(value := settings.get(name), int) and not isinstance(value, bool):
        return name, f"{name} = {value}", value
    ours = settings.get("CLEARWAY")
    if answers == "clearway" and isinstance(ours, dict) and isinstance(ours.get("max_age"), int):
        return "CLEARWAY", f'CLEARWAY["max_age"] = {ours["max_age"]}', ours["max_age"]
    return _of_bucket(settings)


def _of_bucket(settings: Settings) -> tuple[str, str, int]:
    """What the storage writes beside each object in a bucket."""
    storages: Any = settings.get("STORAGES") or {}
    options = (storages.get("staticfiles") or {}).get("OPTIONS") or {}
    given = options.get("object_parameters") or settings.get("AWS_S3_OBJECT_PARAMETERS") or {}
    said = str(given.get("CacheControl", "")) if isinstance(given, dict) else ""
    seconds = lifetime({"cache-control": said})
    backend = str((storages.get("staticfiles") or {}).get("BACKEND", ""))
    if not seconds or "s3" not in backend.lower():
        return "", "", 0
    name = "STORAGES" if options.get("object_parameters") else "AWS_S3_OBJECT_PARAMETERS"
    return name, f"CacheControl: {said}", seconds
