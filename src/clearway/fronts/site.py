"""What a front has to know of a project in order to be written, or checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from clearway.policy.media import MediaPolicy

# gunicorn believes these fields of the front beside it: where an application is, and what was asked for.
OF_SERVERS = ("SCRIPT_NAME", "PATH_INFO")


@dataclass(frozen=True)
class Place:
    """A directory and the URL path that its files are below, which ends with a slash."""

    prefix: str
    root: str


@dataclass(frozen=True)
class Private:
    """Files that are sent where the application says so.

    root      their directory, as the application names it
    there     that directory as the front sees it
    road      on which the application sends them: `x-accel`, `x-sendfile`; any other needs no front
    internal  the path of nginx's own location for them, which begins and ends with a slash
    """

    root: str
    there: str
    road: str
    internal: str


@dataclass(frozen=True)
class RootFiles:
    """Names at the top of a directory that are answered at the site's root: of files, and of directories."""

    root: str
    files: tuple[str, ...] = ()
    directories: tuple[str, ...] = ()


@dataclass(frozen=True)
class Site:
    """A project as a front sees it.

    name          what the variables of its configuration begin with
    origin        in words, where all of this comes from
    hosts         as in ALLOWED_HOSTS
    max_age       seconds for names that may change; None for no Cache-Control
    any_origin    whether static files may be read by other origins
    types         media types by extension (".x"), before the table of Clearway
    codings       the content codings that are built
    unchanging    directories below `static` in which every name is one of a bundler, made from the content
    follows_links whether symbolic links in its directories are followed
    asks          whether the application is asked for a static file that is not there
    upload        octets of the largest request, 0 for no limit; `upload_reason` says why
    file          octets of the largest file that a user may send, 0 for no limit
    private       users' files for some of them alone
    serves        whether the application answers static files itself
    serves_media  whether it answers users' files
    policy        what users' files may do to a browser
    scheme_field  the header field that tells of HTTPS; `reads_scheme` is whether Django trusts it
    scheme_value  what it says of HTTPS, such as `on` in X-Forwarded-Ssl
    forwards_host whether Django reads X-Forwarded-Host
    hsts          the value of Strict-Transport-Security, empty for none
    websockets    whether the application may speak them
    """

    name: str = "site"
    origin: str = ""
    hosts: tuple[str, ...] = ()
    static: Place | None = None
    media: Place | None = None
    root_files: tuple[RootFiles, ...] = ()
    upstream: str = "127.0.0.1:8000"
    max_age: int | None = 60
    any_origin: bool = True
    types: Mapping[str, str] = field(default_factory=dict)
    charset: str = "utf-8"
    codings: tuple[str, ...] = ("gzip", "br", "zstd")
    unchanging: tuple[str, ...] = ()
    follows_links: bool = False
    asks: bool = False
    upload: int = 0
    upload_reason: str = ""
    file: int = 0
    private: Private | None = None
    serves: bool = False
    serves_media: bool = False
    policy: MediaPolicy = field(default_factory=MediaPolicy)
    scheme_field: str = "X-Forwarded-Proto"
    scheme_value: str = "https"
    reads_scheme: bool = False
    forwards_host: bool = False
    hsts: str = ""
    websockets: bool = False
