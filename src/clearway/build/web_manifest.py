"""Where a web manifest names images (W3C Web Application Manifest).

Only `.webmanifest`: a file named `manifest.json` is as often a bundler's or a browser extension's, whose members mean
something else. `start_url`, `scope` and the URLs of shortcuts are pages, not files.
"""

import re
from collections.abc import Iterator

from .js import SPELLING
from .spans import Span

_TOKEN = re.compile(r'"(?P<string>(?:[^"\\\n\r]|\\.)*+)"?|(?P<opening>[\[{])|(?P<closing>[\]}])|[:,]')
# The containers around a `src`, from the outside: what each is, after the key that leads to it.
_IMAGES = frozenset(
    tuple(place.split())
    for place in (
        "{ icons[ {",
        "{ screenshots[ {",
        "{ shortcuts[ { icons[ {",
        "{ file_handlers[ { icons[ {",
    )
)
_DEEPEST = max(map(len, _IMAGES))


def scan(text: str) -> Iterator[Span]:
    """The URLs of images in a manifest (as Latin-1 text), in the order in which they stand."""
    around: list[str] = []
    key = string = before = ""
    for token in _TOKEN.finditer(text):
        if token.lastgroup == "string":
            string = token["string"]
            if before == ":" and key == "src" and len(around) <= _DEEPEST and tuple(around) in _IMAGES:
                yield Span(*token.span("string"), "image", SPELLING)
        elif token.lastgroup == "opening":
            around.append((key if before == ":" else "") + token[0])
        elif token.lastgroup == "closing":
            del around[-1:]
        elif token[0] == ":":
            key = string
        before = token[0]
