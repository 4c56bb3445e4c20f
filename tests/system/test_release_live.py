"""`clearway release` on the demo, under gunicorn behind nginx, while visitors come.

A good release is live without one failed request; a bad one is taken back, and nobody has seen it.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.system import real_nginx
from tests.system.documents import blocks
from tests.system.release_live.bad import BY_NAME
from tests.system.release_live.releasing import live, refused, release
from tests.system.release_live.shop import copied, prepared
from tests.system.release_live.stage import Stage, stage

pytestmark = [
    pytest.mark.system,
    pytest.mark.timeout(300),
    pytest.mark.skipif(sys.platform != "linux", reason="only on Linux: its ln, mv and flock are in the scripts"),
]
CLOSED_TO_NGINX = pytest.mark.skipif(os.geteuid() != 0, reason="needs root: nginx as another user")
BAD = [  # the others are in the soak
    "broken-reference",
    "missing-by-path",
    "only-under-gunicorn",
    pytest.param("closed-directory", marks=CLOSED_TO_NGINX),
]


@pytest.fixture(scope="module")
def shop() -> Iterator[Path]:
    real_nginx.program()
    with prepared() as home:
        yield home


@pytest.fixture(scope="module")
def served(shop: Path) -> Iterator[Stage]:
    """For bad releases only: each leaves it as it was."""
    with copied(shop) as own, stage(own, "middleware") as made:
        yield made


@pytest.mark.parametrize(("worker", "kill_after"), [("middleware", ()), ("lane", (4.0,))])
def test_a_good_release_goes_live_without_one_failed_request(
    shop: Path, worker: str, kill_after: tuple[float, ...]
) -> None:
    with copied(shop) as own, stage(own, worker) as made:
        version = own.version("good")
        ended = release(made, version, kill_after=kill_after)  # one that is killed on its way is run again
        assert list(live(made, ended, version)) == []


@pytest.mark.parametrize("name", BAD)
def test_a_bad_release_is_taken_back_and_nobody_has_seen_it(served: Stage, name: str) -> None:
    bad = BY_NAME[name]
    version = served.shop.version(name)
    bad.spoil(version)
    ended = release(served, version, bad)
    assert list(refused(served, ended, version, bad)) == []


# --- the link of the page about reloading


class Link:
    """`current`, which leads to version 41, and the script that moves it."""

    def __init__(self, home: Path) -> None:
        self.home, self.link = home, home / "current"
        (home / "switch.sh").write_text(blocks("docs/howto/reload.md", "sh")[1], encoding="utf-8")
        for name in ("41", "42", "43"):
            (home / name).mkdir()
        self.link.symlink_to(home / "41")

    def switch(self, version: str, *words: str) -> None:
        """As a hook of a release of this version."""
        subprocess.run(["sh", str(self.home / "switch.sh"), *words], cwd=self.home / version, check=True, timeout=20)

    @property
    def leads_to(self) -> str:
        return self.link.readlink().name


@pytest.fixture
def link(tmp_path: Path) -> Link:
    return Link(tmp_path)


def test_the_link_follows_each_release_that_is_live(link: Link) -> None:
    for version in ("42", "43"):
        link.switch(version)
        link.switch(version, "done")
        assert link.leads_to == version


def test_the_same_version_that_fails_again_keeps_the_link(link: Link) -> None:
    link.switch("42")
    link.switch("42", "done")
    link.switch("42")
    link.switch("42", "back")
    assert link.leads_to == "42"


def test_a_hook_that_only_began_is_undone_to_where_the_link_still_leads(link: Link) -> None:
    link.switch("42")
    link.switch("42", "done")
    link.switch("43", "back")
    assert link.leads_to == "42"


def test_after_a_killed_release_the_link_goes_back_to_what_was_live(link: Link) -> None:
    link.switch("42")
    link.switch("43")
    link.switch("43", "back")
    assert link.leads_to == "41"
