"""A configuration of httpd for a project: virtual hosts with the files before the application.

Stock modules answer everything: mod_rewrite chooses the encoded variant beside a file, mod_setenvif reads what the
client accepts. Headers stand in Location, which is merged last, so that no other section takes them away.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from clearway.fronts.accept_encoding import rows
from clearway.fronts.handing import SENDFILE, remark
from clearway.fronts.quoting import literal
from clearway.fronts.site import OF_SERVERS, Place, Private, RootFiles, Site
from clearway.fronts.too_large import page
from clearway.http.decision import ALLOW
from clearway.http.header_rules import FOREVER
from clearway.http.media_types import BY_EXTENSION, DEFAULT, with_charset
from clearway.http.negotiation import SUFFIXES
from clearway.policy.media import DOCUMENT, SHOWN

from .forwarded import of_scheme
from .quoting import path, quoted

MODULES = (
    "alias",
    "allowmethods",
    "authz_core",
    "dir",
    "env",
    "headers",
    "mime",
    "proxy",
    "proxy_http",
    "rewrite",
    "setenvif",
)
HASHED = r".*\.[0-9a-f]{12}(?:\.[^./]+)?"  # as Django names files by their content
_CODED = (".gz", ".tgz", ".svgz", ".Z", ".bz2", ".xz", ".zst", ".br")  # what distributions give a coding to
_SMALLEST_FIRST = tuple(SUFFIXES)  # the first that is there and accepted is sent
_REFUSED = quoted("expr=%{REQUEST_STATUS} -eq 405 || %{REQUEST_STATUS} -eq 204")
GOOD = quoted("expr=%{REQUEST_STATUS} -lt 400")
FAILED = quoted("expr=%{REQUEST_STATUS} -ge 400")


@dataclass(frozen=True)
class Written:
    """What belongs into a virtual host, what it listens to, and a host that stands before it."""

    inside: list[str]
    listening: list[str]
    before: list[str]
    port: int

    @property
    def server(self) -> list[str]:
        """The virtual hosts."""
        host = [f"<VirtualHost *:{self.port}>", *_indented([*self.listening, "", *self.inside]), "</VirtualHost>"]
        return [*self.before, *([""] if self.before else []), *host]


def write(site: Site, certificate: tuple[str, str] | None = None) -> Written:
    """The parts of a configuration. Raises `UnwritableError`."""
    writer = _Writer(site)
    names = list(_names(site))
    if not certificate:
        return Written(_joined(writer.inside()), [*names, "", *_of_tls()], [], 80)
    tls = [
        "SSLEngine on",
        f"SSLCertificateFile {quoted(certificate[0])}",
        f"SSLCertificateKeyFile {quoted(certificate[1])}",
    ]
    to_tls = [*names, "RewriteEngine On", 'RewriteRule "^" "https://%{HTTP_HOST}%{REQUEST_URI}" [R=301,L]']
    before = ["<VirtualHost *:80>", *_indented(to_tls), "</VirtualHost>"]
    return Written(_joined(writer.inside()), [*names, *tls, "Protocols h2 http/1.1"], before, 443)


def _names(site: Site) -> Iterator[str]:
    hosts = [("*" + host if host.startswith(".") else host) for host in site.hosts]
    plain = [host for host in hosts if "*" not in host] or [host[2:] for host in hosts if host.startswith("*.")]
    if plain:
        yield f"ServerName {plain[0]}"
    others = [
        *(host for host in hosts if host not in plain[:1]),
        *(host[2:] for host in hosts if host.startswith("*.")),
    ]
    others = [host for host in dict.fromkeys(others) if host not in plain[:1]]
    if others:
        yield f"ServerAlias {' '.join(others)}"


def _of_tls() -> list[str]:
    return [
        "# HTTPS: fill in the two files in a host of port 443, and let this one redirect to it.",
        "# SSLEngine on",
        "# SSLCertificateFile /etc/letsencrypt/live/NAME/fullchain.pem",
        "# SSLCertificateKeyFile /etc/letsencrypt/live/NAME/privkey.pem",
        "# Protocols h2 http/1.1",
    ]


class _Writer:
    """The lines for one site; every variable of it begins with the site's name."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._codings = [coding for coding in _SMALLEST_FIRST if coding in site.codings]

    def _var(self, name: str) -> str:
        return f"{self._site.name}_{name}"

    def inside(self) -> Iterator[list[str]]:
        site = self._site
        yield [f"# {site.upload_reason}", f"LimitRequestBody {site.upload}"]
        yield ["TraceEnable Off", "RewriteEngine On"]
        if site.upload:
            yield _refused(site)
        if site.static or site.media:
            yield ["# Media types: the table of the system lacks some.", *self._types()]
        if site.static:
            yield from self._static(site.static)
        for files in site.root_files:
            yield self._root_files(files)
        if site.media:
            yield from self._media(site.media)
        if site.private:
            yield remark(site.private, SENDFILE) or _sent(site.private)
        yield self._application()

    # --- static files

    def _static(self, place: Place) -> Iterator[list[str]]:
        yield ["# Static files: what is hidden, methods that a file has, and variants.", *self._rules(place)]
        root = path(place.root)
        yield [f"Alias {quoted(place.prefix)} {quoted(root + '/')}", *_kept(place, self._site.asks)]
        yield self._directory(place)
        yield self._headers(place)
        names = quoted(f"^{unchanging(self._site, place)}$")
        yield [
            "# Names with a hash never change; errors are not kept.",
            f"<LocationMatch {names}>",
            f"    Header set Cache-Control {quoted(FOREVER)} {GOOD}",
            "</LocationMatch>",
        ]

    def _rules(self, place: Place) -> Iterator[str]:
        prefix, root = literal(place.prefix), path(place.root)
        yield f"RewriteRule {quoted(f'^{prefix}(?:.*/)?[.]')} - [R=404,L]"
        yield f"RewriteRule {quoted(f'^{prefix}staticfiles[.]json$')} - [R=404,L]"
        suffixes = "|".join(SUFFIXES[coding][1:] for coding in self._codings)
        if suffixes:
            yield f"RewriteRule {quoted(f'^{prefix}.*[.][0-9a-f]{{12}}[.][^./]+[.](?:{suffixes})$')} - [R=404,L]"
        yield 'RewriteCond "%{REQUEST_METHOD}" =OPTIONS'
        yield f"RewriteRule {quoted('^' + prefix)} - [R=204,L]"
        below = unchanging(self._site, place).removeprefix(prefix)
        for coding in self._codings:
            yield from self._accepted(coding)
            yield f'RewriteCond "%{{ENV:{self._var(coding)}}}" =1'
            yield 'RewriteCond "%{HTTP:Range}" =""'
            yield f"RewriteCond {quoted(f'{root}/$1{SUFFIXES[coding]}')} -f"
            told = f"[L,E={self._var('coding')}:{coding}]"
            yield f"RewriteRule {quoted(f'^{prefix}({below})$')} {quoted(f'{root}/$1{SUFFIXES[coding]}')} {told}"

    def _accepted(self, coding: str) -> Iterator[str]:
        """By name, or by * beside a name; a weight of 0 refuses (RFC 9110). The last that fits decides."""
        for pattern, good in reversed(list(rows(coding))):
            sign = "" if good else "!"
            value = "=1" if good else ""
            yield f"SetEnvIfNoCase Accept-Encoding {quoted(pattern)} {sign}{self._var(coding)}{value}"

    def _types(self) -> list[str]:
        given = {key.lower(): value for key, value in self._site.types.items() if key.startswith(".")}
        types: dict[str, list[str]] = {}
        for extension, type_ in sorted({**BY_EXTENSION, **given}.items()):
            types.setdefault(with_charset(type_, self._site.charset), []).append(extension)
        return [f"AddType {quoted(type_)} {' '.join(names)}" for type_, names in sorted(types.items())]

    def _directory(self, place: Place) -> list[str]:
        site = self._site
        inside = _granted(follows=site.follows_links)
        if self._codings:
            names = " ".join(SUFFIXES[coding] for coding in self._codings)
            chosen = f"-n reqenv('{self._var('coding')}')"
            inside += [
                f"<If {quoted(chosen)}>",
                f"    RemoveType {names}",
                f"    RemoveLanguage {names}",
                *(f"    AddEncoding {coding} {SUFFIXES[coding]}" for coding in self._codings),
                "</If>",
            ]
        return [f"<Directory {quoted(path(place.root))}>", *_indented(inside), "</Directory>"]

    def _headers(self, place: Place) -> list[str]:
        site = self._site
        cors = ['Header always set Access-Control-Allow-Origin "*"'] if site.any_origin else []
        preflight = [
            f"Header always set Access-Control-Allow-Methods {quoted(ALLOW)}",
            'Header always set Access-Control-Allow-Headers "*"',
            "Header always set Access-Control-Max-Age 86400",
        ]
        is_options = quoted("expr=%{REQUEST_METHOD} == 'OPTIONS'")
        short = (
            [f'Header set Cache-Control "max-age={site.max_age}, public" {GOOD}'] if site.max_age is not None else []
        )
        inside = [
            *([] if site.asks else ["AllowMethods GET HEAD OPTIONS"]),
            "SetEnv no-gzip 1",
            "SetEnv no-brotli 1",
            f"Header set Content-Type {DEFAULT} {quoted('expr=-z %{CONTENT_TYPE}')}",
            *short,
            f"Header always set Cache-Control no-store {FAILED}",
            *(["Header merge Vary Accept-Encoding"] if self._codings else []),
            *self._shared(),
            *cors,
            *((f"{line} {is_options}" for line in preflight) if cors else ()),
            f"Header always set Allow {quoted(ALLOW)} {_REFUSED}",
        ]
        return [f"<Location {quoted(place.prefix)}>", *_indented(inside), "</Location>"]

    def _shared(self) -> list[str]:
        hsts = self._site.hsts
        told = quoted("expr=%{HTTPS} == 'on'")
        return [
            "Header always set X-Content-Type-Options nosniff",
            *([f"Header always set Strict-Transport-Security {quoted(hsts)} {told}"] if hsts else []),
        ]

    # --- other files

    def _root_files(self, files: RootFiles) -> list[str]:
        names = [*(f"{literal(name)}$" for name in files.files), *(f"{literal(name)}/." for name in files.directories)]
        pattern, root = f"^/(?!.+/[.])((?:{'|'.join(names)}).*)", path(files.root)
        return [
            "# Files at the site's root.",
            f'ProxyPassMatch {quoted(pattern)} "!"',
            f"AliasMatch {quoted(pattern)} {quoted(root + '/$1')}",
            f"<Directory {quoted(root)}>",
            *_indented(_granted(follows=self._site.follows_links)),
            "</Directory>",
            f"<LocationMatch {quoted(pattern)}>",
            *_indented(self._shared()),
            f"    Header always set Cache-Control no-store {FAILED}",
            "</LocationMatch>",
        ]

    def _media(self, place: Place) -> Iterator[list[str]]:
        prefix, root = literal(place.prefix), path(place.root)
        yield [
            "# Users' files: what they may do to a browser.",
            f"RewriteRule {quoted(f'^{prefix}(?:.*/)?[.]')} - [R=404,L]",
            f"Alias {quoted(place.prefix)} {quoted(root + '/')}",
            f'ProxyPass {quoted(place.prefix)} "!"',
            f"<Directory {quoted(root)}>",
            *_indented([*_granted(follows=self._site.follows_links), *self._by_last_extension()]),
            "</Directory>",
        ]
        kinds = "|".join(each.rstrip("/") for each in SHOWN)
        shown = f"expr=%{{CONTENT_TYPE}} =~ m#^(?:{kinds})/#i && %{{CONTENT_TYPE}} !~ m#{literal(DOCUMENT)}#i"
        inside = [
            *(f"Header always set {name} {quoted(value)}" for name, value in self._site.policy.shared.items()),
            "Header set Content-Disposition attachment",
            f"Header set Content-Disposition inline {quoted(shown)}",
            *(f"Header set Content-Disposition inline {quoted(each)}" for each in self._named_types()),
        ]
        yield [f"<Location {quoted(place.prefix)}>", *_indented(inside), "</Location>"]

    def _by_last_extension(self) -> list[str]:
        """mod_mime goes by every extension: an unknown one would leave the type to the one before it."""
        known = {**BY_EXTENSION, **{key.lower(): "" for key in self._site.types if key.startswith(".")}}
        extensions = "|".join(literal(each[1:]) for each in sorted(known))
        return [
            f"<FilesMatch {quoted(f'(?i)^(?!.*[.](?:{extensions})$)')}>",
            f"    ForceType {DEFAULT}",
            "</FilesMatch>",
            f"RemoveEncoding {' '.join(_CODED)}",
        ]

    def _named_types(self) -> Iterator[str]:
        """Types that the project shows beside the others."""
        named = "|".join(map(literal, self._site.policy.inline))
        if named:
            yield rf"expr=%{{CONTENT_TYPE}} =~ m#^(?:{named})\s*(?:;|$)#i"

    # --- the application

    def _application(self) -> list[str]:
        site = self._site
        address = site.upstream
        if address.startswith("unix:"):
            target = f"unix:{path(address.removeprefix('unix:'))}|http://localhost/"
        else:
            target = f"http://{address}/"
        words = ["nocanon", *(["upgrade=websocket"] if site.websockets else [])]
        told = {"X-Forwarded-Proto": "https", site.scheme_field: site.scheme_value}
        return [
            "# Everything else is the application's.",
            "ProxyRequests Off",
            "ProxyPreserveHost On",
            "AllowEncodedSlashes NoDecode",
            *(f"RequestHeader unset {name} early" for name in OF_SERVERS),
            *(line for field, value in told.items() for line in of_scheme(field, value)),
            f'ProxyPass "/" {quoted(target)} {" ".join(words)}',
        ]


