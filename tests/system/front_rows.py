"""Requests to a front before the demo and what is due, written once for every server.

What a server answers by rules of its own stands beside the row, with the reason. `css` in a target is the hashed name
of a style sheet that has variants; `{etag}` and `{last-modified}` in a field are what the server sent with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

Argued = Mapping[str, tuple[object, str]]  # by server: what it answers instead, and why that is right


@dataclass(frozen=True)
class Row:
    """A request, and its status in process."""

    target: str
    method: str
    status: int
    fields: Mapping[str, str] = field(default_factory=dict)
    argued: Argued = field(default_factory=dict)

    def __str__(self) -> str:
        return " ".join([self.method, self.target, *(f"{name}: {value}" for name, value in self.fields.items())])

    def filled(self, sent: Mapping[str, str]) -> dict[str, str]:
        """The fields, with what was sent before by lower-case name."""
        return {name: value.format_map(sent) for name, value in self.fields.items()}

    def status_of(self, server: str) -> object:
        return self.argued.get(server, (self.status, ""))[0]


def _all(status: int, reason: str) -> Argued:
    return dict.fromkeys(("nginx", "caddy", "apache"), (status, reason))


_PAST, _FUTURE = "Sat, 01 Jan 2000 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT"

ROWS = (
    Row("css", "GET", 200),
    Row("css", "HEAD", 200),
    Row("css", "OPTIONS", 204),
    Row("css", "DELETE", 405),
    Row("css", "POST", 405),
    Row("css", "GET", 304, {"If-None-Match": "*"}),
    Row("css", "GET", 200, {"If-None-Match": '"another"'}),
    Row("css", "GET", 304, {"If-None-Match": "{etag}"}),
    Row("css", "GET", 304, {"If-None-Match": 'W/{etag}, "another"'}),
    Row("css", "GET", 412, {"If-Match": '"another"'}),
    Row("css", "GET", 200, {"If-Match": "{etag}"}),
    Row("css", "GET", 304, {"If-Modified-Since": "{last-modified}"}),
    Row("css", "GET", 304, {"If-Modified-Since": _FUTURE}, {"apache": (200, "no date of the future counts")}),
    Row("css", "GET", 200, {"If-Modified-Since": _PAST}),
    Row("css", "GET", 200, {"If-Modified-Since": "yesterday"}),
    Row("css", "GET", 412, {"If-Unmodified-Since": _PAST}),
    Row("css", "GET", 206, {"Range": "bytes=5-9"}),
    Row("css", "GET", 206, {"Range": "bytes=5-9", "Accept-Encoding": "br"}),
    Row("css", "GET", 200, {"Range": "bytes=5-9", "If-Range": '"another"'}),
    Row("css", "GET", 206, {"Range": "bytes=5-9", "If-Range": "{etag}"}),
    Row("css", "GET", 416, {"Range": "bytes=999999-"}),
    Row("css", "GET", 200, {"Range": "lines=1-2"}, {"caddy": (416, "Go refuses units that it does not know")}),
    Row("css", "HEAD", 200, {"Range": "bytes=5-9"}, _all(206, "it takes ranges of HEAD")),
    Row("/static/none.css", "GET", 404),
    Row("/static/none.css", "HEAD", 404),
    Row("/static/admin", "GET", 404),
    Row("/static/admin/", "GET", 404),
    Row("/static/", "GET", 404),
    Row("/static/.clearway/current", "GET", 404),
    Row("/static/.clearway/", "GET", 404),
    Row("/static/staticfiles.json", "GET", 404),
    Row("css.br", "GET", 404),
    Row("/static/admin/css/.%2e/css/base.css", "GET", 404, argued=_all(200, "it resolves dot segments first")),
    Row("/static//admin/css/base.css", "GET", 404, argued=_all(200, "it merges slashes first")),
)

# Accept-Encoding, the coding that is due, what a server sends instead
CHOICES: tuple[tuple[str, str, Argued], ...] = (
    ("br", "br", {}),
    ("gzip", "gzip", {}),
    ("zstd", "zstd", {}),
    ("gzip, deflate, br, zstd", "br", {}),
    ("zstd, gzip", "zstd", {}),
    ("gzip, br;q=0", "gzip", {}),
    ("br;q=0, gzip;q=0.0, zstd;q=0.001", "zstd", {}),
    ("br;q=0,gzip;q=0,zstd;q=0", "", {}),
    ("gzip, *", "br", {"caddy": ("gzip", "it passes over the star")}),
    ("gzip, *;q=0", "gzip", {}),
    ("*", "", {}),
    ("", "", {}),
    ("identity", "", {}),
    ("deflate", "", {}),
    ("BR", "br", {}),
    ("x-gzip", "gzip", {"apache": ("x-gzip", "the name that was asked for"), "caddy": ("", "it has no such name")}),
)

# Errors that a server answers without the field that says they are not to be kept
UNMARKED: Mapping[tuple[str, int], str] = dict.fromkeys(
    (("caddy", 412), ("caddy", 416)), "its file server answers them itself, with the fields of the file"
)


def is_own_error(server: str, target: bytes) -> bool:
    """Whether 500 is the server's own word for what lies, or cannot lie, at a target."""
    if server == "caddy":
        return b"%00" in target or len(target) > 255  # a name that no file has
    return b"/socket.css" in target
