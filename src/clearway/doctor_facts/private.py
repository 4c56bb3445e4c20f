"""Private files by the settings, for the doctor: where they lie, and what is handed to a front for them."""

import os
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from clearway.conf import conf
from clearway.doctor.facts import ACCEL, SENDFILE, HandOff, PrivateRoot
from clearway.fronts import handing
from clearway.media.private_setting import Private
from clearway.settings_lines import line_of

from .storages import made

_ROOTS = ("SENDFILE_ROOT", "PRIVATE_STORAGE_ROOT")  # of django-sendfile2 and django-private-storage


def private_roots() -> tuple[PrivateRoot, ...]:
    """Of Clearway and of other packages, each directory once."""
    found = {each.path: each for each in (*_of_storages(), *_of_others(), *_of_clearway())}
    return tuple(found.values())


def _of_clearway() -> Iterator[PrivateRoot]:
    root = _setting().root
    if root is not None:
        yield PrivateRoot(str(root), line_of("CLEARWAY"), f'CLEARWAY["media"]["private"]["root"] = {str(root)!r}')


def _of_storages() -> Iterator[PrivateRoot]:
    """Storages with a directory of their own."""
    from clearway.media.private import PrivateStorage

    for alias in settings.STORAGES:
        try:
            storage: Any = made(alias)
        except Exception:  # what cannot be made is told by the check of storages
            continue
        if isinstance(storage, PrivateStorage):
            yield PrivateRoot(storage.location, line_of("STORAGES"), f"STORAGES[{alias!r}] keeps private files there")


def _of_others() -> Iterator[PrivateRoot]:
    for name in _ROOTS:
        root = os.fspath(getattr(settings, name, None) or "")
        if root.startswith("/"):
            yield PrivateRoot(os.path.normpath(root), line_of(name), f"{name} = {root!r}")


def handed_by_settings() -> Iterator[HandOff]:
    """What Clearway's road is, and django-sendfile2's backend."""
    private = _setting()
    root = str(private.root or "")
    if root and private.road == handing.ACCEL:
        yield HandOff(private.internal, line_of("CLEARWAY"), root)
    if root and private.road == handing.SENDFILE:
        yield HandOff(root, line_of("CLEARWAY"), root, SENDFILE)
    yield from _of_sendfile()


def _of_sendfile() -> Iterator[HandOff]:
    backend, url = (str(getattr(settings, name, None) or "") for name in ("SENDFILE_BACKEND", "SENDFILE_URL"))
    root = os.fspath(getattr(settings, "SENDFILE_ROOT", None) or "").rstrip("/")
    if backend.endswith(".nginx") and url.startswith("/"):
        yield HandOff(f"/{url.strip('/')}/", line_of("SENDFILE_URL"), root, ACCEL)
    elif backend.endswith(".xsendfile"):
        yield HandOff(root, line_of("SENDFILE_BACKEND"), root, SENDFILE)


def _setting() -> Private:
    try:
        return conf().media.private
    except ImproperlyConfigured:  # told by the check of settings
        return Private()
