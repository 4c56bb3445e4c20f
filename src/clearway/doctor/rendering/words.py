"""What all forms of a report share: paths as people call them, and a finding in a few lines."""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from clearway.doctor.evidence import some
from clearway.doctor.finding import Finding, Fix, Safety
from clearway.doctor.report import Checked
from clearway.fronts.rendering.words import clean


def said(text: str) -> str:
    """Without control characters; paths below the working directory from there, the same on every machine."""
    here = _here()
    return clean(text.replace(here, "") if len(here) > 1 else text)


def shown(text: str) -> str:
    """Without control characters; `file:line` from the working directory, other paths as they were observed."""
    here = _here()
    return clean(re.sub(rf"{re.escape(here)}(?=[^\s:]+:\d)", "", text) if len(here) > 1 else text)


def told(finding: Finding) -> str:
    """Message, proof and remedy, a line each."""
    return "\n".join([said(finding.message), *map(said, finding.evidence), f"Fix: {said(finding.fix.summary)}"])


def mended_by(fix: Fix) -> str:
    """The command that does what a fix says; empty where only a person can."""
    option = {Safety.SAFE: "--fix", Safety.UNSAFE: "--unsafe-fixes"}.get(fix.safety)
    return f"clearway doctor {option}" if option else ""


def place(finding: Finding) -> tuple[str, int] | None:
    """File, from the working directory, and line; None where it lies outside."""
    found, here = finding.location, _here()
    if not found or not found.file.startswith(here):
        return None
    return Path(found.file.removeprefix(here)).as_posix(), found.line


def by_reason(checks: Iterable[Checked]) -> Mapping[str, list[str]]:
    """The ids of checks, by the reason why they did not look."""
    found: dict[str, list[str]] = {}
    for each in checks:
        found.setdefault(each.reason, []).append(each.id)
    return found


def some_of(ids: Sequence[str]) -> str:
    """The first three ids, and the number of the others."""
    return ", ".join(some(ids)).replace(", and ", " and ")


def _here() -> str:
    return str(Path.cwd()).rstrip(os.sep) + os.sep
