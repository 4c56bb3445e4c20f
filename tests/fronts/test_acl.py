"""Access lists: the attribute's bytes, and their words."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from clearway.fronts import acl
from clearway.fronts.acl import Entry, Tag


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (Entry(Tag.OWNER, 6), "user::rw-"),
        (Entry(Tag.USER, 4, 4000000000), "user:4000000000:r--"),
        (Entry(Tag.OWNING_GROUP, 5), "group::r-x"),
        (Entry(Tag.GROUP, 0, 4000000000), "group:4000000000:---"),
        (Entry(Tag.MASK, 7), "mask::rwx"),
        (Entry(Tag.OTHER, 1), "other::--x"),
        (Entry(64, 1), "64::--x"),
    ],
)
def test_an_entry_is_printed_as_getfacl_prints_it(entry: Entry, words: str) -> None:
    assert str(entry) == words


def test_what_is_packed_is_parsed() -> None:
    entries = (Entry(Tag.OWNER, 7), Entry(Tag.USER, 4, 1000), Entry(Tag.OTHER, 0))
    assert acl.parse(acl.pack(entries)) == entries


@pytest.mark.parametrize("value", [b"", b"\2\0", b"\1\0\0\0" + b"\1\0\7\0\0\0\0\0"])
def test_another_version_is_no_list(value: bytes) -> None:
    assert acl.parse(value) == ()


def test_half_an_entry_is_left_out() -> None:
    assert acl.parse(acl.pack((Entry(Tag.OWNER, 7),)) + b"\2\0\7") == (Entry(Tag.OWNER, 7),)


@pytest.mark.skipif(sys.platform != "linux", reason="only on Linux")
@pytest.mark.skipif(shutil.which("setfacl") is None, reason="needs setfacl (the package acl)")
def test_what_setfacl_writes_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"")
    file.chmod(0o640)
    assert acl.of(str(file)) == ()
    subprocess.run(["setfacl", "-m", f"u:61001:r,g:{os.getegid()}:rw,m:r", file], check=True)
    assert [str(each) for each in acl.of(str(file))][0:2] == ["user::rw-", "user:61001:r--"]
    assert "mask::r--" in [str(each) for each in acl.of(str(file))]
