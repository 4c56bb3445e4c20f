"""Media types by content: the first octets of formats that sites take, show, or should know when they see them.

Sources: the WHATWG MIME Sniffing standard, ISO 14496-12 (brands of the base media format), RFC 8794 (EBML), and the
specifications of the formats.
"""

import re

HEAD = 1024  # octets that are enough; PDF allows its mark anywhere among them

# media type: octets, and where they are
_MARKS: tuple[tuple[str, int, bytes], ...] = (
    ("image/png", 0, b"\x89PNG\r\n\x1a\n"),
    ("image/gif", 0, b"GIF87a"),
    ("image/gif", 0, b"GIF89a"),
    ("image/jpeg", 0, b"\xff\xd8\xff"),
    ("image/bmp", 0, b"BM"),
    ("image/tiff", 0, b"II*\0"),
    ("image/tiff", 0, b"MM\0*"),
    ("image/tiff", 0, b"II+\0"),
    ("image/tiff", 0, b"MM\0+"),
    ("image/vnd.microsoft.icon", 0, b"\0\0\1\0"),
    ("image/vnd.microsoft.icon", 0, b"\0\0\2\0"),
    ("image/jxl", 0, b"\xff\x0a"),
    ("image/jxl", 0, b"\0\0\0\x0cJXL \r\n\x87\n"),
    ("image/webp", 8, b"WEBP"),
    ("audio/wav", 8, b"WAVE"),
    ("video/x-msvideo", 8, b"AVI "),
    ("audio/flac", 0, b"fLaC"),
    ("audio/midi", 0, b"MThd"),
    ("audio/mpeg", 0, b"ID3"),
    ("video/ogg", 0, b"OggS"),
    ("video/mpeg", 0, b"\0\0\1\xba"),
    ("video/x-flv", 0, b"FLV\1"),
    ("application/zip", 0, b"PK\3\4"),
    ("application/zip", 0, b"PK\5\6"),
    ("application/gzip", 0, b"\x1f\x8b\x08"),
    ("application/x-bzip2", 0, b"BZh"),
    ("application/x-xz", 0, b"\xfd7zXZ\0"),
    ("application/x-7z-compressed", 0, b"7z\xbc\xaf\x27\x1c"),
    ("application/vnd.rar", 0, b"Rar!\x1a\x07"),
    ("application/zstd", 0, b"\x28\xb5\x2f\xfd"),
    ("application/x-tar", 257, b"ustar"),
    ("application/x-ole-storage", 0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    ("application/vnd.sqlite3", 0, b"SQLite format 3\0"),
    ("application/wasm", 0, b"\0asm"),
    ("application/x-shockwave-flash", 0, b"FWS"),
    ("application/x-shockwave-flash", 0, b"CWS"),
    ("application/x-shockwave-flash", 0, b"ZWS"),
    ("application/x-executable", 0, b"\x7fELF"),
    ("application/x-executable", 0, b"MZ"),
    ("application/x-executable", 0, b"\xca\xfe\xba\xbe"),
    ("application/x-executable", 0, b"\xcf\xfa\xed\xfe"),
    ("font/woff", 0, b"wOFF"),
    ("font/woff2", 0, b"wOF2"),
)
_IN_RIFF = frozenset({"image/webp", "audio/wav", "video/x-msvideo"})
_BRANDS = {b"avif": "image/avif", b"avis": "image/avif", b"heic": "image/heic", b"heix": "image/heic"} | {
    b"mif1": "image/heif", b"msf1": "image/heif", b"qt  ": "video/quicktime"
}  # fmt: skip
_HTML = re.compile(
    rb"<(?:!doctype\s+html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|img|meta|link|object|form)[\s>/]",
    re.IGNORECASE,
)
_SVG = re.compile(rb"<(?:\w+:)?svg[\s>]")
_WORDS = (b"BM", b"MZ", b"FWS", b"CWS", b"ZWS", b"BZh", b"ID3")
_NO_TEXT = re.compile(rb"[\0-\x08\x0e-\x1a\x1c-\x1f]")
_BEFORE_MARKUP = re.compile(rb"\A(?:\xef\xbb\xbf)?(?:\s+|<!--.*?-->)*", re.DOTALL)

# media types that share what can be seen of them
_ZIPPED = re.compile(
    r"application/(?:zip|epub\+zip|java-archive|vnd\.(?:openxml|oasis|android|google-earth\.kmz).*|x-xpinstall)"
)
_SAME = {
    **dict.fromkeys(("image/apng",), "image/png"),
    **dict.fromkeys(("image/heic", "image/heif"), "image/heif"),
    **dict.fromkeys(("video/mp4", "audio/mp4", "video/quicktime", "video/3gpp"), "video/mp4"),
    **dict.fromkeys(("video/webm", "audio/webm", "video/x-matroska"), "video/webm"),
    **dict.fromkeys(("audio/ogg", "video/ogg"), "video/ogg"),
    **dict.fromkeys(("application/msword", "application/vnd.ms-excel"), "application/x-ole-storage"),
    "application/vnd.ms-powerpoint": "application/x-ole-storage",
    **dict.fromkeys(("image/svg+xml", "application/xhtml+xml", "text/xml"), "application/xml"),
}  # fmt: skip
# of these some begin in another way, so that only another signature speaks against the name
_LOOSE = frozenset({"audio/mpeg", "video/mpeg", "video/mp4", "application/xml", "text/html", "application/x-tar"})
_UNSAID = frozenset({"application/octet-stream", "application/x-executable"})  # a name that promises nothing


def type_of(head: bytes) -> str | None:
    """The media type that the first octets of a file show; None where they show none."""
    for media_type, place, mark in _MARKS:
        if head.startswith(mark, place) and (media_type not in _IN_RIFF or head.startswith(b"RIFF")):
            return media_type
    return _in_container(head) or _of_text(head)


def _in_container(head: bytes) -> str | None:
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video/mp4")
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "video/x-matroska" if b"matroska" in head[:64] else "video/webm"
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        return "audio/aac" if head[1] & 0xF6 == 0xF0 else "audio/mpeg"
    return "application/pdf" if b"%PDF-" in head else None


def _of_text(head: bytes) -> str | None:
    before = _BEFORE_MARKUP.match(head)
    text = head[before.end() :] if before else head
    if _SVG.search(text) and text.startswith(b"<"):
        return "image/svg+xml"
    if _HTML.match(text):
        return "text/html"
    return "application/xml" if text.startswith(b"<?xml") else None


def contradicts(named: str, head: bytes) -> str | None:
    """The media type that a file's first octets show against the one of its name; None where both agree.

    `application/octet-stream` where the name promises a signature that is not there. An empty file, and a name whose
    type has no signature, contradict nothing unless the octets show another type than text.
    """
    if not head:
        return None
    found, promised = type_of(head), _family(named)
    if found is None:
        return "application/octet-stream" if promised in _PROMISED - _LOOSE else None
    if is_text(named) and (_family(found) in _MARKUP or _is_writing(head)):
        return None
    if _family(found) == promised or promised in _UNSAID:
        return None
    return found


def _is_writing(head: bytes) -> bool:
    """Whether a mark is just how a text begins: a table may well begin with "BMI"."""
    return head.startswith(_WORDS) and not _NO_TEXT.search(head)


def is_text(media_type: str) -> bool:
    """Whether a type is that of plain text, which may begin with anything."""
    return media_type.startswith("text/") or media_type == "application/json"


def _family(media_type: str) -> str:
    essence = media_type.partition(";")[0].strip().lower()
    if _ZIPPED.fullmatch(essence):
        return "application/zip"
    return "application/xml" if essence.endswith("+xml") else _SAME.get(essence, essence)


_MARKUP = frozenset({"text/html", "application/xml"})
_PROMISED = frozenset(_family(media_type) for media_type, _, _ in _MARKS) | {
    "application/pdf", "image/avif", "image/heif", "video/mp4", "video/webm"
}  # fmt: skip
