"""What a program sees of a directory that is served: WhiteNoise's answer, ServeStatic's where it is another, and ours.

A row without `ours` is one where Clearway answers as WhiteNoise does. Where it does not, `because` says why, with the
section of the RFC or the page of the documentation.
"""

import gzip
import os
from dataclasses import dataclass, field
from pathlib import Path

import brotli
from tests.helpers.released import write
from tests.helpers.replies import Reply

TEN, ONE, CSS = b"0123456789", b"x", b"body { color: #123456 }\n" * 60
GZ, BR = gzip.compress(CSS, 9, mtime=0), brotli.compress(CSS)
PAGE = b"the application"
MTIME = 1_600_000_000  # Sun, 13 Sep 2020 12:26:40 GMT
DATE = "Sun, 13 Sep 2020 12:26:40 GMT"
FILES = {
    "ten.txt": TEN,
    "one.txt": ONE,
    "app.js": b"let a = 1\n",
    "site.css": CSS,
    "site.css.gz": GZ,
    "site.css.br": BR,
    "a b/ü.txt": b"named",
    "index.html": b"<h1>top</h1>",
    "docs/index.html": b"<h1>docs</h1>",
    "docs/more/index.html": b"<h1>more</h1>",
    "data.tar": b"a tar file, longer than its archive",
    "data.tar.gz": b"an archive",
    "app.webmanifest": b"{}",
    "font.otf": b"font",
    "x.foo": b"foo",
    "special": b"special",
    ".htaccess": b"secret",
}
OPTIONS = {
    "index_file": True,
    "max_age": 1000,
    "mimetypes": {".foo": "application/x-foo", "special": "text/x-special"},
    "add_headers_function": lambda headers, path, url: headers.__setitem__("X-Url", url),
}


def plant(root: Path) -> Path:
    """Write the files, all of one time."""
    write(root, FILES)
    for path in root.rglob("*"):
        os.utime(path, (MTIME, MTIME))
    return root


@dataclass(frozen=True)
class Answer:
    """A status, header fields (None: must be absent), a body (None: any)."""

    status: int
    fields: dict[str, str | None] = field(default_factory=dict)
    body: bytes | None = None

    def differs(self, reply: Reply) -> list[str]:
        """What is otherwise in a reply."""
        found = {name: reply[name] for name in self.fields}
        return [
            *([f"status {reply.status}, not {self.status}"] if reply.status != self.status else []),
            *(f"{name}: {found[name]}, not {value}" for name, value in self.fields.items() if found[name] != value),
            *([f"body {reply.body[:40]!r}"] if self.body is not None and reply.body != self.body else []),
        ]


@dataclass(frozen=True)
class Row:
    """One request. `{etag}` in a header stands for the ETag of the same file."""

    name: str
    target: str
    theirs: Answer
    ours: Answer | None = None
    servestatic: Answer | None = None
    headers: dict[str, str] = field(default_factory=dict)
    method: str = "GET"
    because: str = ""
    refreshed: Answer | None = None  # the peers' answer with autorefresh, where it is another


APP = Answer(200, {}, PAGE)
MISSING = Answer(404, {"cache-control": "no-store"})
WHOLE = Answer(200, {"content-range": None}, TEN)
REFUSED = Answer(416, {"content-range": "bytes */10"})
NOT_MODIFIED = Answer(304, {"content-type": None}, b"")
IDENTITY = Answer(200, {"content-encoding": None, "vary": "Accept-Encoding"}, CSS)
GZIP = Answer(200, {"content-encoding": "gzip", "vary": "Accept-Encoding", "content-length": str(len(GZ))}, GZ)
BROTLI = Answer(200, {"content-encoding": "br", "vary": "Accept-Encoding", "content-length": str(len(BR))}, BR)
OWN_PREFIX = "docs/howto/coming-from-whitenoise.md: a prefix owns its misses"


def part(start: int, end: int) -> Answer:
    """Octets `start` to `end` of the ten."""
    return Answer(206, {"content-range": f"bytes {start}-{end}/10"}, TEN[start : end + 1])


def to(location: str, **fields: str) -> Answer:
    return Answer(302, {"location": location, **fields})


