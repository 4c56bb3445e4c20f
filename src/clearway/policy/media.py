"""Which user files a browser may show, and how the others are made harmless.

A file that a user uploaded is not the site's own: shown in the site's origin, HTML and SVG are scripts of that
origin. Raster images, sound and film are shown; everything else is a download, unless the project names its type.
"""

from dataclasses import dataclass

from .disposition import disposition

SHOWN = ("audio/", "image/", "video/")
DOCUMENT = "+xml"  # SVG and its like can hold scripts
RESOURCE_POLICIES = ("same-origin", "same-site", "cross-origin")

# Nothing is loaded and no script runs. What else is allowed is what a browser needs to show a file at its own URL:
# Chromium plays sound and film only with the origin and media-src, and styles its page for pictures inline.
CONTENT_POLICY = "default-src 'none'; media-src 'self'; style-src 'unsafe-inline'; sandbox allow-same-origin"


@dataclass(frozen=True)
class MediaPolicy:
    """The one policy for users' files, read in process, by fronts and by object stores.

    inline           media types that are shown beside raster images, sound and film, lower-case
    max_age          seconds that everybody may keep a file; None: nobody but the browser, which asks each time
    resource_policy  which sites may embed the files (Fetch standard, Cross-Origin-Resource-Policy)
    """

    inline: tuple[str, ...] = ()
    max_age: int | None = None
    resource_policy: str = "same-origin"

    def shows(self, media_type: str) -> bool:
        """Whether a browser may render a user's file of this media type in the site's origin."""
        essence = media_type.partition(";")[0].strip().lower()
        return essence in self.inline or (essence.startswith(SHOWN) and not essence.endswith(DOCUMENT))

    @property
    def shared(self) -> dict[str, str]:
        """The header fields that every user's file has, whatever it is."""
        return {
            "Cache-Control": "private, no-cache" if self.max_age is None else f"max-age={self.max_age}, public",
            "Content-Security-Policy": CONTENT_POLICY,
            "Cross-Origin-Resource-Policy": self.resource_policy,
            "X-Content-Type-Options": "nosniff",
        }

    def fields(self, media_type: str, file_name: str) -> dict[str, str]:
        """The header fields of one user's file."""
        return {"Content-Disposition": disposition(file_name, shown=self.shows(media_type)), **self.shared}

    def metadata(self, media_type: str, file_name: str) -> dict[str, str]:
        """Those fields that an object in a bucket carries; the others are for whatever stands before the bucket."""
        kept = self.fields(media_type, file_name)
        return {"Content-Type": media_type, **{name: kept[name] for name in ("Content-Disposition", "Cache-Control")}}
