"""What is known of an upload, attached to its file: `inspection` and `findings`."""

import logging
from dataclasses import replace
from typing import Any

from clearway.media.setting import gate_setting, type_of_name
from clearway.policy.inspection import Inspection, Inspector
from clearway.policy.inspection.verdict import Finding

from .spool import apply

logger = logging.getLogger("clearway.media")


def attached(file: Any, inspection: Inspection, findings: tuple[Finding, ...]) -> Any:
    """Give a file what is known of it, and tell what is odd without being refused."""
    file.inspection, file.findings = inspection, findings
    for finding in findings:
        logger.log(
            logging.WARNING if finding.refused else logging.INFO,
            "upload %r: %s %s %s",
            str(file.name),
            finding.code,
            "refused" if finding.refused else "told",
            dict(finding.params),
        )
    return file


def inspected(file: Any) -> Inspection:
    """What is known of a file: as it arrived, else by reading it once, after which it is at its beginning again."""
    known: Inspection | None = getattr(file, "inspection", None)
    return known if known is not None else _read(file)


def _read(file: Any) -> Inspection:
    inspector = Inspector(type_of_name(str(file.name)), clean=gate_setting().strip_location)
    for chunk in file.chunks():
        inspector.feed(chunk if isinstance(chunk, bytes) else str(chunk).encode())
    seen = inspector.close()
    try:
        apply(file, inspector.edits)
    except OSError:  # a file that can only be read
        seen = replace(seen, seen=seen.seen | {"location_kept"})
    file.seek(0)
    return seen
