"""What a verdict says: the first component that blocks, the proof, the method."""

import errno
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.other_users import seen_by

from clearway.fronts import acl, permission
from clearway.fronts.acl import Entry, Tag
from clearway.fronts.permission import Worker, judge
from clearway.fronts.worker import ALL, Capabilities

STRANGER = Worker(61001, 62001, (62001,))
as_root = pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only on Linux as root")
pytestmark = pytest.mark.skipif(os.name != "posix", reason="only on systems with owners and modes")


@pytest.fixture
def site() -> Iterator[Path]:
    """Below directories that anybody may enter: pytest's own are its user's alone."""
    with tempfile.TemporaryDirectory(prefix="clearway-site-") as name:
        here = Path(name).resolve()
        (here / "home" / "static").mkdir(parents=True)
        (here / "home" / "static" / "a.css").write_text("a{}")
        for path in (here, here / "home", here / "home" / "static"):
            path.chmod(0o755)
        (here / "home" / "static" / "a.css").chmod(0o644)
        yield here


def test_a_readable_file_is_allowed_and_known_behind_its_links(site: Path) -> None:
    (site / "current").symlink_to("home/static")
    verdict = judge(STRANGER, f"{site}/current/a.css")
    assert verdict.allowed is True
    assert verdict.error == 0
    assert verdict.resolved == str(site / "home/static/a.css")
    assert verdict.status is not None
    assert verdict.status.st_size == 3
    assert verdict.blocking is None


def test_the_first_directory_that_blocks_is_named_with_its_mode_and_owner(site: Path) -> None:
    (site / "home").chmod(0o700)
    (site / "home/static").chmod(0o700)
    verdict = judge(STRANGER, f"{site}/home/static/a.css")
    assert verdict.allowed is False
    assert verdict.error == errno.EACCES
    assert verdict.blocking == str(site / "home")
    assert verdict.resolved is None
    assert "may not enter" in verdict.reason
    assert "mode 0700" in verdict.reason
    assert "others have ---" in verdict.reason
    assert "rules of the kernel" in verdict.how


def test_the_directory_of_a_links_target_blocks_too(site: Path) -> None:
    (site / "link.css").symlink_to(site / "home/static/a.css")
    (site / "home/static").chmod(0o750)
    verdict = judge(STRANGER, f"{site}/link.css")
    assert verdict.blocking == str(site / "home/static")


def test_a_directory_needs_no_right_to_read_to_be_passed(site: Path) -> None:
    (site / "home").chmod(0o711)
    assert judge(STRANGER, f"{site}/home/static/a.css").allowed is True
    assert judge(STRANGER, f"{site}/home", "r").allowed is False


def test_an_unreadable_file_blocks_itself(site: Path) -> None:
    file = site / "home/static/a.css"
    file.chmod(0o600)
    verdict = judge(STRANGER, str(file))
    assert (verdict.blocking, verdict.resolved, verdict.error) == (str(file), str(file), errno.EACCES)
    assert judge(STRANGER, str(file), "").allowed is True


@pytest.mark.parametrize(
    ("path", "error", "words"),
    [
        ("home/static/b.css", errno.ENOENT, "does not exist"),
        ("home/static/a.css/b", errno.ENOTDIR, "is not a directory"),
        ("home/static/a.css/", errno.ENOTDIR, "is not a directory"),
        ("dangling", errno.ENOENT, "does not exist"),
        ("loop", errno.ELOOP, "more than 40 links"),
        ("n" * 256, errno.ENAMETOOLONG, "more than 255 bytes"),
        ("n/" * 2048, errno.ENAMETOOLONG, "more than 4095 bytes"),
    ],
)
def test_what_is_not_there_has_the_error_that_the_kernel_gives(site: Path, path: str, error: int, words: str) -> None:
    (site / "dangling").symlink_to("nowhere")
    (site / "loop").symlink_to("loop")
    verdict = judge(STRANGER, f"{site}/{path}")
    assert verdict.allowed is False
    assert verdict.error == error
    assert words in verdict.reason


@as_root
def test_the_owner_is_judged_by_the_owners_bits_alone(site: Path) -> None:
    file = site / "home/static/a.css"
    os.chown(file, 61001, 62001)
    file.chmod(0o077)
    verdict = judge(STRANGER, str(file))
    assert verdict.allowed is False
    assert "is the owner, whose bits are ---" in verdict.reason


