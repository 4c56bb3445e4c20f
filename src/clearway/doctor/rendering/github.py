"""A report as annotations of a GitHub workflow."""

from clearway.doctor.finding import Finding, Level
from clearway.doctor.report import Report

from .words import place, told

_KINDS = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "notice"}


def github(report: Report) -> str:
    """One workflow command a line; only a file of the checkout can carry an annotation."""
    return "\n".join(_command(each.finding) for each in report.told)


def _command(finding: Finding) -> str:
    found = place(finding)
    beside = f"file={_property(found[0])},line={found[1]}," if found else ""
    title = _property(f"{finding.id} {finding.name}")
    return f"::{_KINDS[finding.level]} {beside}title={title}::{_message(told(finding))}"


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
