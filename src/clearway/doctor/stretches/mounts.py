"""The path that a front puts the application below, and tells it of."""

from collections.abc import Iterator

from clearway.fronts.directive import Directive
from clearway.fronts.front import Front

from .configurations import all_directives

_TELLING = ("uwsgi_param", "scgi_param", "fastcgi_param", "proxy_set_header")


def mounts(front: Front) -> Iterator[tuple[str, Directive]]:
    """Paths with a slash at their beginning, and their lines; nothing where one of the applications is at the root."""
    lines = [(path.rstrip("/"), each) for each in all_directives(front.configuration) for path in _path(each)]
    if all(path for path, _ in lines):
        yield from lines


def _path(line: Directive) -> Iterator[str]:
    if len(line.words) < 2:
        return
    if line.name == "wsgiscriptalias":
        yield line.words[0]
    elif line.name in _TELLING and line.words[0] == "SCRIPT_NAME" and line.words[1].startswith("/"):
        yield line.words[1]
