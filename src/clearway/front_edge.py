"""`clearway front varnish` and `nginx-edge`: a cache of one's own in front of the bucket, or of the application."""

from argparse import Namespace
from urllib.parse import unquote, urlsplit

from django.conf import settings

from .fronts.edge import nginx, varnish
from .fronts.edge.edge import Edge, Origin
from .fronts.errors import UnwritableError
from .fronts.nginx.installed import installed
from .fronts.nginx.writing import listening, redirecting
from .fronts.quoting import as_sent
from .fronts.site import Site
from .http.media_types import BY_EXTENSION, is_compressible
from .http.negotiation import SUFFIXES
from .project import Project
from .publish_setting import Publish
from .results import Result
from .s3_address import s3_address

_DELTAS = "# Deltas (dcz) are off: a client's dictionary is no part of the key."
_NOT_HERE = "# Belongs into http { }: a file of its own in /etc/nginx/conf.d/ or /etc/nginx/sites-enabled/."


def written(site: Site, project: Project, certificate: tuple[str, str] | None, options: Namespace) -> Result:
    """The configuration that the options ask for. Raises `UnwritableError`."""
    for name in ("snippet", "docker", "check"):
        if getattr(options, name):
            raise UnwritableError(f"--{name} is for the server in front of the application, not for {options.server}")
    edge = edge_of(site, project, options)
    lines = _varnish(edge, certificate) if options.server == "varnish" else _nginx(edge, site, certificate, options)
    origin = f"{edge.origin.scheme}://{edge.origin.field}{edge.origin.path}"
    data = {"origin": origin, "prefix": edge.prefix, "configuration": "\n".join(lines)}
    return Result(data, lambda paint: lines)


def _varnish(edge: Edge, certificate: tuple[str, str] | None) -> list[str]:
    if certificate:
        raise UnwritableError("Varnish speaks no TLS: let nginx, Caddy or hitch have the certificate")
    return [f"# Varnish for {edge.made_for}, in front of {edge.origin.field}.", _DELTAS, "", *varnish.write(edge)]


def _nginx(edge: Edge, site: Site, certificate: tuple[str, str] | None, options: Namespace) -> list[str]:
    version = options.nginx_version or installed()
    hosts = Site(hosts=(edge.host,) if edge.host else site.hosts)
    before = [*redirecting(hosts), ""] if certificate else []
    head = (
        f"# nginx {version.text} as a cache for {edge.made_for}, in front of {edge.origin.field}. No module is needed."
    )
    lines = nginx.write(edge, version, list(listening(hosts, version, certificate)))
    return [head, _NOT_HERE, _DELTAS, "", *before, *lines]


def edge_of(site: Site, project: Project, options: Namespace) -> Edge:
    """What the settings and the options say. Raises `UnwritableError`."""
    told = settings.STATIC_URL or ""
    url, publish = urlsplit(told), project.conf.publish
    prefix = f"/{unquote(url.path).strip('/')}/".replace("//", "/") if url.netloc else _whole(project)
    from_bucket = bool(options.origin) or "://" in publish.target
    told_scheme = "http" if url.scheme == "http" else site.scheme_value
    return Edge(
        name=site.name,
        made_for=site.origin,
        host=url.hostname or "",
        prefix=prefix,
        origin=_origin(publish, project, options),
        negotiates=not from_bucket,
        codings=tuple(each for each in SUFFIXES if each in site.codings),
        coding=publish.coding if from_bucket else "",
        any_origin=site.any_origin,
        texts=tuple(each for each, type_ in {**BY_EXTENSION, **site.types}.items() if is_compressible(type_)),
        unchanging=site.unchanging,
        sent=() if from_bucket else ((site.scheme_field, told_scheme),),
        purgers=("127.0.0.1", "::1", *options.purge_from),
    )


def _whole(project: Project) -> str:
    return project.script[:-1] + project.static_prefix


def _origin(publish: Publish, project: Project, options: Namespace) -> Origin:
    by = options.upstream or ""
    if options.origin:
        return Origin.parse(options.origin, by)
    if "://" in publish.target:
        return Origin.parse(address(publish), by)
    return Origin.parse(f"http://{by or '127.0.0.1:8000'}{as_sent(_whole(project))}")


def address(publish: Publish) -> str:
    """Where a bucket's objects are read by HTTP, below the prefix. Raises `UnwritableError` where that must be told."""
    scheme, _, rest = publish.target.partition("://")
    bucket, _, prefix = rest.partition("/")
    path = as_sent(prefix)
    if scheme == "s3" and (url := s3_address(publish.options).of(bucket)):
        return f"{url}/{path}"
    if scheme == "gs":
        return f"https://storage.googleapis.com/{bucket}/{path}"
    raise UnwritableError(
        f"where is {publish.target} read by HTTP? Give --origin, such as https://cdn-origin.example/live"
    )
