"""Who the worker is: from the database of users, and from a live process."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from clearway.fronts import ids
from clearway.fronts.permission import UnknownWorkerError, Worker
from clearway.fronts.worker import ALL

pytestmark = pytest.mark.skipif(os.name != "posix", reason="only on systems with users and groups")
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="only on Linux")


@contextmanager
def sleeping(*, as_user: int | None = None, groups: tuple[int, ...] = ()) -> Iterator[int]:
    extra = {} if as_user is None else {"user": as_user, "group": as_user, "extra_groups": groups}
    with subprocess.Popen(["sleep", "60"], **extra) as process:
        yield process.pid
        process.kill()


def test_a_named_user_has_the_groups_of_the_database() -> None:
    import pwd

    me = pwd.getpwuid(os.geteuid())
    worker = Worker.named(me.pw_name)
    assert (worker.uid, worker.gid, worker.name) == (me.pw_uid, me.pw_gid, me.pw_name)
    assert set(worker.groups) == set(os.getgrouplist(me.pw_name, me.pw_gid))


def test_a_named_group_is_the_primary_one() -> None:
    import grp

    other = max(grp.getgrall(), key=lambda group: group.gr_gid)
    assert Worker.named(ids.user(os.geteuid()), other.gr_name).gid == other.gr_gid


def test_numbers_are_taken_as_they_are() -> None:
    worker = Worker.named("61001", "62001")
    assert (worker.uid, worker.gid, worker.groups, worker.name) == (61001, 62001, (62001,), "61001")


@pytest.mark.parametrize(("user", "group"), [("no such user", None), ("0", "no such group")])
def test_who_is_not_there_is_said(user: str, group: str | None) -> None:
    with pytest.raises(UnknownWorkerError, match="no such"):
        Worker.named(user, group)


@on_linux
def test_a_live_process_of_our_own() -> None:
    with sleeping() as pid:
        worker = Worker.of_process(pid)
    assert (worker.uid, worker.gid, worker.pid, worker.root) == (os.geteuid(), os.getegid(), pid, "/")


@on_linux
@pytest.mark.skipif(os.name == "posix" and os.geteuid() != 0, reason="only on Linux as root")
def test_a_live_process_of_another_user() -> None:
    with sleeping(as_user=61001, groups=(62001, 62002)) as pid:
        worker = Worker.of_process(pid)
    assert (worker.uid, worker.gid, worker.groups) == (61001, 61001, (62001, 62002))
    assert not worker.powers.search
    assert not worker.powers.override


@on_linux
def test_a_process_that_is_gone_is_said() -> None:
    with sleeping() as pid:
        pass
    with pytest.raises(UnknownWorkerError, match=f"process {pid}"):
        Worker.of_process(pid)


def test_root_has_its_capabilities_unless_others_are_given() -> None:
    assert Worker(0, 0).powers == ALL
    assert not Worker(1, 0).powers.override
