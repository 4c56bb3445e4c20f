"""Forms may send more files than Django takes.

What it means
    CLEARWAY["media"]["max_files"] is more than DATA_UPLOAD_MAX_NUMBER_FILES, which is 100 unless the settings say
    otherwise. Django refuses the request with 400 before any form sees it.

Why it breaks in production but not locally
    Nobody sends that many files for a trial.

See it yourself
    Send one file more than DATA_UPLOAD_MAX_NUMBER_FILES: 400, and TooManyFilesSent in the log.

Fix
    Set DATA_UPLOAD_MAX_NUMBER_FILES to max_files.

When to ignore
    Never.
"""

from collections.abc import Iterator

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.uploading import limit_of

RULE = Rule("CW616", "more-files-than-django-takes", "body-size", Level.WARNING, Layer.SETTINGS, ("settings",))
_LIMIT = "DATA_UPLOAD_MAX_NUMBER_FILES"


def look(facts: Facts) -> Iterator[Finding]:
    settings = facts.settings
    files, most = limit_of(facts, "max_files"), settings.get(_LIMIT)
    if files and isinstance(most, int) and files > most:
        yield RULE.finding(
            f"forms may send {files:,} files, and Django takes {most:,}",
            f'CLEARWAY["media"]["max_files"] = {files}',
            f"{_LIMIT} = {most}",
            location=settings.line_of(_LIMIT) or settings.line_of("CLEARWAY"),
            effect=f"a request with more than {most:,} files is answered 400, without a word in the form",
            fix=Fix(f"{_LIMIT} = {files}"),
            breaks=frozenset({"uploads"}),
        )
