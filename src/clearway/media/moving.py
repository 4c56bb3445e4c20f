"""Directories below a root by their descriptors, so that no link leads out of it, and moves that replace nothing."""

import ctypes
import errno
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

from clearway.stores.directory import adopt, temporary_path

_STEP = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_ROOT = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
_NO_REPLACE = 1  # RENAME_NOREPLACE of Linux
_UNKNOWN = frozenset({errno.EINVAL, errno.ENOSYS, errno.ENOTSUP})


@contextmanager
def folder_beneath(root: str, parts: Sequence[str], mode: int | None = None) -> Iterator[int]:
    """The descriptor of a directory, by the steps to it. What is missing is made with `mode`, where one is given.

    Raises `FileNotFoundError` and, for a link or a file among the steps, `NotADirectoryError` or another `OSError`.
    """
    if os.open not in os.supports_dir_fd:
        raise OSError(errno.ENOTSUP, "only on systems with descriptors of directories", root)
    folder = os.open(root, _ROOT)
    try:
        for part in parts:
            inner = _step(folder, part, mode)
            os.close(folder)
            folder = inner
        yield folder
    finally:
        os.close(folder)


def move(last: str, source: int, target: int, new: str = "") -> None:
    """Move an entry from one directory to another in one step. Raises `FileExistsError` where its name is taken."""
    new = new or last
    if _renamed_by_linux(last, source, target, new):
        return
    if is_there(target, new):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), new)
    os.rename(last, new, src_dir_fd=source, dst_dir_fd=target)


def is_there(folder: int, last: str) -> bool:
    """Whether a directory has an entry of this name, whatever it is."""
    try:
        os.stat(last, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def regular(folder: int, last: str) -> os.stat_result:
    """The status of a regular file. Raises `FileNotFoundError` for everything else, links included."""
    status = os.stat(last, dir_fd=folder, follow_symlinks=False)
    if not stat.S_ISREG(status.st_mode):
        raise FileNotFoundError(errno.ENOENT, "not a regular file", last)
    return status


def _step(folder: int, part: str, mode: int | None) -> int:
    try:
        return os.open(part, _STEP, dir_fd=folder)
    except FileNotFoundError:
        if mode is None:
            raise
    _make(folder, part, mode)
    return os.open(part, _STEP, dir_fd=folder)


def _make(folder: int, part: str, mode: int) -> None:
    """A directory that has its mode when it has its name."""
    hidden = os.path.basename(temporary_path(""))
    os.mkdir(hidden, 0o700, dir_fd=folder)
    try:
        made = os.open(hidden, _STEP, dir_fd=folder)
        try:
            adopt(made, f"/dev/fd/{folder}", mode)
        finally:
            os.close(made)
        move(hidden, folder, folder, part)
    except FileExistsError:  # made by another one meanwhile
        os.rmdir(hidden, dir_fd=folder)
    except OSError:
        os.rmdir(hidden, dir_fd=folder)
        raise
    os.fsync(folder)


@cache
def _renameat2() -> Callable[..., int] | None:
    try:
        found: Any = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):
        return None
    found.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint)
    found.restype = ctypes.c_int
    return found  # type: ignore[no-any-return]


def _renamed_by_linux(last: str, source: int, target: int, new: str) -> bool:
    """Whether the kernel could do it. Raises `OSError` where it would not."""
    rename = _renameat2()
    if rename is None:
        return False
    if rename(source, os.fsencode(last), target, os.fsencode(new), _NO_REPLACE) == 0:
        return True
    code = ctypes.get_errno()
    if code in _UNKNOWN:
        return False
    raise OSError(code, os.strerror(code), last)
