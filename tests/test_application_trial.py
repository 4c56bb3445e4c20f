"""The process in which the new code is tried: it ends, whatever the application does."""

import json
import sys

import pytest

from clearway.releasing.commands import run
from clearway.releasing.routine import Command

ASKED = "from clearway.application_trial import _answer; _answer(lambda: {'problem': start()})"
VERB = "from clearway.ending import end_soon; start(); end_soon(1); sys.exit(1)"


@pytest.mark.parametrize(("code", "ended"), [(ASKED, (0, {"problem": None})), (VERB, (1, None))])
def test_a_thread_that_the_application_started_does_not_keep_it(code: str, ended: tuple[int, object]) -> None:
    thread = "import sys, threading, time; start = threading.Thread(target=time.sleep, args=(60,)).start; "
    found = run(Command((sys.executable, "-c", thread + code)), seconds=30, apart=True)
    assert not found.is_late, found.errors
    assert (found.code, json.loads(found.output or "null")) == ended
