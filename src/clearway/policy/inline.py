"""Which user files a browser may show, and how the others are made harmless.

A file that a user uploaded is not the site's own: shown in the site's origin, HTML and SVG are scripts of that
origin. Raster images, audio and video are shown; everything else is a download.
"""

import re
from urllib.parse import quote

INLINE = ("audio/", "image/", "video/")
DOCUMENT = "+xml"  # SVG and its like can hold scripts
_UNFIT = re.compile(r"[^A-Za-z0-9 !#$&'()+.=@\[\]^_`{}~-]")  # for a quoted string that every client reads alike


def may_show(media_type: str) -> bool:
    """Whether a browser may render a user's file of this media type in the site's origin."""
    essence = media_type.partition(";")[0].strip().lower()
    return essence.startswith(INLINE) and not essence.endswith(DOCUMENT)


def media_fields(media_type: str, file_name: str) -> dict[str, str]:
    """The header fields of a user's file: not shared between users, not rendered as a document, not sniffed."""
    kind = "inline" if may_show(media_type) else "attachment"
    return {
        "Cache-Control": "private, no-cache",
        "Content-Disposition": "; ".join([kind, *_named(file_name)]),
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }


def _named(name: str) -> list[str]:
    """The parameters: the name itself where ASCII will do, else a likeness before it (RFC 6266 §4.3, appendix D)."""
    plain = f'filename="{_UNFIT.sub("_", name)}"'
    return [plain, f"filename*=UTF-8''{quote(name, safe='', errors='replace')}"] if _UNFIT.search(name) else [plain]
