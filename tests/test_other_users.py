"""Another user's view is one: it is not root's, and what goes wrong in it fails the test."""

import os
import time

import pytest
from tests import other_users
from tests.other_users import NOBODY, seen_by

as_root = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only as root")


@as_root
def test_it_is_the_user_without_other_groups() -> None:
    assert seen_by(NOBODY, lambda: f"{os.getresuid()} {os.getresgid()} {os.getgroups()}") == (
        f"{(NOBODY,) * 3} {(NOBODY,) * 3} []"
    )


@as_root
def test_what_it_alone_may_not_do_fails() -> None:
    with pytest.raises(AssertionError, match="PermissionError"):
        seen_by(NOBODY, lambda: os.setuid(0) or "root again")


@as_root
def test_one_that_does_not_come_back_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(other_users, "_LOOK", 1)
    here = os.getpid()

    def look() -> str:
        time.sleep(0 if os.getpid() == here else 60)
        return ""

    with pytest.raises(AssertionError, match="-14"):
        seen_by(NOBODY, look)
