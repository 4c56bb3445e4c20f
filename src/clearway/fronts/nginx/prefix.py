"""The directory that nginx takes relative paths from: `-p` of the running master, else what it was built with."""

import re
from collections.abc import Iterator
from pathlib import Path

_BUILT = re.compile(rb"configure arguments:[^\0]*?--prefix=([^\s\0]+)")
_PROGRAMS = ("/usr/sbin", "/usr/local/sbin", "/usr/local/nginx/sbin", "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin")
_MASTER = "nginx: master process "
# Where no program can be asked: who ships this main file, and its prefix.
_USUAL = {
    "/usr/local/nginx/conf/nginx.conf": "/usr/local/nginx",
    "/usr/local/etc/nginx/nginx.conf": "/usr/local/etc/nginx",
    "/opt/homebrew/etc/nginx/nginx.conf": "/opt/homebrew",
}


def prefix_of(main: str) -> str:
    """Of the nginx that loads this main file; where nothing tells, the default of nginx.org's packages."""
    return _started(main) or _built() or _USUAL.get(main, "/etc/nginx")


def _started(main: str) -> str | None:
    for words in _masters():
        prefix, loaded = _option(words, "-p"), _option(words, "-c")
        if prefix and loaded and str(Path(prefix, loaded)) == main:
            return prefix
    return None


def _masters() -> Iterator[list[str]]:
    """The command lines of nginx's masters; readable for every user."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            title = path.read_bytes().split(b"\0")[0].decode("utf-8", "replace")
        except OSError:
            continue
        if title.startswith(_MASTER):
            yield title.removeprefix(_MASTER).split()


def _option(words: list[str], name: str) -> str | None:
    for word, after in zip(words, [*words[1:], ""], strict=True):
        if word == name:
            return after
        if word.startswith(name):
            return word.removeprefix(name)
    return None


def _built() -> str | None:
    """From the text of the program, which holds its configure arguments: nothing is run."""
    for directory in _PROGRAMS:
        try:
            found = _BUILT.search(Path(directory, "nginx").read_bytes())
        except OSError:
            continue
        if found:
            return found[1].decode("utf-8", "replace")
    return None
