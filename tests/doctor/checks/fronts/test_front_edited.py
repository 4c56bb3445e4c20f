"""CW539: a configuration that is newer than the worker"""

import os
import time
from dataclasses import replace
from pathlib import Path

from tests.doctor.checks.fronts.fronted import STATIC, causes, fronted, http, nginx
from tests.doctor.fake_facts import Fake

from clearway.fronts.permission import Worker


def of_process(facts: Fake, pid: int | None) -> Fake:
    """With the worker as a live process."""
    front = facts.given["front"]
    worker = Worker(0, 0, pid=pid)
    facts.given["front"] = replace(front, worker=replace(front.worker, worker=worker))
    return facts


def test_a_file_that_was_edited_since_is_told(tmp_path: Path) -> None:
    facts = of_process(fronted(tmp_path, http(nginx(STATIC))), os.getpid())
    later = time.time() + 3_600
    os.utime(tmp_path / "nginx.conf", (later, later))
    (finding,) = causes("CW539", facts)
    assert finding.evidence == (f"{tmp_path}/nginx.conf is newer than process {os.getpid()}",)
    assert finding.fix.commands == ("systemctl reload nginx",)


def test_an_older_file_is_not_told(tmp_path: Path) -> None:
    facts = of_process(fronted(tmp_path, http(nginx(STATIC))), os.getpid())
    os.utime(tmp_path / "nginx.conf", (1_600_000_000, 1_600_000_000))
    assert causes("CW539", facts) == []


def test_without_a_process_nothing_is_known(tmp_path: Path) -> None:
    assert causes("CW539", of_process(fronted(tmp_path, http(nginx(STATIC))), None)) == []
    assert causes("CW539", of_process(fronted(tmp_path, http(nginx(STATIC))), 1 << 30)) == []
