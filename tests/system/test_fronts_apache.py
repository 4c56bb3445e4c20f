"""Routes beside the real Apache: random configurations, files, modes and requests; nothing may be foretold wrongly."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools import front_apache

REPOSITORY = Path(__file__).parents[2]

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only on Linux as root"),
    pytest.mark.skipif(front_apache.program() is None, reason="needs apache2"),
]


def test_random_cases_go_where_apache_takes_them() -> None:
    command = [sys.executable, "-W", "error", "-m", "tools.differ_fronts", "apache", "--seed", "5"]
    done = subprocess.run(
        [*command, "--cases", "700", "--seconds", "15"], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    share = re.search(r"unknown \((\d+\.\d+) %\)", done.stdout)
    assert share is not None, done.stdout
    assert float(share[1]) <= 1


# A router that overlooks a directive: what differs then must be seen, or the test above shows nothing.
WRONG = """
import sys
from dataclasses import replace
from tools import differ_fronts, front_apache_bench

def blind(directives):
    kept = (each for each in directives if each.name != {name!r})
    return tuple(replace(each, block=None if each.block is None else blind(each.block)) for each in kept)

right = front_apache_bench.read
front_apache_bench.read = lambda main: replace(right(main), directives=blind(right(main).directives))
sys.exit(differ_fronts.main(["apache", "--seed", "5", "--cases", "200", "--failures", "1", "--no-shrinking"]))
"""


@pytest.mark.parametrize("name", ["alias", "require", "proxypass", "rewriterule", "errordocument"])
def test_a_router_that_overlooks_something_is_found_out(name: str) -> None:
    command = [sys.executable, "-c", WRONG.format(name=name)]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    assert " cases differ, 1 kinds" in done.stdout
