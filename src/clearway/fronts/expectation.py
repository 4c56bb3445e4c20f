"""What a project expects of a URL, and whether the end of the road is that."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace

from clearway.http.media_types import DEFAULT, media_type

from .road import Outcome, Step

_WINS = " wins over "
_ENCODED = ("", ".br", ".gz", ".zst")
# what browsers refuse to use when its type is another (WHATWG HTML, "strict MIME type checking"; MIME Sniffing §4.6)
_STRICT = {"text/css": ("text/css",), "text/javascript": ("text/javascript", "application/javascript")}
_STRICT["text/javascript"] += ("application/x-javascript", "text/ecmascript", "application/ecmascript")


@dataclass(frozen=True)
class Expectation:
    """Of one URL: what the layers before the front say of it.

    `kind` is `static` or `media` for the URL of a file, else empty. Any of `files` may answer. `hidden` marks what
    must not be answered at all. `media_type` is None where the name alone decides.
    """

    steps: tuple[Step, ...] = ()
    kind: str = ""
    files: tuple[str, ...] = ()
    hidden: bool = False
    media_type: str | None = None


def judged(expected: Expectation, outcome: Outcome, path: str) -> Iterator[Step]:
    """A step for each thing that is wrong with the answer, the decisive one first; `path` is that of the URL, decoded.

    Nothing is said of what depends on the application, or on what cannot be known.
    """
    if outcome.unknown or outcome.status is None:
        return
    if expected.hidden:
        if outcome.status < 400:
            yield Step("answer", f"{outcome.status}: this file is not for the public", ok=False)
    elif outcome.status >= 400:
        yield Step("answer", f"{outcome.status}{_due(expected)}", ok=False)
    elif outcome.status == 200:
        yield from _other_file(expected, outcome)
        yield from _other_type(expected, outcome, path)


def _due(expected: Expectation) -> str:
    return f", and {expected.files[0]} is due" if expected.files else ""


def _other_file(expected: Expectation, outcome: Outcome) -> Iterator[Step]:
    if not (expected.files and outcome.file):
        return
    due = {os.path.realpath(path + suffix) for path in expected.files for suffix in _ENCODED}
    if os.path.realpath(outcome.file) not in due:
        yield Step("answer", f"{outcome.file} is another file than {expected.files[0]}", ok=False)


def _other_type(expected: Expectation, outcome: Outcome, path: str) -> Iterator[Step]:
    due = expected.media_type or media_type(path)
    got = (outcome.type or "").partition(";")[0].strip().lower()
    if not got or due == DEFAULT:
        return
    if got not in _STRICT.get(due, (got,)):
        yield Step("answer", f"browsers refuse {due} that is sent as {got}", ok=False)
    elif got == "text/html" and expected.kind == "static" and due != "text/html":
        yield Step("answer", f"a page of HTML, where {due} is due", ok=False)


def blamed(expected: Expectation, steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """The steps with the wrong turn marked too, where a file of the project is missed because of one.

    A location that wins over another leads to a file that is not there, though the due one is collected: what is
    wrong is the choice of the location.
    """
    wrong = next((place for place, step in enumerate(steps) if not step.ok), None)
    if wrong is None or not expected.files or steps[wrong].layer != "file":
        return steps
    turns = [place for place in range(wrong) if steps[place].layer == "location"]
    if not turns or _WINS not in steps[turns[-1]].decision:
        return steps
    return (*steps[: turns[-1]], replace(steps[turns[-1]], ok=False), *steps[turns[-1] + 1 :])
