"""Lines of the error logs that a front's configuration names, where they can be read here."""

import re
from collections.abc import Iterator
from pathlib import Path

from clearway.doctor.mandatory.system import lines_of
from clearway.fronts.front import Front
from clearway.fronts.road import Location

from .configurations import all_directives

_LONGEST = 240  # characters of a line that is shown


def logged(front: Front, about: re.Pattern[str]) -> Iterator[tuple[str, Location]]:
    """Of every log that is a file."""
    for directive in all_directives(front.configuration):
        if directive.name in ("error_log", "errorlog") and directive.words and "$" not in directive.words[0]:
            written = directive.words[0]
            name = front.configuration.full(written) if front.name == "nginx" else written
            if name.startswith("/"):
                yield from lines_of(Path(front.paths.here(name)), about)


def last(front: Front, about: re.Pattern[str]) -> Iterator[str]:
    """The last of them as proof; none where there is none."""
    for line, where in list(logged(front, about))[-1:]:
        yield f"{where.file}:{where.line}: {line.strip()[:_LONGEST]}"
