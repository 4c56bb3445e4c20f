"""`clearway front cloudfront|cloudflare|fastly|bunny`: a configuration for a network, written from the settings."""

import os
import re
import sys
from argparse import Namespace
from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from . import __version__
from .catalog.release import Release
from .fronts.cdn.cdn import Cdn, Origin, Printed
from .fronts.errors import FrontError
from .project import Project
from .releases.changed import url_of
from .results import Result
from .stores.directory import Directory, Modes
from .stores.records import Records

_HOSTS = {"gs": "https://storage.googleapis.com", "az": "https://{account}.blob.core.windows.net"}
_SMALLEST = 1_024  # octets: what is larger is encoded in every release to come


def front(options: Namespace) -> Result:
    """Print what is to be pasted, and on stderr what to know of it. Raises `FrontError`."""
    cdn = cdn_of(Project.from_settings(), options.upstream or "")
    printed: Printed = import_module(f".fronts.cdn.{options.server}", __package__).write(cdn)
    parts = printed.parts
    if options.part and options.part not in parts:
        raise FrontError(f"{options.server} has no part {options.part!r}, only {', '.join(parts)}")
    wanted = {options.part: parts[options.part]} if options.part else parts
    text = list(wanted.values()) if len(wanted) == 1 else _together(wanted)
    if options.format == "text":
        print("".join(f"clearway: {note}\n" for note in printed.notes), end="", file=sys.stderr)
    found = {"front": options.server, "configuration": "\n".join(text), "parts": dict(parts), "notes": [*printed.notes]}
    return Result(found, lambda paint: [each.rstrip("\n") for each in text])


def _together(parts: Any) -> list[str]:
    return [f"# ---- {name} (alone: --part {name})\n\n{text.strip()}\n" for name, text in parts.items()]


def cdn_of(project: Project, application: str) -> Cdn:
    """What the settings say to a network; `application` is the address of the site. Raises `FrontError`."""
    told, where = project.conf.publish, urlsplit(settings.STATIC_URL)
    site = _site(application, where.netloc)
    host = where.netloc or urlsplit(site).netloc
    if not host:
        raise FrontError("which host? point STATIC_URL at the CDN, or name the site: --upstream https://shop.example")
    prefix = where.path if where.netloc else project.script[:-1] + project.static_prefix
    origin, stripped = _origin(told.target, told.options, prefix, site)
    codings = project.conf.encodings if origin.bucket and not told.coding else ()
    return Cdn(
        name=re.sub(r"[^a-z0-9]+", "-", host.lower()).strip("-"),
        origin_of=f"{host}, by Clearway {__version__}",
        host=host,
        prefix=prefix or "/",
        has_site=not where.netloc,
        site=site,
        origin=origin,
        stripped=stripped,
        codings=codings,
        coding=told.coding if origin.bucket else "",
        names=_names(_records(project).retained(), codings),
    )


def _site(given: str, network: str) -> str:
    """The address of the application; empty where nobody knows it."""
    if given:
        if not re.match(r"https?://[^/]+\Z", given):
            raise FrontError(f"--upstream {given}: a network asks for an address such as https://www.shop.example")
        return given
    hosts = [host for host in settings.ALLOWED_HOSTS if host and host[0] not in ".*" and host != network]
    return f"https://{hosts[0]}" if hosts else ""


def _origin(target: str, options: Any, prefix: str, site: str) -> tuple[Origin, str]:
    """Where the files are, and what of the prefix is not in front of their names there."""
    scheme, separator, rest = target.partition("://")
    if not separator:
        if not site:
            raise FrontError("which application is behind it? --upstream https://www.shop.example")
        return Origin(site), ""
    bucket, _, below = rest.strip("/").partition("/")
    url, region = _bucket_url(scheme, bucket, options)
    inside = prefix.strip("/")
    stripped = "" if f"/{below}".endswith(f"/{inside}" if inside else "") else prefix
    kept = below if stripped or not inside else below[: len(below) - len(inside)].rstrip("/")
    origin = Origin(
        url=f"{url}/{kept}".rstrip("/"),
        bucket=bucket,
        below=f"{below}/" if below else "",
        is_amazon=scheme == "s3" and not _endpoint(options),
        region=region,
    )
    return origin, stripped


def _bucket_url(scheme: str, bucket: str, options: Any) -> tuple[str, str]:
    region = options.get("region") or options.get("aws_region") or os.environ.get("AWS_REGION", "")
    if scheme == "s3" and not _endpoint(options):
        return f"https://{bucket}.s3.{f'{region}.' if region else ''}amazonaws.com", region
    if scheme == "s3":
        return f"{_endpoint(options).rstrip('/')}/{bucket}", region
    account = options.get("account_name") or os.environ.get("AZURE_STORAGE_ACCOUNT_NAME", "ACCOUNT")
    return f"{_HOSTS[scheme].format(account=account)}/{bucket}", ""


def _endpoint(options: Any) -> str:
    named = options.get("endpoint") or options.get("aws_endpoint") or options.get("endpoint_url")
    return str(named or os.environ.get("AWS_ENDPOINT_URL", ""))


def _records(project: Project) -> Records:
    return Records(Directory(Path(project.records), Modes(0o644, 0o755)))


def _names(releases: Iterable[Release], codings: Sequence[str]) -> list[str]:
    """Texts that every retained release has in all codings, the largest of the current one first, as URLs have them."""
    found: dict[str, int] = {}
    lacking: set[str] = set()
    for release in releases:
        for name, asset in release.assets.items():
            if asset.immutable or asset.size < _SMALLEST or not set(codings) <= asset.variants.keys():
                lacking.add(name)
            else:
                found.setdefault(name, asset.size)
    usual = [name for name in found if codings and name not in lacking]
    return [url_of("", name) for name in sorted(usual, key=lambda name: (-found[name], name))]
