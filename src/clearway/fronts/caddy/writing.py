"""A configuration of Caddy for a project, by the blocks: static files, media files, the application.

It needs no plugin. Encoded variants lie beside names with a hash; Caddy sends the first that the client accepts. What
`header` sets when the answer is written is not on errors, and `handle_errors` sees to those.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from clearway.fronts.errors import UnwritableError
from clearway.fronts.handing import SENDFILE, remark
from clearway.fronts.quoting import literal
from clearway.fronts.site import OF_SERVERS, Place, Private, RootFiles, Site
from clearway.fronts.too_large import page
from clearway.http.decision import ALLOW
from clearway.http.header_rules import FOREVER
from clearway.http.media_types import BY_EXTENSION, DEFAULT, with_charset
from clearway.http.negotiation import SUFFIXES
from clearway.policy.media import MediaPolicy

from .quoting import pattern, quoted, raw, word

HASHED = r"\.[0-9a-f]{12}(?:\.[^./]+)?$"  # as Django names files by their content
_HIDDEN = r"(?:^|/)\."
_TYPED = ["Content-Type {media_type}", "defer"]
_FIRST = ("text/css", "text/javascript", "image/", "font/", "application/json")  # asked for most
# fields of an answer without a body that do not hold for the file in its place
_OF_NO_FILE = ("X-Sendfile", "Content-Length", "Content-Encoding", "ETag", "Last-Modified", "Accept-Ranges", "Date")
_SECURE = "{clearway_secure}"  # empty, or what Django takes for HTTPS
_FORWARDED = frozenset({"x-forwarded-proto", "x-forwarded-host", "x-forwarded-for"})  # Caddy sends them by itself


@dataclass(frozen=True)
class Written:
    """The addresses of the site, and what is inside of it."""

    addresses: list[str]
    inside: list[str]

    @property
    def site(self) -> list[str]:
        """The block of the site."""
        return [f"{', '.join(self.addresses)} {{", *_indented(self.inside), "}"]


def write(site: Site, certificate: tuple[str, str] | None = None) -> Written:
    """The parts of a Caddyfile. Raises `UnwritableError`."""
    tls = [[f"tls {word(certificate[0])} {word(certificate[1])}"]] if certificate else []
    return Written(list(_addresses(site)), _joined([*tls, *_Writer(site).blocks()]))


def _addresses(site: Site) -> Iterator[str]:
    """A host gets HTTPS by itself; `.example.com` is that and all below it, for which Caddy needs a DNS provider."""
    if not site.hosts or "*" in site.hosts:
        yield ":80"
        return
    for host in site.hosts:
        yield word(host.removeprefix("."))
        if host.startswith("."):
            yield f"*{word(host)}"


class _Writer:
    """The blocks for one site."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._codings = [coding for coding in SUFFIXES if coding in site.codings]

    def blocks(self) -> Iterator[list[str]]:
        site = self._site
        if site.static or site.media or site.root_files:
            yield _types(site.types, site.charset, site.policy)
        if site.hsts:
            yield [f"header Strict-Transport-Security {quoted(site.hsts)}"]
        if site.static:
            yield self._static(site.static)
        for number, files in enumerate(site.root_files, 1):
            yield self._root_files(files, f"@root{number if number > 1 else ''}")
        if site.media:
            yield self._media(site.media)
        if not (site.static and site.static.prefix == "/"):
            yield ["# Everything else is the application's.", *_block("handle", self._application())]
        yield self._errors()

    # --- static files

    def _static(self, place: Place) -> list[str]:
        return [
            "# Static files: everything below STATIC_URL.",
            *_block(
                f"handle_path {pattern(place.prefix)}",
                _joined(
                    [
                        [f"root * {word(place.root)}"],
                        self._hidden(),
                        self._methods(),
                        self._headers(),
                        self._file_server(),
                    ]
                ),
            ),
        ]

    def _hidden(self) -> list[str]:
        """No dotfiles, no records, no variants as files of their own."""
        suffixes = "|".join(SUFFIXES[coding][1:] for coding in self._codings)
        variants = [rf"\.[0-9a-f]{{12}}\.[^./]+\.(?:{suffixes})$"] if suffixes else []
        hidden = "|".join([_HIDDEN, r"^/staticfiles\.json$", *variants])
        return [
            "# No dotfiles and no directories: .clearway holds Clearway's own records.",
            f"@hidden path_regexp {raw(hidden)}",
            "error @hidden 404",
        ]

    def _methods(self) -> list[str]:
        cors = [
            "Access-Control-Allow-Methods " + quoted(ALLOW),
            'Access-Control-Allow-Headers "*"',
            "Access-Control-Max-Age 86400",
        ]
        return [
            "@other not method GET HEAD",
            f"header @other Allow {quoted(ALLOW)}",
            "@options method OPTIONS",
            *(_block("header @options", cors) if self._site.any_origin else []),
            "respond @options 204",
            f"@refused not method {ALLOW.replace(',', '')}",
            "error @refused 405",
        ]

    def _headers(self) -> list[str]:
        site = self._site
        folders = [f"^/{literal(folder)}/[^/]+$" for folder in site.unchanging]
        forever = raw("|".join([HASHED, *folders]))
        vary = ["Vary Accept-Encoding"] if self._codings else []
        short = [f'Cache-Control "max-age={site.max_age}, public"'] if site.max_age is not None else []
        return [
            "header X-Content-Type-Options nosniff",
            *(['header Access-Control-Allow-Origin "*"'] if site.any_origin else []),
            "# Names with a hash never change.",
            *_block("@unchanging", ["method GET HEAD", f"path_regexp {forever}"]),
            *_block("@changing", ["method GET HEAD", f"not path_regexp {forever}"]),
            *_block("header @unchanging", [f"Cache-Control {quoted(FOREVER)}", *vary, *_TYPED]),
            *_block("header @changing", [*short, *_TYPED]),
        ]

    def _file_server(self) -> list[str]:
        lines = ['index ""']
        if self._codings:
            lines.append(f"precompressed {' '.join(self._codings)}")
        return _block("file_server", lines)

    # --- files at the root

    def _root_files(self, files: RootFiles, name: str) -> list[str]:
        names = [*(f"{literal(each)}$" for each in files.files), *(f"{literal(each)}/." for each in files.directories)]
        site = self._site
        short = site.max_age is not None and site.static is not None
        caching = [f'Cache-Control "max-age={site.max_age}, public"'] if short else []
        inside = [
            f"root * {word(files.root)}",
            "header X-Content-Type-Options nosniff",
            *_block("header", [*caching, *_TYPED]),
            *_block("file_server", ['index ""']),
        ]
        tests = [f"path_regexp {raw('^/(?:' + '|'.join(names) + ')')}", f"not path_regexp {raw(r'/.+/[.]')}"]
        return ["# Files at the site's root.", *_block(name, tests), *_block(f"handle {name}", inside)]

    # --- media

    def _media(self, place: Place) -> list[str]:
        fixed = self._site.policy.shared
        nosniff = fixed.pop("X-Content-Type-Options")
        deferred = [f"{name} {quoted(value)}" for name, value in fixed.items()]
        return [
            "# Users' files: what they may do to a browser.",
            *_block(
                f"handle_path {pattern(place.prefix)}",
                _joined(
                    [
                        [f"root * {word(place.root)}"],
                        [f"@hidden path_regexp {raw(_HIDDEN)}", "error @hidden 404"],
                        ["@other not method GET HEAD", 'header @other Allow "GET, HEAD"', "error @other 405"],
                        [
                            f"header X-Content-Type-Options {nosniff}",
                            *_block("header", [*deferred, "Content-Disposition {disposition}", *_TYPED]),
                        ],
                        _block("file_server", ['index ""']),
                    ]
                ),
            ),
        ]

    # --- the application

    def _application(self) -> list[str]:
        site = self._site
        limit = [f"# {site.upload_reason}"] if site.upload_reason else []
        if site.upload:
            limit += _block("request_body", [f"max_size {site.upload}"])
        scheme = [f"https {word(site.scheme_value)}", 'default ""']
        mapped = _block(f"map {{scheme}} {_SECURE}", scheme) if self._maps_scheme else []
        return [*limit, *(remark(site.private, SENDFILE) if site.private else []), *mapped, *self._proxy()]

    @property
    def _maps_scheme(self) -> bool:
        """Whether Django knows HTTPS by another word than Caddy."""
        return self._site.scheme_value != "https"

    def _proxy(self) -> list[str]:
        """The application; what it answers with X-Sendfile is the file, if that is a private one."""
        field, private = self._site.scheme_field, self._site.private
        told = [f"header_up -{name}" for name in OF_SERVERS]
        if self._maps_scheme:
            told.append(f"header_up {field} {_SECURE}")
        elif field.lower() not in _FORWARDED:
            told.append(f"header_up {field} {{scheme}}")
        if private and private.road == SENDFILE:
            told += _sent(private)
        upstream = self._site.upstream.replace("unix:", "unix/", 1)
        return _block(f"reverse_proxy {word(upstream)}", told)

    def _errors(self) -> list[str]:
        """Errors are not kept; where the application may know a missing file, it is asked."""
        kept = ["header Cache-Control no-store"]
        place, large = self._site.static, self._too_large()
        asks = bool(self._site.asks and place)
        if not asks and not large:
            return ["# Errors are not kept.", *_block("handle_errors", kept)]
        inside = large
        if asks and place:
            asked = _block("@asked", [f"path {pattern(place.prefix)}", "vars {err.status_code} 404"])
            about = "# A static file that is not there is asked of the application."
            inside = [*inside, about, *asked, *_block("handle @asked", self._proxy())]
        return ["# Errors are not kept.", *_block("handle_errors", [*inside, *_block("handle", kept)])]

    def _too_large(self) -> list[str]:
        """Caddy 2.6 says 502 of a body that it stopped to hand on, and the message why."""
        if not self._site.upload:
            return []
        answer = ['header Content-Type "text/html; charset=utf-8"', "header Cache-Control no-store"]
        answer += [f"respond {quoted(page(self._site))} 413"]
        return ['@large vars_regexp {err.message} "request body too large"', *_block("handle @large", answer)]


