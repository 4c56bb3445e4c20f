"""Whether the application starts: tried in a process of its own, for it may do anything."""

import json
import subprocess
import sys

from clearway.doctor.facts import Start, Unavailable
from clearway.fronts.road import Location

_CODE = (
    "import json, sys; sys.path[:] = json.loads(sys.argv.pop(1)); from clearway.application_trial import start; start()"
)
_SECONDS = 60


def start() -> Start:
    """Raises `Unavailable` where it takes too long."""
    words = [sys.executable, "-c", _CODE, json.dumps(sys.path)]
    try:
        done = subprocess.run(words, capture_output=True, check=False, timeout=_SECONDS, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        raise Unavailable(f"the application did not start within {_SECONDS} s") from None
    try:
        problem = json.loads(done.stdout)["problem"]
    except ValueError:
        return Start(f"its process ended with exit code {done.returncode}")
    if not problem:
        return Start()
    file, _, line = problem["where"].rpartition(":")
    return Start(problem["message"], Location(file, int(line)) if file else None, tuple(problem["proof"]))