@as_root
def test_a_file_that_its_group_may_not_read_is_closed_to_the_group_though_others_may(site: Path) -> None:
    file = site / "home/static/a.css"
    os.chown(file, 0, 62001)
    file.chmod(0o707)
    assert "others are not asked" in judge(STRANGER, str(file)).reason
    assert judge(Worker(61001, 62002), str(file)).allowed is True


def with_list(path: Path, mask: int) -> None:
    entries = (
        Entry(Tag.OWNER, 6),
        Entry(Tag.USER, 4, 61001),
        Entry(Tag.OWNING_GROUP, 4),
        Entry(Tag.MASK, mask),
        Entry(Tag.OTHER, 0),
    )
    os.setxattr(path, acl.ATTRIBUTE, acl.pack(entries))


@as_root
@pytest.mark.parametrize(
    ("mask", "allowed", "words"),
    [(4, True, "may read"), (1, False, "user:61001:r-- under the mask --x leaves ---"), (0, False, "others have ---")],
)
def test_the_mask_limits_a_named_user(site: Path, mask: int, allowed: bool, words: str) -> None:
    file = site / "home/static/a.css"
    with_list(file, mask)
    verdict = judge(STRANGER, str(file))
    assert verdict.allowed is allowed
    assert words in verdict.reason


@as_root
def test_root_reads_all_and_writes_all_and_without_its_capabilities_neither(site: Path) -> None:
    file = site / "home/static/a.css"
    os.chown(file, 61001, 62001)
    file.chmod(0)
    assert judge(Worker(0, 0), str(file), "w").allowed is True
    assert judge(Worker(0, 0, capabilities=Capabilities()), str(file), "r").allowed is False
    readers = Worker(61002, 62002, capabilities=Capabilities(search=True))
    assert judge(readers, str(file), "r").allowed is True
    assert judge(readers, str(file), "w").allowed is False


@as_root
def test_capabilities_of_a_user_namespace_end_at_its_ids(site: Path) -> None:
    file = site / "home/static/a.css"
    os.chown(file, 61001, 62001)
    file.chmod(0)
    inside, outside = (Capabilities(True, True, (ids,), (ids,)) for ids in (range(60000, 70000), range(100000, 165536)))
    assert judge(Worker(0, 0, capabilities=inside), str(file)).allowed is True
    assert judge(Worker(0, 0, capabilities=outside), str(file)).allowed is False


def test_to_make_files_takes_more_than_to_write(site: Path) -> None:
    (site / "home").chmod(0o702)
    assert judge(STRANGER, f"{site}/home", "w").allowed is True
    verdict = judge(STRANGER, f"{site}/home", "wx")
    assert verdict.allowed is False
    assert "may not make files in" in verdict.reason


def test_the_last_link_in_a_directory_like_tmp_is_followed_for_its_owner_alone(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (site / "home").chmod(0o1777)
    (site / "home/link").symlink_to("static/a.css")
    monkeypatch.setattr(permission, "_protects_links", lambda: True)
    owner = os.geteuid()
    assert judge(STRANGER, f"{site}/home/link").allowed is True  # the directory's owner made it
    if owner == 0:
        os.chown(site / "home/link", 61002, 0, follow_symlinks=False)
        verdict = judge(STRANGER, f"{site}/home/link")
        assert (verdict.allowed, verdict.error, verdict.blocking) == (False, errno.EACCES, f"{site}/home/link")
        assert judge(Worker(61002, 62002), f"{site}/home/link").allowed is True
        (site / "home/way").symlink_to("static")
        os.chown(site / "home/way", 61002, 0, follow_symlinks=False)
        assert judge(STRANGER, f"{site}/home/way/a.css").allowed is True  # not the last component


def test_a_path_is_absolute() -> None:
    with pytest.raises(ValueError, match="not an absolute path"):
        judge(Worker(0, 0, capabilities=ALL), "static/a.css")


@as_root
def test_what_we_may_not_look_at_ourselves_is_not_decided(site: Path) -> None:
    (site / "home").chmod(0o700)
    os.chown(site / "home", 61001, 62001)

    def look() -> str:
        verdict = judge(STRANGER, f"{site}/home/static/a.css")
        return f"{verdict.allowed}: {verdict.reason}"

    assert seen_by(61002, look) == f"None: {site}/home/static cannot be looked at from here: permission denied"
