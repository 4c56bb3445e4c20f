"""What all forms of a report share: paths as people call them, and a finding in a few lines."""

import os
from pathlib import Path

from clearway.doctor.finding import Finding
from clearway.fronts.rendering.words import clean


def said(text: str) -> str:
    """Without control characters; paths below the working directory from there."""
    here = _here()
    return clean(text.replace(here, "") if len(here) > 1 else text)


def told(finding: Finding) -> str:
    """Message, proof and remedy, a line each."""
    return "\n".join([said(finding.message), *map(said, finding.evidence), f"Fix: {said(finding.fix.summary)}"])


def place(finding: Finding) -> tuple[str, int] | None:
    """File, from the working directory, and line; None where it lies outside."""
    found, here = finding.location, _here()
    if not found or not found.file.startswith(here):
        return None
    return Path(found.file.removeprefix(here)).as_posix(), found.line


def _here() -> str:
    return str(Path.cwd()).rstrip(os.sep) + os.sep
