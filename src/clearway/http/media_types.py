"""Media types by file name extension: our own table, so that the machine's table never changes an answer.

Sources: the IANA media type registry, RFC 9239 (JavaScript), RFC 8081 (fonts), the WHATWG MIME Sniffing standard.
"""

from collections.abc import Mapping
from types import MappingProxyType

DEFAULT = "application/octet-stream"

# media type: the extensions that mean it
COMPRESSIBLE: dict[str, str] = {
    "application/atom+xml": "atom",
    "application/dash+xml": "mpd",
    "application/geo+json": "geojson",
    "application/gltf-buffer": "glbin",
    "application/graphql": "gql graphql",
    "application/json": "json map topojson",
    "application/json5": "json5",
    "application/ld+json": "jsonld",
    "application/manifest+json": "webmanifest",
    "application/mathml+xml": "mathml",
    "application/postscript": "ai eps ps",
    "application/rss+xml": "rss",
    "application/rtf": "rtf",
    "application/toml": "toml",
    "application/vnd.apple.mpegurl": "m3u8",
    "application/vnd.google-earth.kml+xml": "kml",
    "application/vnd.ms-fontobject": "eot",
    "application/wasm": "wasm",
    "application/x-java-jnlp-file": "jnlp",
    "application/x-perl": "pl pm",
    "application/x-sh": "sh",
    "application/x-tcl": "tcl tk",
    "application/xhtml+xml": "xhtml",
    "application/xml": "xml xsd xsl",
    "application/xspf+xml": "xspf",
    "application/yaml": "yaml yml",
    "font/collection": "ttc",
    "font/otf": "otf",
    "font/ttf": "ttf",
    "image/bmp": "bmp",
    "image/svg+xml": "svg",
    "image/vnd.microsoft.icon": "cur ico",
    "model/gltf+json": "gltf",
    "model/obj": "obj",
    "text/cache-manifest": "appcache",
    "text/calendar": "ics",
    "text/css": "css",
    "text/csv": "csv",
    "text/html": "htm html shtml",
    "text/javascript": "cjs js mjs",
    "text/markdown": "markdown md",
    "text/mathml": "mml",
    "text/plain": "asc conf cfg ini less log po pot properties py rst sass scss styl text ts tsx jsx txt vue",
    "text/tab-separated-values": "tsv",
    "text/vcard": "vcard vcf",
    "text/vnd.sun.j2me.app-descriptor": "jad",
    "text/vnd.wap.wml": "wml",
    "text/vtt": "vtt",
    "text/x-component": "htc",
}
INCOMPRESSIBLE: dict[str, str] = {
    "application/epub+zip": "epub",
    "application/gzip": "gz tgz",
    "application/java-archive": "ear jar war",
    "application/mac-binhex40": "hqx",
    "application/msword": "doc",
    "application/octet-stream": "bin deb dll dmg exe img iso msi msm msp",
    "application/pdf": "pdf",
    "application/vnd.android.package-archive": "apk",
    "application/vnd.google-earth.kmz": "kmz",
    "application/vnd.ms-excel": "xls",
    "application/vnd.ms-powerpoint": "ppt",
    "application/vnd.oasis.opendocument.graphics": "odg",
    "application/vnd.oasis.opendocument.presentation": "odp",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.rar": "rar",
    "application/vnd.sqlite3": "db sqlite sqlite3",
    "application/vnd.wap.wmlc": "wmlc",
    "application/x-7z-compressed": "7z",
    "application/x-brotli": "br",
    "application/x-bzip2": "bz2 tbz tbz2",
    "application/x-cocoa": "cco",
    "application/x-java-archive-diff": "jardiff",
    "application/x-makeself": "run",
    "application/x-pilot": "pdb prc",
    "application/x-redhat-package-manager": "rpm",
    "application/x-sea": "sea",
    "application/x-shockwave-flash": "swf",
    "application/x-stuffit": "sit",
    "application/x-tar": "tar",
    "application/x-x509-ca-cert": "crt der pem",
    "application/x-xpinstall": "xpi",
    "application/x-xz": "txz xz",
    "application/zip": "zip",
    "application/zstd": "zst zstd",
    "audio/aac": "aac",
    "audio/flac": "flac",
    "audio/midi": "kar mid midi",
    "audio/mp4": "m4a",
    "audio/mpeg": "mp3",
    "audio/ogg": "oga ogg opus",
    "audio/wav": "wav",
    "audio/webm": "weba",
    "audio/x-realaudio": "ra",
    "font/woff": "woff",
    "font/woff2": "woff2",
    "image/apng": "apng",
    "image/avif": "avif",
    "image/gif": "gif",
    "image/heic": "heic",
    "image/heif": "heif",
    "image/jpeg": "jfif jpe jpeg jpg",
    "image/jxl": "jxl",
    "image/png": "png",
    "image/tiff": "tif tiff",
    "image/vnd.wap.wbmp": "wbmp",
    "image/webp": "webp",
    "image/x-jng": "jng",
    "model/gltf-binary": "glb",
    "video/3gpp": "3gp 3gpp",
    "video/mp2t": "m2ts mts",
    "video/mp4": "m4v mp4",
    "video/mpeg": "mpeg mpg",
    "video/ogg": "ogv",
    "video/quicktime": "mov",
    "video/webm": "webm",
    "video/x-flv": "flv",
    "video/x-matroska": "mkv",
    "video/x-mng": "mng",
    "video/x-ms-asf": "asf asx",
    "video/x-ms-wmv": "wmv",
    "video/x-msvideo": "avi",
}
# whole names that say more than their extension (RFC 9116, Apple's universal links, RFC 8615)
NAMES: dict[str, str] = {
    "apple-app-site-association": "application/json",
    "crossdomain.xml": "text/x-cross-domain-policy",
    "security.txt": "text/plain",
}


