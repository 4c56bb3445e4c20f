"""One pass over a file: what it says it is, what it is, and what was seen in it."""

from collections.abc import Callable
from dataclasses import dataclass

from clearway.policy.signatures import HEAD, contradicts, is_text, type_of

from . import zipped
from .bitmap import bmp, ico
from .gif import gif
from .heif import heif
from .hidden import Hidden, has_markup
from .jpeg import jpeg
from .location import Location
from .octets import MalformedError, Octets, Parser, TruncatedError
from .picture import Picture
from .png import png
from .tiff import tiff
from .webp import webp

_PARSERS: dict[str, Callable[[Octets, Picture], Parser]] = {
    "image/avif": heif,
    "image/bmp": bmp,
    "image/gif": gif,
    "image/heic": heif,
    "image/heif": heif,
    "image/jpeg": jpeg,
    "image/png": png,
    "image/tiff": tiff,
    "image/vnd.microsoft.icon": ico,
    "image/webp": webp,
}
_ONE_PASS = frozenset({"image/tiff", "image/vnd.microsoft.icon"})  # their parts may come in any order
_MAY_BE_ANYTHING = frozenset({"application/octet-stream", "application/zip"})


@dataclass(frozen=True)
class Inspection:
    """What is known of a file, whole or so far.

    named   the media type of its name
    found   that of its content, None where it shows none
    other   that which contradicts the name, see `clearway.policy.signatures.contradicts`
    size    octets
    width, height, frames   of a picture; the size is that of its largest part
    seen    codes of `clearway.policy.limits`: what hides in it, or is wrong with it
    """

    named: str
    found: str | None = None
    other: str | None = None
    size: int = 0
    width: int = 0
    height: int = 0
    frames: int = 0
    seen: frozenset[str] = frozenset()


class Inspector:
    """Inspects the octets of a file whose name says the media type `named`, in one pass with bounded memory.

    clean   whether places where the picture was taken are looked for; `edits` then has what removes them: (place in
            the file, octets), of the same length, sound when the file is over
    """

    def __init__(self, named: str, *, clean: bool = False) -> None:
        self._named, self._size, self._head = named, 0, b""
        self._found: str | None = None
        self._other: str | None = None
        self._seen: set[str] = set()
        self._hidden = Hidden(all_over=False)
        self._octets: Octets | None = None
        self._started = False
        self._location = Location() if clean else None
        self._picture = Picture(self._location.block if self._location else None)

    @property
    def edits(self) -> list[tuple[int, bytes]]:
        """What removes the places; see above."""
        return self._location.edits if self._location else []

    def feed(self, data: bytes) -> None:
        """The next octets."""
        self._size += len(data)
        if not self._started:
            self._head += data
            if len(self._head) < HEAD:
                return
            data = self._start()
        self._look(data)

    def close(self) -> Inspection:
        """The file is over. What is known of it."""
        if not self._started:
            self._look(self._start())
        self._over()
        return self.so_far

    @property
    def so_far(self) -> Inspection:
        """What is known before the end."""
        picture = self._picture
        size = (picture.width, picture.height, picture.frames)
        return Inspection(self._named, self._found, self._other, self._size, *size, frozenset(self._seen))

    def _start(self) -> bytes:
        data, self._head, self._started = self._head, b"", True
        head = data[:HEAD]
        self._found, self._other = type_of(head), contradicts(self._named, head)
        if is_text(self._named) and self._other is None:
            self._found = None
        self._hidden = Hidden(all_over=self._found in _PARSERS)
        if self._location:
            self._location.start(self._found)
        if self._found in _PARSERS:
            self._octets = Octets()
            self._octets.run(_PARSERS[self._found](self._octets, self._picture))
            self._note("hidden_document", b"%PDF-" in head)
        elif self._found == zipped.ARCHIVE and zipped.is_promised(self._named):
            self._octets = Octets()
            self._octets.run(zipped.zipped(self._octets, self._marked))
        elif self._found == "application/pdf":
            self._note("hidden_markup", has_markup(head))
        return data

    def _look(self, data: bytes) -> None:
        self._hidden.feed(data)
        if self._location:
            self._location.feed(data)
        if self._found in _PARSERS:
            self._note("hidden_markup", self._hidden.markup)
            self._note("hidden_archive", self._hidden.archive)
        if self._octets is None:
            return
        try:
            rest = self._octets.feed(data)
        except MalformedError:
            self._broken("malformed")
        else:
            self._note("trailing", bool(rest))

    def _broken(self, code: str) -> None:
        self._octets = None
        self._note(code, True)
        self._note("unreadable", self._found in _ONE_PASS)
        self._note("location_kept", self._location is not None and (code, self._found) != ("truncated", "image/jpeg"))

    def _over(self) -> None:
        try:
            if self._octets and self._found in _PARSERS:
                self._octets.close()
        except TruncatedError:
            self._broken("truncated")
        except MalformedError:
            self._broken("malformed")
        if self._found in _PARSERS:
            self._note("unreadable", not self._picture.width * self._picture.height)
        if self._found != zipped.ARCHIVE and self._named not in _MAY_BE_ANYTHING:
            self._note("hidden_archive", self._hidden.ends_as_archive)
        if self._location:
            self._note("location_kept", self._location.kept)

    def _marked(self, marks: frozenset[str]) -> None:
        self._other = zipped.contradicts(self._named, marks)

    def _note(self, code: str, seen: bool) -> None:
        if seen:
            self._seen.add(code)
