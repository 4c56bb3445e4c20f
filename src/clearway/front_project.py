"""What Django's settings say to a front: one `Site`."""

import re
from collections.abc import Iterator
from pathlib import Path
from posixpath import dirname
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages

from . import __version__
from .catalog.errors import RecordError, UnknownReleaseError
from .catalog.names import WELL_KNOWN
from .front_uploads import upload
from .fronts.path_map import PathMap
from .fronts.site import Place, Private, RootFiles, Site
from .in_process import serves_files
from .project import Project
from .stores.directory import Directory, Modes
from .stores.records import Records

_FIELD = re.compile(r"HTTP_([A-Z0-9_]+)")


def site_of(project: Project, paths: PathMap, upstream: str) -> Site:
    """The site, with the paths that the front sees. Raises what a record that cannot be read raises."""
    conf = project.conf
    limit = upload(conf.media.limits)
    return Site(
        name=_name(),
        origin=f"{_module() or 'settings without a module'}, by Clearway {__version__}",
        hosts=tuple(filter(None, settings.ALLOWED_HOSTS)),  # Django passes None by
        static=_static(project, paths),
        media=_media(project, paths),
        root_files=tuple(_root_files(project, paths)),
        upstream=upstream,
        max_age=conf.max_age,
        any_origin=conf.inherited.any_origin,
        types=conf.mimetypes,
        charset=conf.inherited.charset,
        codings=conf.encodings,
        unchanging=_unchanging(project),
        follows_links=conf.inherited.outward_links,
        asks=conf.misses == "pass" or not conf.unhashed or project.static_prefix == "/",
        upload=limit.octets,
        upload_reason=limit.reason,
        file=limit.file,
        private=_private(project, paths),
        serves=serves_files(),
        serves_media=serves_files() and conf.media.serve,
        policy=conf.media.policy,
        scheme_field=_scheme_field(),
        scheme_value=_scheme_value(),
        reads_scheme=bool(settings.SECURE_PROXY_SSL_HEADER),
        forwards_host=settings.USE_X_FORWARDED_HOST,
        hsts=_hsts(),
        websockets=bool(getattr(settings, "ASGI_APPLICATION", None)),
    )


def _module() -> str:
    """Empty for settings that were configured by hand."""
    return getattr(settings, "SETTINGS_MODULE", None) or ""


def _name() -> str:
    """What the project is called, as a word that a variable of a front may begin with."""
    name = re.sub(r"[^a-z0-9]+", "_", _module().partition(".")[0].lower()).strip("_")
    return name if name[:1].isalpha() else "site"


def _static(project: Project, paths: PathMap) -> Place | None:
    if not project.static_root or not isinstance(_storage("staticfiles"), FileSystemStorage):
        return None
    return Place(_whole(project, project.static_prefix), paths.there(project.static_root))


def _media(project: Project, paths: PathMap) -> Place | None:
    if not (project.media_root and project.media_prefix and isinstance(_storage("default"), FileSystemStorage)):
        return None
    return Place(_whole(project, project.media_prefix), paths.there(project.media_root))


def _private(project: Project, paths: PathMap) -> Private | None:
    told = project.conf.media.private
    if told.root is None:
        return None
    root = str(told.root)
    return Private(root, paths.there(root), told.road, told.internal)


def _whole(project: Project, prefix: str) -> str:
    return project.script[:-1] + prefix


def _storage(alias: str) -> Any:
    try:
        return storages[alias]
    except Exception:  # a storage is a program: anything can happen while it is made
        return None


def _root_files(project: Project, paths: PathMap) -> Iterator[RootFiles]:
    """What lies at the top of `CLEARWAY["root"]` now; the first directory that has a name answers it."""
    taken: set[str] = set()
    for root in project.conf.root:
        entries = sorted(root.iterdir()) if root.is_dir() else []
        known = [each for each in entries if each.name not in taken and _is_public(each.name)]
        taken |= {each.name for each in known}
        files = tuple(each.name for each in known if each.is_file())
        directories = tuple(each.name for each in known if each.is_dir())
        if files or directories:
            yield RootFiles(paths.there(str(root)), files, directories)


def _is_public(name: str) -> bool:
    return not name.startswith(".") or name == WELL_KNOWN


def _unchanging(project: Project) -> tuple[str, ...]:
    """Directories of the current release in which a bundler named every file."""
    records = Records(Directory(Path(project.records), Modes(0o644, 0o755)))
    try:
        release = records.release(records.current() or "")
    except (RecordError, UnknownReleaseError):
        return ()
    named = {dirname(asset.name) for asset in release.assets.values() if asset.immutable}
    others = {dirname(asset.name) for asset in release.assets.values() if not asset.immutable}
    return tuple(sorted(named - others - {""}))


def _scheme_field() -> str:
    """The header field of SECURE_PROXY_SSL_HEADER; without it the one that gunicorn and uvicorn read."""
    header = settings.SECURE_PROXY_SSL_HEADER
    found = _FIELD.fullmatch(header[0]) if header else None
    return found[1].replace("_", "-").title() if found else "X-Forwarded-Proto"


def _scheme_value() -> str:
    """By which Django knows HTTPS in that field."""
    header = settings.SECURE_PROXY_SSL_HEADER
    return str(header[1]) if header else "https"


def _hsts() -> str:
    if not settings.SECURE_HSTS_SECONDS:
        return ""
    more = [
        *(["includeSubDomains"] if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS else []),
        *(["preload"] if settings.SECURE_HSTS_PRELOAD else []),
    ]
    return "; ".join([f"max-age={settings.SECURE_HSTS_SECONDS}", *more])
