"""Opening a file below a directory so that nothing on the way can lead out of it, not even while it is opened."""

import errno
import os
import stat
from collections.abc import Callable
from io import FileIO

from .reading import open_regular
from .tree import Tree

_STEP = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_LAST = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


def _walk(root: str, name: str) -> FileIO:
    *steps, last = name.split("/")
    directory = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for step in steps:
            inner = os.open(step, _STEP, dir_fd=directory)
            os.close(directory)
            directory = inner
        return _regular(os.path.join(root, name), last, directory)
    finally:
        os.close(directory)


def _regular(path: str, last: str, directory: int) -> FileIO:
    """Looked at before it is opened, since opening a device or a pipe may do something."""
    if stat.S_ISREG(os.stat(last, dir_fd=directory, follow_symlinks=False).st_mode):
        opened = FileIO(path, "rb", opener=lambda _, __: os.open(last, _LAST, dir_fd=directory))
        if stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
            return opened
        opened.close()
    raise OSError(errno.EINVAL, "not a regular file", path)


def _listed(root: str, name: str) -> FileIO:
    """Where directories have no descriptors (Windows): by listing, and by the real path."""
    found = Tree(root).locate(name)
    if found is None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), name)
    return open_regular(found.path)


open_beneath: Callable[[str, str], FileIO] = _walk if os.open in os.supports_dir_fd else _listed
"""(directory, canonical name below it) → the regular file, opened for reading. Raises OSError and ValueError."""
