"""What the doctor says of a live site that is not as it should be: the cause by its id."""

from collections.abc import Sequence

from .own_verbs import causes_of, verb
from .routine import Routine
from .step import Cause, FailedError

_SECONDS = 45.0  # the new release stays live meanwhile


def diagnose(routine: Routine, urls: Sequence[str], resolve: Sequence[str]) -> list[Cause]:
    """The causes that it finds; none where it cannot look."""
    words = [word for url in dict.fromkeys(urls) for word in ("--url", url)]
    words += [word for each in resolve for word in ("--resolve", each)]
    try:
        return causes_of(verb("doctor", *routine.doctor, *words, seconds=_SECONDS).data)
    except FailedError:
        return []
