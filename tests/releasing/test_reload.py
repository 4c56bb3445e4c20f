"""What a reload that failed says of the application."""

import sys

import pytest

from clearway.releasing.routine import Command, Routine
from clearway.releasing.state import State
from clearway.releasing.step import FailedError
from clearway.releasing.steps.reload import Reload

LOG = """[2026-01-01 00:00:00 +0000] [7] [ERROR] Exception in worker process
Traceback (most recent call last):
  File "/srv/site-packages/gunicorn/arbiter.py", line 100, in spawn_worker
    worker.init_process()
  File "/srv/shop/wsgi.py", line 3, in <module>
    {line}
{raised}
[2026-01-01 00:00:01 +0000] [7] [INFO] Worker exiting
"""


def failed(said: str, code: int = 1) -> FailedError:
    words = (sys.executable, "-c", "import sys; print(sys.argv[1]); sys.exit(int(sys.argv[2]))", said, str(code))
    with pytest.raises(FailedError) as caught:
        Reload(Routine(reload=Command(words))).run(State(0))
    return caught.value


@pytest.mark.parametrize(
    "raised",
    ["KeyError: 'KEY'", "RuntimeError", "django.core.exceptions.ImproperlyConfigured: no", "SystemExit: 3"],
)
def test_an_application_that_raised_under_the_server_is_named(raised: str) -> None:
    failure = failed(LOG.format(line="raise", raised=raised))
    (cause,) = failure.causes
    assert cause.id == "CW304"
    assert cause.message == f"the application does not start: {raised}"
    assert cause.where == "/srv/shop/wsgi.py:3"


@pytest.mark.parametrize(
    "said", ["", "Job for shop.service failed.", 'File "/srv/shop/wsgi.py" is newer', "KeyError: 3"]
)
def test_a_command_that_fails_for_another_reason_is_not_the_application_s_fault(said: str) -> None:
    failure = failed(said, 3)
    assert failure.causes == ()
    assert "ended with exit code 3" in str(failure)
    assert failure.output.strip() == said


def test_a_command_that_succeeds_is_believed_whatever_it_says() -> None:
    words = (sys.executable, "-c", "print(__import__('sys').argv[1])", LOG.format(line="raise", raised="KeyError: 3"))
    assert Reload(Routine(reload=Command(words))).run(State(0))
