"""Routes beside the real nginx: random configurations, files, modes and requests; nothing may be foretold wrongly."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools import front_nginx

REPOSITORY = Path(__file__).parents[2]

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only on Linux as root"),
    pytest.mark.skipif(front_nginx.program() is None, reason="needs nginx"),
]


def test_random_cases_go_where_nginx_takes_them() -> None:
    command = [sys.executable, "-W", "error", "-m", "tools.differ_fronts", "nginx", "--seed", "6"]
    bounds = ["--cases", "2000", "--seconds", "20"]  # the same cases however quick the machine is
    done = subprocess.run([*command, *bounds], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    share = re.search(r"unknown \((\d+\.\d+) %\)", done.stdout)
    assert share is not None, done.stdout
    assert float(share[1]) <= 1
    assert "\n0 requests found nobody" in done.stdout


def test_what_versions_do_differently_is_done_by_the_one_that_is_here() -> None:
    command = [sys.executable, "-W", "error", "-m", "tools.front_nginx_versions"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


# A router that overlooks a directive: what differs then must be seen, or the test above shows nothing.
WRONG = """
import sys
from dataclasses import replace
from tools import differ_fronts

def blind(directives):
    kept = (each for each in directives if each.name != {name!r} and {name!r} not in each.words[:1])
    return tuple(replace(each, block=None if each.block is None else blind(each.block)) for each in kept)

right = differ_fronts.route
differ_fronts.route = lambda configuration, visit, files: right(
    replace(configuration, directives=blind(configuration.directives)), visit, files
)
sys.exit(differ_fronts.main(["nginx", "--seed", "6", "--cases", "600", "--failures", "1", "--no-shrinking"]))
"""


@pytest.mark.parametrize("name", ["alias", "^~", "deny", "expires"])
def test_a_router_that_overlooks_something_is_found_out(name: str) -> None:
    command = [sys.executable, "-c", WRONG.format(name=name)]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    assert " cases differ, 1 kinds" in done.stdout
