"""`releases`, `rollback`, `prune`, `verify`, `bridge`: of a project, a directory (`--root`) or a store (`--target`)."""

import os
import sys
from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import time

from .catalog import layout
from .conf import Conf, conf
from .releases import bridge, data, listing, live, origins, prune, rollback, text, verify
from .releases.errors import ReleaseError
from .results import Result
from .retention_arguments import retention
from .stores import built_directory
from .stores.capabilities import adapted, remembered
from .stores.places import LocalPlaces, Places
from .stores.targets import open_target, snapshot_places


@dataclass(frozen=True)
class Kept:
    """Releases, how long they are kept, and what makes them."""

    places: Places
    retain: int
    retain_days: int
    builder: str
    root: str = ""


@dataclass(frozen=True)
class Local(Kept):
    """The same on this machine. `static_url` is asked for when it is needed: a directory has it in its release."""

    places: LocalPlaces
    static_url: Callable[[], str] = field(kw_only=True)


def releases(options: Namespace) -> Result:
    own = _target(options)
    found = listing.list_releases(own.places.records, own.retain, own.retain_days, int(time()))
    return Result(data.listing(found), lambda paint: text.listing(found, paint, own.root))


def roll_back(options: Namespace) -> Result:
    places = _target(options).places
    with places.records.locked():
        planned = rollback.plan(places, options.release)
        done = not options.dry_run and not planned.differences
        if done:
            rollback.carry_out(planned, places, int(time()))
    return Result(
        data.rollback(planned, done=done),
        lambda paint: text.rollback(planned, paint, done=done),
        1 if planned.differences else 0,
    )


def prune_releases(options: Namespace) -> Result:
    own, done = local_releases(options), not options.dry_run
    places = own.places
    with places.records.locked():
        pinned = os.environ.get("CLEARWAY_RELEASE")
        planned = prune.plan(places, own.retain, own.retain_days, int(time()), pinned)
        if done:
            prune.carry_out(planned, places)
    return Result(data.prune(planned, done=done), lambda paint: text.prune(planned, paint, done=done))


def verify_releases(options: Namespace) -> Result:
    own = _target(options)
    places = own.places
    where = options.url or places.published.where()
    found = live.verify_site(places, options.url) if options.url else verify.verify(places)
    heals = f"{own.builder}, run from the code of a release, writes what it needs again"
    advice = () if options.url else (heals,)
    code = 1 if found.differences else 0
    return Result(data.verified(found, where), lambda paint: text.verified(found, paint, where, *advice), code)


def bridge_from(options: Namespace) -> Result:
    own, now, done = local_releases(options), int(time()), not options.dry_run
    places, static_url, given = own.places, own.static_url(), options.source
    source = (
        origins.site(given, static_url) if origins.is_url(given) else origins.directory(given, places.published.root)
    )
    olds = origins.read(source, given, static_url, now)
    with places.records.locked():
        found = bridge.bridge(olds, source, places, now, dry_run=not done)
    code = 1 if found.differences else 0
    return Result(
        data.bridged(found, given, done=done), lambda paint: text.bridged(found, paint, given, done=done), code
    )


def _target(options: Namespace) -> Kept:
    return _of_store(options) if options.target else local_releases(options)


def _of_store(options: Namespace) -> Kept:
    """What `--target` names; nothing there is past retention, since nothing is removed there."""
    target = open_target(options.target, conf().publish.options if options.has_settings else {})
    known = remembered(target)
    if known is None:
        raise ReleaseError(f"{target.where} holds no releases; publish one: clearway publish {target.where} --apply")
    if known.coding:
        raise ReleaseError(f"{target.where} has texts in {known.coding} only, which this cannot compare; publish again")
    return Kept(
        snapshot_places(adapted(target, known)), sys.maxsize, 0, f"clearway publish {target.where} --verify --apply"
    )


def local_releases(options: Namespace) -> Local:
    """The releases of the project, or of the directory that `--root` names. Raises `ReleaseError`."""
    return _of_directory(options) if options.root else _of_project(options)


def _of_directory(options: Namespace) -> Local:
    """What `--root` names. Raises `ReleaseError` when no release is there."""
    root = Path(options.root)
    if not (root / layout.FOLDER / layout.CURRENT).is_file():
        raise ReleaseError(f"{root} holds no releases; make one: clearway build DIR --out {root}")
    places = built_directory.places(root)
    retain, days = retention(options, Conf.retain, Conf.retain_days)

    def static_url() -> str:
        return places.records.release(places.records.current() or "").static_url

    return Local(places, retain, days, "clearway build", str(root), static_url=static_url)


def _of_project(options: Namespace) -> Local:
    """What the settings name. Raises `ReleaseError` for another storage, or without STATIC_ROOT."""
    from django.core.files.storage import storages

    from .storage import ReleaseStorage

    storage: object = storages["staticfiles"]
    if not isinstance(storage, ReleaseStorage):
        raise ReleaseError(
            'STORAGES["staticfiles"] does not keep releases; make it {"BACKEND": "clearway.storage.ReleaseStorage"}'
        )
    if not storage.location or not Path(storage.location).is_dir():
        raise ReleaseError(f"STATIC_ROOT ({storage.location or 'not set'}) is not a directory; run collectstatic")
    retain, days = retention(options, conf().retain, conf().retain_days)
    url = str(storage.base_url)
    return Local(storage.places, retain, days, "collectstatic", static_url=lambda: url)
