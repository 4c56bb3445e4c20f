"""Which header fields a project wants on the files of one mount."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from wsgiref.headers import Headers

from .fields import Fields
from .media_types import media_type, type_in, with_charset
from .negotiation import IDENTITY
from .resource import Redirect, Resource, StoredFile, resource
from .validators import format_date, parse_date, tag_of_coding

FOREVER = "public, max-age=31536000, immutable"  # RFC 8246
NOSNIFF = ("X-Content-Type-Options", "nosniff")
ANY_ORIGIN = ("Access-Control-Allow-Origin", "*")
END_OF_TIME = 253402300800  # seconds since 1970: no HTTP-date can name the year 10000
OF_ONE_CODING = ("content-encoding", "content-length", "etag")  # belong to a representation, not to the resource

AddHeaders = Callable[[Headers, str, str], None]  # header fields to change, path of the file, URL path
Immutable = Callable[[str, str], bool]  # path of the file, URL path → whether its content never changes
Rows = list[tuple[str, StoredFile, str]]  # coding, file, entity tag


def immutable_test(given: Immutable | str) -> Immutable:
    """A test from a function, or from a regular expression that is searched in the URL path. Raises `re.error`."""
    if not isinstance(given, str):
        return given
    pattern = re.compile(given)
    return lambda path, url: bool(pattern.search(url))


@dataclass(frozen=True)
class HeaderRules:
    """Header fields by rule. `max_age` is in seconds; None sends no Cache-Control for names that may change.

    `add_headers` is called once per resource with the header fields of its identity representation, the file's
    path and the URL path, and may change them. An ETag that it sets is taken for identity, and made another one for
    each coding; a Last-Modified that it sets is what conditions are compared with. `immutable` says of further files
    that they never change.
    """

    max_age: int | None = 60
    charset: str = "utf-8"
    media_types: Mapping[str, str] = field(default_factory=dict)
    allow_all_origins: bool = True
    add_headers: AddHeaders | None = None
    immutable: Immutable | None = None

    def resource(
        self,
        url: str,
        files: Iterable[tuple[str, StoredFile, str]],
        *,
        modified: int | None,
        immutable: bool = False,
        name: str = "",
        type_: str = "",
    ) -> Resource:
        """The resource at a URL path, from (coding, file, entity tag) rows.

        The media type is `type_`, or follows from `name`, or from the URL.
        """
        rows = list(files)
        path = next(file.path for coding, file, _ in rows if coding == IDENTITY)
        modified = modified if modified and 0 < modified < END_OF_TIME else None
        fields = [
            ("Content-Type", self._type(type_, name or url)),
            ("Accept-Ranges", "bytes"),
            *self._caching(immutable or bool(self.immutable and self.immutable(path, url))),
            *self.shared,
        ]
        if modified:
            fields.append(("Last-Modified", format_date(modified)))
        if self.add_headers is None:
            return resource(rows, fields, modified)
        headers = Headers(fields)
        self.add_headers(headers, path, url)
        return _changed(rows, headers)

    def _type(self, recorded: str, name: str) -> str:
        """The project's own table goes before what was recorded, so that a change shows without a build."""
        return with_charset(type_in(self.media_types, name) or recorded or media_type(name), self.charset)

    def redirect(self, location: str) -> Redirect:
        """A redirect that lives as long as the files around it."""
        return Redirect(location, (*self._caching(immutable=False), *self.shared))

    @property
    def shared(self) -> Fields:
        """The fields that every answer has, also one without a file."""
        return (NOSNIFF, ANY_ORIGIN) if self.allow_all_origins else (NOSNIFF,)

    def _caching(self, immutable: bool) -> Fields:
        if immutable:
            return (("Cache-Control", FOREVER),)
        return () if self.max_age is None else (("Cache-Control", f"max-age={self.max_age}, public"),)


def _changed(rows: Rows, headers: Headers) -> Resource:
    """The resource with the header fields that a project's function left."""
    tag, date = headers["ETag"], headers["Last-Modified"]
    modified = parse_date(date) if date else None
    if modified is None:
        del headers["Last-Modified"]  # what is no date can be compared with nothing
    if tag:
        rows = [(coding, file, tag_of_coding(tag, coding) or own) for coding, file, own in rows]
    fields = [item for item in headers.items() if item[0].lower() not in OF_ONE_CODING]
    return resource(rows, fields, modified)
