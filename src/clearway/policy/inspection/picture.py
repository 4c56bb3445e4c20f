"""What a parser finds in a picture."""

from collections.abc import Callable

TOO_LONG = b"\0too long to be read"  # in the place of such a block


class Picture:
    """The largest width and height that any part of it claims, and how many frames or pages it has.

    `metadata` is called with (kind, place in the file, octets) for each block of Exif and XMP, where it is wanted.
    """

    def __init__(self, metadata: Callable[[str, int, bytes], None] | None = None) -> None:
        self.width = self.height = self.frames = 0
        self.metadata = metadata

    def measure(self, width: int, height: int) -> None:
        """A size that the file says of itself or of a part."""
        if width * height > self.width * self.height:
            self.width, self.height = width, height

    def has_frames(self, count: int) -> None:
        """How many frames the file says, or has so far."""
        self.frames = max(self.frames, count)
