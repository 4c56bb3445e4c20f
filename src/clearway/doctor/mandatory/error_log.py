"""Refusals in the error log that the front's own configuration names."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from clearway.doctor.stretches.logged import logged
from clearway.fronts.front import Front

from .refusal import Refusal, refusals

_DENIED = re.compile(r"\(13: Permission denied\)|\(13\)Permission denied|connect\(\) to ")
_TIME = re.compile(r"\d{4}/\d\d/\d\d \d\d:\d\d:\d\d ")


def denied(front: Front) -> Iterator[Refusal]:
    """Of every log that is a file and may be read here."""
    return refusals(logged(front, _DENIED))


def is_later(line: Refusal, file: str) -> bool:
    """Whether a line was written after the last change of the modes on the way to a file."""
    found = _TIME.match(line.line)
    if not found:
        return False
    moment = datetime.strptime(found[0], "%Y/%m/%d %H:%M:%S ").timestamp()  # noqa: DTZ007 - the time of the machine
    return all(each.stat().st_ctime < moment for each in (Path(file), *Path(file).parents))