ROWS: list[Row] = [
    # --- get
    Row("a file", "/s/ten.txt", Answer(200, {"content-length": "10", "last-modified": DATE}, TEN)),
    Row("a file with a name to escape", "/s/a%20b/%C3%BC.txt", Answer(200, {}, b"named")),
    Row("the lifetime", "/s/ten.txt", Answer(200, {"cache-control": "max-age=1000, public"})),
    Row("other origins may read it", "/s/ten.txt", Answer(200, {"access-control-allow-origin": "*"})),
    Row("HEAD has no content", "/s/ten.txt", Answer(200, {"content-length": "10"}, b""), method="HEAD"),
    Row("the function's header fields", "/s/ten.txt", Answer(200, {"x-url": "/s/ten.txt"})),
    Row("the function sees a directory's URL", "/s/docs/", Answer(200, {"x-url": "/s/docs/"})),
    Row("a type by extension of the project's", "/s/x.foo", Answer(200, {"content-type": "application/x-foo"})),
    Row(
        "a type by name of the project's",
        "/s/special",
        Answer(200, {"content-type": 'text/x-special; charset="utf-8"'}),
        Answer(200, {"content-type": "text/x-special; charset=utf-8"}),
        because="RFC 9110 §8.3.1: quoted or not, the value of a parameter is the same",
    ),
    Row(
        "the charset of text",
        "/s/app.js",
        Answer(200, {"content-type": 'text/javascript; charset="utf-8"'}),
        Answer(200, {"content-type": "text/javascript; charset=utf-8"}),
        because="RFC 9110 §8.3.1: quoted or not, the value of a parameter is the same",
    ),
    Row(
        "a web manifest",
        "/s/app.webmanifest",
        Answer(200, {"content-type": "application/octet-stream"}),
        Answer(200, {"content-type": "application/manifest+json"}),
        because="RFC 9110 §8.3: the type of the data, as its standard registers it",
    ),
    Row(
        "an OpenType font",
        "/s/font.otf",
        Answer(200, {"content-type": "application/octet-stream"}),
        Answer(200, {"content-type": "font/otf"}),
        because="RFC 8081 §4.4.3",
    ),
    Row(
        "a dotfile",
        "/s/.htaccess",
        Answer(200, {}, b"secret"),
        MISSING,
        because="docs/howto/coming-from-whitenoise.md: what is never public",
    ),
    Row("what is not there, below a prefix", "/s/none.txt", APP, MISSING, because=OWN_PREFIX),
    Row("what lies elsewhere", "/none.txt", APP),
    Row("a path that is not UTF-8", "/none%ff.txt", APP),
    Row("a path with a NUL", "/%00", APP),
    Row("a path of 5,000 characters", "/" + "x" * 5000, APP),
    Row("a path that climbs", "/s/docs/../ten.txt", APP, MISSING, because=OWN_PREFIX),
    Row("a path with two slashes", "//s/ten.txt", APP),
    # --- methods
    Row("POST", "/s/ten.txt", Answer(405, {"allow": "GET, HEAD"}), Answer(405, {"allow": "GET, HEAD, OPTIONS"}),
        servestatic=Answer(405), method="POST", because="RFC 9110 §10.2.1: Allow lists what is supported"),
    Row("OPTIONS", "/s/ten.txt", Answer(405), Answer(204, {"allow": "GET, HEAD, OPTIONS"}), method="OPTIONS",
        because="RFC 9110 §9.3.7"),
    Row("POST to a redirect", "/s/docs", to("docs/"), Answer(405, {"allow": "GET, HEAD, OPTIONS"}), method="POST",
        because="RFC 9110 §15.5.6: the resource does not support the method"),
    # --- ranges
    Row("the first five octets", "/s/ten.txt", part(0, 4), headers={"Range": "bytes=0-4"}),
    Row("the last three", "/s/ten.txt", part(7, 9), headers={"Range": "bytes=-3"}),
    Row("some in the middle", "/s/ten.txt", part(2, 5), headers={"Range": "bytes=2-5"}),
    Row("from some on", "/s/ten.txt", part(2, 9), headers={"Range": "bytes=2-"}),
    Row("past the end", "/s/ten.txt", part(2, 9), headers={"Range": "bytes=2-99"}),
    Row("more than all at the end", "/s/ten.txt", part(0, 9), headers={"Range": "bytes=-99"}),
    Row("out of range", "/s/ten.txt", REFUSED, headers={"Range": "bytes=10-"}),
    Row("far out of range", "/s/ten.txt", REFUSED, headers={"Range": "bytes=10000-11000"}),
    Row("one octet", "/s/ten.txt", REFUSED, part(0, 0), part(0, 0), {"Range": "bytes=0-0"},
        because="RFC 9110 §14.1.1: first-pos and last-pos may be equal"),
    Row("the last octet", "/s/ten.txt", REFUSED, part(9, 9), part(9, 9), {"Range": "bytes=-1"},
        because="RFC 9110 §14.1.2: a suffix of one"),
    Row("the last octet by its place", "/s/ten.txt", REFUSED, part(9, 9), part(9, 9), {"Range": "bytes=9-"},
        because="RFC 9110 §14.1.1"),
    Row("no octets at the end", "/s/ten.txt", part(0, 9), REFUSED, headers={"Range": "bytes=-0"},
        because="RFC 9110 §14.1.2: a suffix of zero is unsatisfiable"),
    Row("the end before the start", "/s/ten.txt", REFUSED, WHOLE, headers={"Range": "bytes=5-2"},
        because="RFC 9110 §14.1.1, §14.2: invalid, so ignored"),
    Row("digits that only Python reads", "/s/ten.txt", part(1, 5), WHOLE, headers={"Range": "bytes=0_1-5"},
        because="RFC 9110 §14.1.1, §14.2: invalid, so ignored"),
    Row("the unit in capitals", "/s/ten.txt", WHOLE, part(0, 4), headers={"Range": "BYTES=0-4"},
        because="RFC 9110 §14.1: units are case-insensitive"),
    Row("an unknown unit", "/s/ten.txt", WHOLE, headers={"Range": "lines=0-4"}),
    Row("several ranges", "/s/ten.txt", WHOLE, headers={"Range": "bytes=0-1,4-5"}),
    Row("HEAD and a range", "/s/ten.txt", Answer(206), Answer(200, {"content-range": None}), method="HEAD",
        headers={"Range": "bytes=0-4"}, because="RFC 9110 §14.2: Range is defined for GET"),
    Row("a range of what can be had encoded", "/s/site.css",
        Answer(206, {"content-encoding": "gzip", "content-range": f"bytes 0-4/{len(GZ)}"}, GZ[:5]),
        Answer(206, {"content-encoding": None, "content-range": f"bytes 0-4/{len(CSS)}"}, CSS[:5]),
        headers={"Range": "bytes=0-4", "Accept-Encoding": "gzip"},
        because="RFC 9110 §14.2, §12.5.3: identity is acceptable, and can be resumed by everyone"),
    Row("what can be asked for in ranges says so", "/s/ten.txt", Answer(200, {"accept-ranges": None}),
        Answer(200, {"accept-ranges": "bytes"}), because="RFC 9110 §14.3"),
    Row("a range of another version", "/s/ten.txt", part(0, 4), WHOLE,
        headers={"Range": "bytes=0-4", "If-Range": '"other"'}, because="RFC 9110 §13.1.5"),
    Row("a range of this version", "/s/ten.txt", part(0, 4), headers={"Range": "bytes=0-4", "If-Range": "{etag}"}),
    # --- conditions
    Row("not modified since then", "/s/ten.txt", NOT_MODIFIED, headers={"If-Modified-Since": DATE}),
    Row("not modified since the future", "/s/ten.txt", NOT_MODIFIED,
        headers={"If-Modified-Since": "Fri, 11 Apr 2100 11:47:06 GMT"}),
    Row("modified since", "/s/ten.txt", WHOLE, headers={"If-Modified-Since": "Fri, 11 Apr 2014 11:47:06 GMT"}),
    Row("a date that is none", "/s/ten.txt", WHOLE,
        headers={"If-Modified-Since": "Fri, 16 Jul 2021 09:09:1626426577S GMT"}),
    Row("the same tag", "/s/ten.txt", NOT_MODIFIED, headers={"If-None-Match": "{etag}"}),
    Row("another tag", "/s/ten.txt", WHOLE, headers={"If-None-Match": '"594bd1d1-36"'}),
    Row("another tag goes before the date", "/s/ten.txt", WHOLE,
        headers={"If-None-Match": '"594bd1d1-36"', "If-Modified-Since": "Fri, 11 Apr 2100 11:47:06 GMT"}),
    Row("the same tag, weak", "/s/ten.txt", WHOLE, NOT_MODIFIED, headers={"If-None-Match": "W/{etag}"},
        because="RFC 9110 §13.1.2: compared weakly"),
    Row("the same tag in a list", "/s/ten.txt", WHOLE, NOT_MODIFIED, headers={"If-None-Match": '"x", {etag}'},
        because="RFC 9110 §13.1.2: any of the list"),
    Row("any tag", "/s/ten.txt", WHOLE, NOT_MODIFIED, headers={"If-None-Match": "*"}, because="RFC 9110 §13.1.2"),
    Row("only if it is another", "/s/ten.txt", WHOLE, Answer(412), headers={"If-Match": '"other"'},
        because="RFC 9110 §13.1.1"),
    Row("only if it is old", "/s/ten.txt", WHOLE, Answer(412),
        headers={"If-Unmodified-Since": "Fri, 11 Apr 2014 11:47:06 GMT"}, because="RFC 9110 §13.1.4"),
    Row("what others may read of a 304", "/s/ten.txt", Answer(304, {"access-control-allow-origin": None}),
        Answer(304, {"access-control-allow-origin": "*"}), Answer(304, {"access-control-allow-origin": "*"}),
        {"If-None-Match": "{etag}"}, because="RFC 9110 §15.4.5, RFC 9111 §3.2: they update what is stored"),
    # --- index files and redirects
    Row("a directory", "/s/docs/", Answer(200, {}, b"<h1>docs</h1>")),
    Row("a directory in it", "/s/docs/more/", Answer(200, {}, b"<h1>more</h1>")),
    Row("a directory without its slash", "/s/docs", to("docs/"), to("./docs/"),
        because="RFC 3986 §5.2.4: the same URL; a name with a colon stays a name (§4.2)"),
    Row("the prefix", "/s/", Answer(200, {}, b"<h1>top</h1>")),
    Row("the prefix without its slash", "/s", to("s/"), to("./s/"),
        because="RFC 3986 §5.2.4: the same URL; a name with a colon stays a name (§4.2)", refreshed=APP),
    Row("an index file by its name", "/s/docs/index.html", to("./")),
    Row("a redirect may be kept", "/s/docs/index.html", to("./", **{"cache-control": "max-age=1000, public"})),
    Row("a redirect keeps the query", "/s/docs/index.html?v=1", to("./"), to("./?v=1"), to("./?v=1"),
        because="RFC 9110 §10.2.2: Location names the target, whose query is part of it"),
    Row("a directory without index file", "/s/a%20b/", APP, MISSING, because=OWN_PREFIX),
    # --- compression
    Row("gzip", "/s/site.css", GZIP, headers={"Accept-Encoding": "gzip"}),
    Row("brotli", "/s/site.css", BROTLI, headers={"Accept-Encoding": "gzip, br"}),
    Row("no coding asked for", "/s/site.css", IDENTITY),
    Row("an empty list", "/s/site.css", IDENTITY, headers={"Accept-Encoding": ""}),
    Row("any coding", "/s/site.css", IDENTITY, headers={"Accept-Encoding": "*"}),
    Row("an unknown coding", "/s/site.css", IDENTITY, headers={"Accept-Encoding": "deflate"}),
    Row("gzip with a weight", "/s/site.css", GZIP, headers={"Accept-Encoding": "gzip;q=0.5"}),
    Row("the smallest goes before the heaviest", "/s/site.css", BROTLI,
        headers={"Accept-Encoding": "gzip;q=1, br;q=0.1"}),
    Row("gzip refused", "/s/site.css", GZIP, IDENTITY, IDENTITY, {"Accept-Encoding": "gzip;q=0"},
        because="RFC 9110 §12.4.2: a weight of 0 is not acceptable"),
    Row("gzip in capitals", "/s/site.css", IDENTITY, GZIP, GZIP, {"Accept-Encoding": "GZIP"},
        because="RFC 9110 §8.4.1: codings are case-insensitive"),
    Row("gzip inside of another word", "/s/site.css", GZIP, IDENTITY, IDENTITY,
        {"Accept-Encoding": "not-gzip-really"}, because="RFC 9110 §12.5.3: a coding is a whole token"),
    Row("nothing acceptable", "/s/site.css", IDENTITY, headers={"Accept-Encoding": "identity;q=0"}),
    Row("an encoding by its own name", "/s/site.css.gz", APP, MISSING, because=OWN_PREFIX),
    Row("a tar file beside its archive", "/s/data.tar", Answer(200, {"content-encoding": "gzip"}, b"an archive"),
        Answer(200, {"content-encoding": None}, FILES["data.tar"]),
        headers={"Accept-Encoding": "gzip"}, because="RFC 9110 §8.4: the archive is a file of its own, no coding"),
    Row("the archive itself", "/s/data.tar.gz", APP,
        Answer(200, {"content-type": "application/gzip", "content-encoding": None}, b"an archive"),
        because="RFC 9110 §8.4: the archive is a file of its own, no coding"),
]  # fmt: skip