def _by_extension() -> dict[str, str]:
    tables = (COMPRESSIBLE, INCOMPRESSIBLE)
    return {
        f".{ext}": media_type
        for table in tables
        for media_type, extensions in table.items()
        for ext in extensions.split()
    }


BY_EXTENSION = _by_extension()


def media_type(name: str, more: Mapping[str, str] = MappingProxyType({})) -> str:
    """The media type of a file, by its name alone.

    `more` maps extensions (`".x"`) or whole file names to types and wins over the table.
    """
    file_name, extension = _keys(name)
    return type_in(more, name) or NAMES.get(file_name) or BY_EXTENSION.get(extension, DEFAULT)


def type_by_extension(name: str, more: Mapping[str, str] = MappingProxyType({})) -> str:
    """The media type by the extension alone, as a web server has it: for files whose names strangers gave."""
    extension = _keys(name)[1]
    return more.get(extension) or BY_EXTENSION.get(extension, DEFAULT)


def type_in(table: Mapping[str, str], name: str) -> str | None:
    """What a project's own table says of a file: by its whole name, else by its extension."""
    return next((table[key] for key in _keys(name) if key in table), None) if table else None


def _keys(name: str) -> tuple[str, str]:
    """File name and extension in lower case; the extension is empty when there is none."""
    file_name = name.rstrip("/").rpartition("/")[2].lower()
    dot = file_name.rfind(".")
    return file_name, file_name[dot:] if 0 < dot < len(file_name) - 1 else ""


def is_compressible(type_: str) -> bool:
    """Whether encoding files of this media type usually pays; a parameter such as charset is ignored."""
    essence = type_.partition(";")[0].strip().lower()
    return essence in COMPRESSIBLE or essence.startswith("text/") or essence.endswith(("+json", "+xml"))


def with_charset(type_: str, charset: str) -> str:
    """Add the charset parameter to text types that have none (RFC 9110 §8.3.2)."""
    if charset and type_.startswith("text/") and "charset=" not in type_.lower():
        return f"{type_}; charset={charset}"
    return type_
