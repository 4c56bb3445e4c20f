"""Whether this process is a test run."""

import sys


def is_test_run() -> bool:
    """Django's `setup_test_environment` makes the outbox: the only trace of a test run that Django documents."""
    return hasattr(sys.modules.get("django.core.mail"), "outbox")