def _sent(private: Private) -> list[str]:
    """`root` is the file itself: a path of the URL would be decoded by some versions of Caddy and not by others."""
    below = f"{private.root.rstrip('/')}/"
    if set(below) & set("*?[%"):
        raise UnwritableError(f"{below!r} cannot be written as a path of Caddy: rename the directory")
    inside = [
        "@outside vars_regexp {rp.header.X-Sendfile} `(?:^|/)[.][.](?:/|$)`",
        "error @outside 404",
        "root * {rp.header.X-Sendfile}",
        "rewrite * /",
        *_block("copy_response_headers", [f"exclude {' '.join(_OF_NO_FILE)}"]),
        *_block("file_server", ['index ""', "disable_canonical_uris"]),
    ]
    return [
        "# Private files: the application decides, and names them with X-Sendfile.",
        f"@private header X-Sendfile {word(below + '*')}",
        *_block("handle_response @private", inside),
    ]


def _types(more: Mapping[str, str], charset: str, policy: MediaPolicy) -> list[str]:
    """Clearway's media types by extension, since those of the machine lack some; `more` wins. And what is shown."""
    by_extension = {**BY_EXTENSION, **{key.lower(): value for key, value in more.items() if key.startswith(".")}}
    by_type: dict[str, list[str]] = {}
    for extension, type_ in sorted(by_extension.items()):
        by_type.setdefault(type_, []).append(literal(extension[1:]))
    rows = []
    for type_ in sorted(by_type, key=lambda each: (not each.startswith(_FIRST), each)):
        tested = raw(rf"~(?i)\.(?:{'|'.join(by_type[type_])})$")
        rows.append(
            f"{tested} {quoted(with_charset(type_, charset))} {'inline' if policy.shows(type_) else 'attachment'}"
        )
    return [
        "# Media types; of users' files pictures, sound and video are shown, everything else is a download.",
        *_block("map {path} {media_type} {disposition}", [*rows, f"default {DEFAULT} attachment"]),
    ]


def _block(head: str, inside: Iterable[str]) -> list[str]:
    return [f"{head} {{", *_indented(inside), "}"]


def _joined(blocks: Iterable[list[str]]) -> list[str]:
    """Blocks with an empty line between two."""
    lines: list[str] = []
    for block in blocks:
        lines += [*([""] if lines and block else []), *block]
    return lines


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"\t{line}" if line else "" for line in lines]
