"""What `nginx -T` prints: every loaded file after a line that names it."""

import re

from clearway.fronts.nginx.versions import Version, parsed

_HEAD = re.compile(r"^# configuration file (?P<file>.+):\n", re.MULTILINE)
_VERSION = re.compile(r"^nginx version: \S*?/(\d+(?:\.\d+)*)", re.MULTILINE)
_MESSAGES = ("nginx:", "nginx version:", "built ", "TLS SNI support", "configure arguments:")  # also of -V


def is_dump(text: str) -> bool:
    """Whether the text names its files as `nginx -T` does; messages of nginx may stand before."""
    found = _HEAD.search(text)
    return found is not None and all(_is_message(line) for line in text[: found.start()].splitlines())


def version(text: str) -> Version | None:
    """Of the nginx that printed it, where -V was given too."""
    head = _HEAD.search(text)
    found = _VERSION.search(text, 0, head.start() if head else 0)
    return parsed(found[1]) if found else None


def files(text: str) -> dict[str, str]:
    """The text of each file by its path, the main file first."""
    heads = list(_HEAD.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    found: dict[str, str] = {}
    for head, end in zip(heads, ends, strict=True):
        found.setdefault(head["file"], text[head.end() : end])
    return found


def _is_message(line: str) -> bool:
    return not line.strip() or line.startswith(_MESSAGES) or "[warn]" in line or "[notice]" in line
