"""What running the settings gives, for `clearway init`: values, and the project's own modules among those imported."""

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import global_settings, settings
from django.utils.module_loading import import_string

from .init.lists import PEERS, is_peer
from .init.values import BUCKET, CLEARWAY, KNOWN, OWN, Values
from .peer_settings import READ, in_use
from .storage import ReleaseStorage

_KNOWN = ("whitenoise.storage.", "servestatic.storage.", "django.contrib.staticfiles.storage.")
_BUCKETS = frozenset({"storages", "cloudinary_storage", "django_minio_backend", "django_s3_storage", "minio_storage"})
_COMMANDS = ("runserver.py", "collectstatic.py")
_FOLDERS = ("static_root", "staticfiles", "collected_static")


def values() -> Values:
    """Of the settings that are in use. Importing them may raise anything."""
    backend = settings.STORAGES.get("staticfiles", {}).get("BACKEND")
    base = getattr(settings, "BASE_DIR", None)
    return Values(
        tuple(settings.INSTALLED_APPS),
        tuple(settings.MIDDLEWARE),
        backend,
        _kind(backend),
        str(settings.STATIC_ROOT or ""),
        settings.STATIC_URL,
        are_default=settings.STORAGES == global_settings.STORAGES,
        commanding=frozenset(_commanding()),
        folder=_folder(Path(base)) if isinstance(base, str | Path) else _FOLDERS[0],
        base="path" if isinstance(base, Path) else "text" if isinstance(base, str) else "",
        urls=getattr(settings, "ROOT_URLCONF", ""),
        built_on_peers=frozenset(name for name in settings.MIDDLEWARE if _is_built_on_peers(name)),
    )


def own_modules(folder: Path) -> dict[str, Path]:
    """The file of every imported module that lies in a directory and is nobody else's package."""
    found = {}
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        path = Path(file).resolve() if isinstance(file, str) else None
        if path is not None and path.suffix == ".py" and path.is_relative_to(folder) and "-packages" not in str(path):
            found[name] = path
    return found


def notes(others: Iterable[str]) -> Iterator[str]:
    """What stays: settings of peers, which are read, and other settings modules that name a peer."""
    if kept := [each.name for each in in_use() if each.state == READ]:
        yield f"{', '.join(kept)}: read as before; `manage.py check --deploy` says what Clearway calls them"
    for module in others:
        if re.search(rf"{PEERS}|django\.contrib\.staticfiles\.storage", _text(module)):
            yield f"{module} names what is replaced: run `clearway init --settings {module}` too"


def _text(module: str) -> str:
    folder = Path(sys.modules[settings.SETTINGS_MODULE].__file__ or "").parent
    rows = (folder / f"{module.rpartition('.')[2]}.py").read_text("utf-8", "replace").splitlines()
    return "\n".join(row.partition("#")[0] for row in rows)


def _kind(backend: Any) -> str:
    if not isinstance(backend, str):
        return KNOWN if backend is None else OWN
    if backend.startswith(_KNOWN):
        return KNOWN
    try:
        ancestors = _ancestors(backend)
    except Exception:  # a storage that is not installed is known by its name
        ancestors = ()
    if ReleaseStorage in ancestors:
        return CLEARWAY
    packages = {backend.partition(".")[0], *(each.__module__.partition(".")[0] for each in ancestors)}
    return BUCKET if packages & _BUCKETS else OWN


def _is_built_on_peers(name: str) -> bool:
    try:
        return not is_peer(name) and any(is_peer(each.__module__) for each in _ancestors(name))
    except Exception:  # the doctor says what is wrong with it
        return False


def _ancestors(name: str) -> tuple[type, ...]:
    found = import_string(name)
    return found.__mro__ if isinstance(found, type) else ()


def _commanding() -> Iterator[str]:
    """Entries of INSTALLED_APPS that have a command which Clearway stands above."""
    if not apps.ready:
        return
    for entry, config in zip(settings.INSTALLED_APPS, apps.get_app_configs(), strict=True):
        commands = Path(config.path) / "management" / "commands"
        if config.name != "clearway" and any((commands / name).is_file() for name in _COMMANDS):
            yield entry


def _folder(base: Path) -> str:
    """A name below it where nothing is yet, and that no setting means."""
    sources = [row[1] if isinstance(row, list | tuple) else row for row in settings.STATICFILES_DIRS]
    meant = [Path(each).absolute() for each in (*sources, settings.MEDIA_ROOT) if each]
    for name in _FOLDERS:
        there = (base / name).absolute()
        if not any(each == there or there in each.parents for each in meant) and not _has_files(there):
            return name
    return _FOLDERS[-1]


def _has_files(folder: Path) -> bool:
    return folder.is_dir() and any(folder.iterdir())
