"""A report for programs."""

from typing import Any

from clearway.doctor.finding import Finding, Level
from clearway.doctor.report import Report, Status, Told


def data(report: Report) -> dict[str, Any]:
    """What `--format json` prints."""
    return {
        "summary": {
            **{level.value: report.counts[level] for level in Level},
            **{status.value: report.counts[status] for status in Status if status != Status.FINDING},
        },
        "about": [*report.about, *([report.caution] if report.caution else [])],
        "findings": [_finding(each) for each in report.told],
        "checks": [{"id": each.id, "status": each.status.value, "reason": each.reason} for each in report.checks],
    }


def _finding(told: Told) -> dict[str, Any]:
    finding = told.finding
    return {
        "id": finding.id,
        "name": finding.name,
        "cause": finding.cause,
        "level": finding.level.value,
        "message": finding.message,
        "evidence": list(finding.evidence),
        "location": _location(finding),
        "effect": finding.effect,
        "fix": {
            "summary": finding.fix.summary,
            "safety": finding.fix.safety.value,
            "diff": finding.fix.diff,
            "commands": list(finding.fix.commands),
        },
        "consequences": list(told.consequences),
    }


def _location(finding: Finding) -> dict[str, Any] | None:
    place = finding.location
    return {"file": place.file, "line": place.line} if place else None
