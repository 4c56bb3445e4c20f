"""`clearway front cloudfront|cloudflare|fastly|bunny`: a configuration for a network, written from the settings."""

import os
import re
import sys
from argparse import Namespace
from collections.abc import Iterable, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings

from . import __version__
from .catalog.release import Release
from .fronts.cdn.cdn import Cdn, Origin, Printed
from .fronts.edge.edge import Origin as Address
from .fronts.errors import FrontError, UnwritableError
from .fronts.quoting import as_sent
from .project import Project
from .publish_setting import Publish
from .releases.changed import url_of
from .results import Result
from .s3_address import s3_address
from .stores.directory import Directory, Modes
from .stores.records import Records

_HOSTS = {"gs": "https://storage.googleapis.com", "az": "https://{account}.blob.core.windows.net"}
_LOCAL = frozenset({"localhost", "127.0.0.1", "[::1]"})
_SMALLEST = 1_024  # octets: what is larger is encoded in every release to come


def front(options: Namespace) -> Result:
    """Print what is to be pasted, and on stderr what to know of it. Raises `FrontError`."""
    cdn = cdn_of(Project.from_settings(), options.upstream or "", options.origin or "")
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


def cdn_of(project: Project, application: str, bucket: str = "") -> Cdn:
    """What the settings say to a network; the addresses of the application and of the bucket go before them.

    Raises `FrontError`.
    """
    told, where = project.conf.publish, urlsplit(settings.STATIC_URL)
    site = _site(application, where.hostname or "")
    host = where.hostname or urlsplit(site).hostname
    if not host:
        raise FrontError("which host? point STATIC_URL at the CDN, or name the site: --upstream https://shop.example")
    prefix = as_sent(unquote(where.path) if where.netloc else project.script[:-1] + project.static_prefix)
    origin, stripped = _below(_origin(told, site, bucket), prefix)
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
    known = [host for host in settings.ALLOWED_HOSTS if host and host[0] not in ".*"]
    hosts = [host for host in known if host not in _LOCAL | {network}]
    return f"https://{hosts[0]}" if hosts else ""


def _origin(told: Publish, site: str, given: str) -> Origin:
    """What is asked for files: the address that was given, else the bucket that is published to, else the site."""
    scheme, separator, rest = told.target.partition("://")
    if given:
        return _given(given)
    if not separator:
        if not site:
            raise FrontError("which application is behind it? --upstream https://www.shop.example")
        _read(site)
        return Origin(site)
    bucket, _, below = rest.strip("/").partition("/")
    s3 = s3_address(told.options)
    of_s3 = s3.of(bucket) or f"https://{bucket}.s3.amazonaws.com"
    url = of_s3 if scheme == "s3" else _url(scheme, bucket, told)
    _read(url)
    return Origin(
        url=url,
        bucket=bucket,
        below=f"{below}/" if below else "",
        is_amazon=scheme == "s3" and not s3.endpoint,
        region=s3.region,
    )


def _given(url: str) -> Origin:
    read = _read(url)
    return Origin(f"{read.scheme}://{read.field}", bucket=read.host, below=unquote(read.path).lstrip("/"))


def _read(url: str) -> Address:
    try:
        return Address.parse(url)
    except UnwritableError as error:
        raise FrontError(str(error)) from None


def _url(scheme: str, bucket: str, told: Publish) -> str:
    """Below which all objects of a bucket of another kind are."""
    account = told.options.get("account_name") or os.environ.get("AZURE_STORAGE_ACCOUNT_NAME", "ACCOUNT")
    return f"{_HOSTS[scheme].format(account=account)}/{bucket}"


def _below(origin: Origin, prefix: str) -> tuple[Origin, str]:
    """With the path to its files in the address, and what of the prefix is not in front of their names there."""
    if not origin.bucket:
        return origin, ""
    below, inside = as_sent(origin.below.rstrip("/")), prefix.strip("/")
    stripped = "" if f"/{below}".endswith(f"/{inside}" if inside else "") else prefix
    kept = below if stripped or not inside else below[: len(below) - len(inside)].rstrip("/")
    return replace(origin, url=f"{origin.url}/{kept}".rstrip("/")), stripped


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
