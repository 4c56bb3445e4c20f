"""Which header fields a project wants on the files of one mount."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from wsgiref.headers import Headers

from .fields import Fields
from .media_types import media_type, with_charset
from .negotiation import IDENTITY
from .resource import Redirect, Resource, StoredFile, resource
from .validators import format_date

FOREVER = "public, max-age=31536000, immutable"  # RFC 8246
NOSNIFF = ("X-Content-Type-Options", "nosniff")
ANY_ORIGIN = ("Access-Control-Allow-Origin", "*")
END_OF_TIME = 253402300800  # seconds since 1970: no HTTP-date can name the year 10000
OF_ONE_CODING = ("content-encoding", "content-length", "etag")  # belong to a representation, not to the resource

AddHeaders = Callable[[Headers, str, str], None]  # header fields to change, path of the file, URL path


@dataclass(frozen=True)
class HeaderRules:
    """Header fields by rule. `max_age` is in seconds; None sends no Cache-Control for names that may change.

    `add_headers` is called once per resource with the header fields of its identity representation, the file's
    path and the URL path, and may change them.
    """

    max_age: int | None = 60
    charset: str = "utf-8"
    media_types: Mapping[str, str] = field(default_factory=dict)
    allow_all_origins: bool = True
    add_headers: AddHeaders | None = None

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
        modified = modified if modified and 0 < modified < END_OF_TIME else None
        type_ = with_charset(type_ or media_type(name or url, self.media_types), self.charset)
        fields = [
            ("Content-Type", type_),
            ("Accept-Ranges", "bytes"),
            *self._caching(immutable),
            *self.shared,
        ]
        if modified:
            fields.append(("Last-Modified", format_date(modified)))
        if self.add_headers:
            path = next(file.path for coding, file, _ in rows if coding == IDENTITY)
            fields = self._added(self.add_headers, fields, path, url)
        return resource(rows, fields, modified)

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

    @staticmethod
    def _added(add: AddHeaders, fields: list[tuple[str, str]], path: str, url: str) -> list[tuple[str, str]]:
        headers = Headers(fields)
        add(headers, path, url)
        return [item for item in headers.items() if item[0].lower() not in OF_ONE_CODING]
