"""What an upload may be: how large, how many, of which types, and what else keeps it out."""

from dataclasses import dataclass

# what keeps a file out, by the code of the finding; the others are told
LIMITED = ("too_large", "too_many_pixels", "too_many_frames", "too_many_files", "type_not_accepted")
SUSPECT = ("wrong_type", "unreadable", "hidden_markup", "hidden_archive", "hidden_document", "location_kept")
TOLD = ("other_type", "truncated", "malformed", "trailing")


@dataclass(frozen=True)
class Limits:
    """Of one upload; None or nothing: no limit.

    max_size    octets of a file
    max_pixels  width × height of the largest part of a picture
    max_frames  frames of an animation, or pages
    max_files   files of a request
    accept      media types, or families such as "image/*", lower-case
    refuse      the codes of findings that keep a file out, beside those of the limits
    """

    max_size: int | None = None
    max_pixels: int | None = 100_000_000
    max_frames: int | None = 5_000
    max_files: int | None = None
    accept: tuple[str, ...] = ()
    refuse: tuple[str, ...] = SUSPECT

    def accepts(self, media_type: str) -> bool:
        """Whether files of a media type may come."""
        kind = media_type.partition("/")[0]
        return not self.accept or media_type in self.accept or f"{kind}/*" in self.accept or "*/*" in self.accept
