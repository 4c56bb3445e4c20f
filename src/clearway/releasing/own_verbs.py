"""Clearway's own commands in new processes, which see the code and the settings as they are then."""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .commands import run
from .routine import Command
from .step import Cause, FailedError

_PATHS = "import json, sys; sys.path[:] = json.loads(sys.argv.pop(1)); "
_VERB = _PATHS + "from clearway.cli import command; sys.exit(command())"
_COULD_NOT_RUN = 2
_ENVIRON = {"CLEARWAY_OWN_RECORDS": "1", "CLEARWAY_RELEASE": ""}  # the release on this machine is what is looked at
_TOLD = 4_000  # characters of what went wrong


@dataclass(frozen=True)
class Answer:
    """What a command found: its exit code and its JSON."""

    code: int
    data: Mapping[str, Any]


def verb(*words: str, seconds: float | None = None) -> Answer:
    """`clearway WORDS --format json`. Raises `FailedError` where it could not run."""
    return _answered(f"clearway {words[0]}", _VERB, *words, "--format", "json", seconds=seconds)


def function(name: str, *words: str, seconds: float | None = None) -> Answer:
    """A function of Clearway, `module:name`, which prints one JSON object. Raises `FailedError` if it could not run."""
    module, _, attribute = name.partition(":")
    return _answered(name, _PATHS + f"from {module} import {attribute}; {attribute}()", *words, seconds=seconds)


def causes_of(found: Mapping[str, Any]) -> list[Cause]:
    """The errors in a report of the doctor that follow from no other, worst first."""
    findings = found.get("findings", [])
    following = {id_ for each in findings for id_ in each["consequences"]}
    errors = [each for each in findings if each["level"] == "error"]
    return [_cause(each) for each in errors if each["id"] not in following] or [_cause(each) for each in errors]


def _cause(found: Mapping[str, Any]) -> Cause:
    place = found["location"]
    where = f"{place['file']}:{place['line']}" if place else ""
    fix, page = found["fix"]["summary"], f"clearway explain {found['id']}"
    return Cause(found["id"], found["name"], found["message"], where, tuple(found["evidence"]), fix, page)


def cause_of(problem: Mapping[str, Any]) -> Cause:
    """What keeps the application from its work, as its trial says it."""
    return Cause(**{**problem, "proof": tuple(problem["proof"]), "page": f"clearway explain {problem['id']}"})


def _answered(called: str, code: str, *words: str, seconds: float | None) -> Answer:
    command = Command((sys.executable, "-c", code, json.dumps(sys.path), *words))
    ended = run(command, _ENVIRON, seconds, apart=True)
    try:
        data = json.loads(ended.output)
    except ValueError:
        data = None
    if ended.is_late or ended.code not in (0, 1) or not isinstance(data, dict):
        said = ended.errors.strip() or ("" if data else ended.output.strip())
        raise FailedError(_last_line(said) or f"{called} {ended.how}", output=said[-_TOLD:])
    return Answer(ended.code, data)


def _last_line(said: str) -> str:
    return said.splitlines()[-1].removeprefix("clearway: ").removeprefix("error: ") if said else ""
