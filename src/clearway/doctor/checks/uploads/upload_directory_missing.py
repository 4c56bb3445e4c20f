"""FILE_UPLOAD_TEMP_DIR is not there, or cannot be written to.

What it means
    Uploads above FILE_UPLOAD_MAX_MEMORY_SIZE, 2.5 MB, are kept in a temporary file while they come in. Without the
    directory they end in a server error; small ones work.

Why it breaks in production but not locally
    The directory was made by hand on one machine, or belongs to another user there.

See it yourself
    python manage.py check

Fix
    Make the directory, and give it to the user of the application; or leave the setting out: then it is /tmp.

When to ignore
    On a machine that is not the one that takes the uploads.
"""

from collections.abc import Iterator
from pathlib import Path

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.writing import refusal

RULE = Rule("CW611", "upload-directory-missing", "body-temp", Level.ERROR, Layer.FILE, ("settings", "tree"))


def look(facts: Facts) -> Iterator[Finding]:
    settings = facts.settings
    given = settings.get("FILE_UPLOAD_TEMP_DIR")
    if not given or settings["DEBUG"]:
        return
    path = Path(given)
    problem = (
        refusal(facts.tree, path)
        if path.is_dir()
        else f"{path} {'is no directory' if path.exists() else 'is not there'}"
    )
    if problem:
        yield RULE.finding(
            "large uploads have no place while they come in",
            f"FILE_UPLOAD_TEMP_DIR = {str(given)!r}",
            problem,
            location=settings.line_of("FILE_UPLOAD_TEMP_DIR"),
            effect="uploads above 2.5 MB end in a server error, small ones work",
            fix=Fix(f"make {path}, and give it to the user of the application", commands=(f"mkdir -p {path}",)),
            breaks=frozenset({"uploads"}),
        )