def _refused(site: Site) -> list[str]:
    """LimitRequestBody is for what httpd reads by itself, not for what it hands on."""
    return [
        "# What is handed on is limited by the length that it says.",
        f'RewriteCond expr "%{{HTTP:Content-Length}} -gt {site.upload}" [NV]',
        'RewriteRule "^" "-" [R=413,L]',
        f"ErrorDocument 413 {quoted(page(site))}",
    ]


def _sent(private: Private) -> list[str]:
    return [
        "# Private files: the application decides, and names them with X-Sendfile.",
        "XSendFile On",
        f"XSendFilePath {quoted(path(private.root))}",
        "<IfDirective XSendFileUnescape>",
        "    XSendFileUnescape Off",
        "</IfDirective>",
    ]


def unchanging(site: Site, place: Place) -> str:
    """A regular expression for the paths of the URL whose files never change."""
    folders = [f"{literal(folder)}/[^/]+" for folder in site.unchanging]
    return f"{literal(place.prefix)}(?:{'|'.join([HASHED, *folders])})"


def _granted(*, follows: bool) -> list[str]:
    """A directory of files alone: no lists, no index, no programs, no .htaccess."""
    return [
        "Require all granted",
        "AllowOverride None",
        f"Options {'FollowSymLinks' if follows else 'None'}",
        "SetHandler default-handler",
        "DirectoryIndex disabled",
        "DirectorySlash Off",
    ]


def _kept(place: Place, asks: bool) -> list[str]:
    """What keeps files from the proxy: all below the prefix, or those that are there."""
    if not asks:
        return [f'ProxyPass {quoted(place.prefix)} "!"']
    root = path(place.root)
    return [
        f"RewriteCond {quoted(root + '/$1')} -f",
        f"RewriteRule {quoted(f'^{literal(place.prefix)}(.*)$')} {quoted(root + '/$1')} [L]",
    ]


def _joined(blocks: Iterable[list[str]]) -> list[str]:
    """Blocks with an empty line between two."""
    lines: list[str] = []
    for block in blocks:
        lines += [*([""] if lines else []), *block]
    return lines


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"    {line}" if line else "" for line in lines]
