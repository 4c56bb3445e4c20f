"""A report as SARIF 2.1.0, as code scanning takes it: every result has a place in a file of the checkout."""

import json
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from clearway.doctor.finding import Finding
from clearway.doctor.registry import all_checks
from clearway.doctor.report import Report
from clearway.doctor.rule import Check

from .words import place, said, told

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_PLACE = "manage.py"  # of findings outside the working directory: one without a place makes the whole file invalid


def sarif(report: Report) -> str:
    """One run with all rules and the findings."""
    driver = {
        "name": "clearway doctor",
        "rules": [_rule(check) for check in all_checks()],
    }
    run = {"tool": {"driver": driver}, "results": [_result(each.finding) for each in report.told]}
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _rule(check: Check) -> dict[str, Any]:
    return {
        "id": check.rule.id,
        "name": check.rule.name,
        "shortDescription": {"text": check.page.partition("\n")[0]},
        "help": {"text": check.page},
        "defaultConfiguration": {"level": check.rule.level.value},
    }


def _result(finding: Finding) -> dict[str, Any]:
    file, line = place(finding) or (_PLACE, 1)
    physical = {"artifactLocation": {"uri": quote(file)}, "region": {"startLine": line}}
    return {
        "ruleId": finding.id,
        "level": finding.level.value,
        "message": {"text": told(finding)},
        "locations": [{"physicalLocation": physical}],
        "partialFingerprints": {"clearway/v1": _fingerprint(finding, file)},
    }


def _fingerprint(finding: Finding, file: str) -> str:
    """The same from run to run, wherever its line moves."""
    return sha256("\0".join([finding.id, file, said(finding.message)]).encode()).hexdigest()[:32]
