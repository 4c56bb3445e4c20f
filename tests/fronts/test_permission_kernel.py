"""The oracle of the permission rules: random trees, each question put to the kernel by a child that is the worker."""

import os
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only on Linux as root")


def test_random_trees_are_judged_as_the_kernel_judges_them() -> None:
    from tools import differ_permissions

    tally = differ_permissions.run(seed=6, trees=400, seconds=15)
    assert tally.differences == []
    assert tally.trees > 0
    assert {"EACCES", "ENOENT", "ENOTDIR", "ELOOP", "allowed"} <= set(tally.answers)
    assert {"access list", "access list, then chmod", "link"} <= set(tally.features)


@pytest.mark.parametrize(("length", "error"), [(39, 0), (40, 0), (41, "ELOOP")])
def test_as_many_links_are_followed_as_the_kernel_follows(tmp_path_factory, length: int, error: str) -> None:
    import errno

    from tools.differ_permissions import Question, ask
    from tools.permission_trees import chain

    from clearway.fronts.permission import Worker, judge

    last = str(chain(tmp_path_factory.mktemp("chain") / "links", length))
    verdict = judge(Worker(0, 0), last)
    assert errno.errorcode.get(verdict.error, 0) == error
    assert ask(Question(last, "r")) == verdict.error
