"""Telling a cache what to forget, with a few tries for each request."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import sleep
from urllib.parse import urlsplit

from .purger import Call, Purger
from .sending import Reply, send

_PAUSES = (1.0, 4.0)  # seconds before the second and the third try
_LONGEST = 30.0  # seconds that a cache may ask us to wait
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_BUSY = re.compile(rb"<Code>(?:Throttling|TooManyInvalidationsInProgress)<")  # Amazon says so with 400


@dataclass(frozen=True)
class Purged:
    """What a cache was told. `left` are the URLs that it may still have, `problems` say why."""

    where: str
    urls: tuple[str, ...]
    left: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def purge(
    purger: Purger,
    urls: Sequence[str],
    now: int,
    sent: Callable[[Call], Reply] = send,
    wait: Callable[[float], None] = sleep,
) -> Purged:
    """Make a cache forget absolute URLs. After a request that failed for good, its host is asked no more."""
    left: dict[str, None] = {}
    problems: dict[str, str] = {}
    for call in purger.calls(urls, now) if urls else ():
        host = urlsplit(call.url).netloc
        if host not in problems and (problem := _tried(purger, call, sent, wait)):
            problems[host] = f"{host}: {_without_secrets(problem, call)}"
        if host in problems:
            left |= dict.fromkeys(call.urls)
    return Purged(purger.where, tuple(urls), tuple(left), tuple(problems.values()))


def _tried(purger: Purger, call: Call, sent: Callable[[Call], Reply], wait: Callable[[float], None]) -> str | None:
    """Why a request was not granted after all tries; None where it was."""
    for pause in (*_PAUSES, None):
        asked: float | None = None
        try:
            reply = sent(call)
        except OSError as error:
            problem: str | None = f"no answer ({error})"
        else:
            problem = purger.refusal(reply.status, reply.body)
            if problem is None or not _passes(reply):
                return problem
            asked = reply.wait
        if pause is not None:
            wait(min(max(pause, asked or 0), _LONGEST))
    return problem


def _passes(reply: Reply) -> bool:
    """Whether the same request may be granted a little later."""
    return reply.status in _PASSING or (reply.status == 400 and bool(_BUSY.search(reply.body)))


def _without_secrets(text: str, call: Call) -> str:
    """An interface may repeat what it was sent."""
    for value in call.fields.values():
        for part in {value, value.rpartition(" ")[2]}:
            text = text.replace(part, "[secret]") if len(part) > 7 else text
    return " ".join(text.split())[:400]
