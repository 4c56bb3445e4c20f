"""`releases`, `rollback`, `prune`, `verify` and `bridge` for a Django project: from its settings to a result."""

import os
from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import time
from typing import Any

from django.core.files.storage import storages

from .conf import conf
from .releases import bridge, data, listing, live, origins, prune, rollback, text, verify
from .releases.errors import ReleaseError
from .storage import ReleaseStorage
from .stores.places import Places

_HEALS = "collectstatic, run from the code of a release, writes what it needs again"
Lines = Callable[[text.Paint], list[str]]


@dataclass(frozen=True)
class Result:
    """What a verb found: for programs, for people, and whether it is clean (0) or not (1)."""

    data: dict[str, Any]
    text: Lines
    code: int = field(default=0)


def releases(options: Namespace) -> Result:
    own = conf()
    found = listing.list_releases(_places().records, own.retain, own.retain_days, int(time()))
    return Result(data.listing(found), lambda paint: text.listing(found, paint))


def roll_back(options: Namespace) -> Result:
    places = _places()
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
    places, own, done = _places(), conf(), not options.dry_run
    with places.records.locked():
        pinned = os.environ.get("CLEARWAY_RELEASE")
        planned = prune.plan(places, own.retain, own.retain_days, int(time()), pinned)
        if done:
            prune.carry_out(planned, places)
    return Result(data.prune(planned, done=done), lambda paint: text.prune(planned, paint, done=done))


def verify_releases(options: Namespace) -> Result:
    places = _places()
    where = options.url or str(places.published.root)
    found = live.verify_site(places, options.url) if options.url else verify.verify(places)
    advice = () if options.url else (_HEALS,)
    code = 1 if found.differences else 0
    return Result(data.verified(found, where), lambda paint: text.verified(found, paint, where, *advice), code)


def bridge_from(options: Namespace) -> Result:
    places, now, done = _places(), int(time()), not options.dry_run
    static_url, given = str(_storage().base_url), options.source
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


def _places() -> Places:
    return _storage().places


def _storage() -> ReleaseStorage:
    """The storage of the settings. Raises `ReleaseError` for another one, or without STATIC_ROOT."""
    storage: object = storages["staticfiles"]
    if not isinstance(storage, ReleaseStorage):
        raise ReleaseError(
            'STORAGES["staticfiles"] does not keep releases; make it {"BACKEND": "clearway.storage.ReleaseStorage"}'
        )
    if not storage.location or not Path(storage.location).is_dir():
        raise ReleaseError(f"STATIC_ROOT ({storage.location or 'not set'}) is not a directory; run collectstatic")
    return storage
