"""What a URL is for, told by its extension, where nothing else tells it."""

from posixpath import splitext
from urllib.parse import unquote, urlsplit

_KINDS = {
    "style": ".css",
    "script": ".js .cjs",
    "module": ".mjs",
    "font": ".woff2 .woff .ttf .otf",
    "image": ".png .jpg .jpeg .gif .webp .avif .svg .bmp .jxl .apng",
    "icon": ".ico",
    "manifest": ".webmanifest",
    "map": ".map",
    "media": ".mp4 .webm .ogv .mp3 .ogg .m4a .wav .vtt",
    "other": ".wasm .json .pdf .xml .txt",
}
_BY_EXTENSION = {extension: kind for kind, extensions in _KINDS.items() for extension in extensions.split()}
RUN = frozenset({"style", "script", "module"})  # what a browser refuses with a wrong media type


def extension(url: str) -> str:
    """Of the path, in lower case, with its dot."""
    return splitext(unquote(urlsplit(url).path))[1].lower()


def kind_of(url: str, otherwise: str) -> str:
    """The kind that the extension means."""
    return _BY_EXTENSION.get(extension(url), otherwise)
