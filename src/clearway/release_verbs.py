"""`releases`, `rollback`, `prune`, `verify`, `bridge`: of a project, a directory (`--root`) or a store (`--target`)."""

import os
import sys
from argparse import Namespace
from time import time

from . import purging
from .conf import conf
from .management.collecting.progress import Progress
from .publish_setting import Publish
from .release_places import Kept, Stored, chosen_releases, store_options
from .releases import bridge, data, garbage, garbage_text, listing, live, origins, prune, rollback, sweep, text, verify
from .results import Result
from .stores.foreign import Readable
from .stores.targets import open_target, snapshot_places


def releases(options: Namespace) -> Result:
    own = chosen_releases(options)
    found = listing.list_releases(own.places.records, own.retain, own.retain_days, int(time()))
    return Result(data.listing(found), lambda paint: text.listing(found, paint, own.option))


def roll_back(options: Namespace) -> Result:
    own = chosen_releases(options)
    with own.changing() if not options.dry_run else own.reading() as places:
        planned = rollback.plan(places, options.release)
        done = not options.dry_run and not planned.differences
        setting = conf().publish if options.target and options.has_settings else Publish()
        told = purging.rolled(planned, places.records, options.target or "", setting, is_applied=done)
        if done:
            rollback.carry_out(planned, places, int(time()))
    told = told.carried_out() if done else told
    return Result(
        data.rollback(planned, done=done) | (told.data() if options.target else {}),
        lambda paint: [*text.rollback(planned, paint, done=done), *(told.text(paint) if options.target else [])],
        1 if planned.differences else told.code,
    )


def prune_releases(options: Namespace) -> Result:
    own, done = chosen_releases(options), not options.dry_run
    pinned = _pinned(own, options)
    if isinstance(own, Stored):
        return _prune_store(
            own, garbage.Terms(own.retain, own.retain_days, int(time()), _grace(options), pinned), options
        )
    with own.changing() as places:
        planned = prune.plan(places, own.retain, own.retain_days, int(time()), pinned)
        if done:
            prune.carry_out(planned, places)
    return Result(data.prune(planned, done=done), lambda paint: text.prune(planned, paint, done=done))


def _prune_store(own: Stored, terms: garbage.Terms, options: Namespace) -> Result:
    progress, done = Progress(sys.stderr, options.verbosity >= 1 and options.format == "text"), not options.dry_run
    target = own.target
    try:
        if done:
            with target.alone():
                planned = sweep.prune(target, terms, progress.count)
        else:
            planned = garbage.plan(snapshot_places(target), target, terms)
    finally:
        progress.done()
    return Result(
        garbage_text.data(planned, target.where, done=done),
        lambda paint: garbage_text.text(planned, paint, target.where, done=done),
    )


def _grace(options: Namespace) -> int:
    """Seconds."""
    return int((garbage.GRACE if options.grace is None else options.grace) * 3600)


def _pinned(own: Kept, options: Namespace) -> list[str]:
    """The releases that `CLEARWAY_RELEASE` and `--keep` name. Raises `ReleaseError` for one that nobody knows."""
    history = own.places.records.history()
    known = {*history.entries, *history.forgotten}
    pinned = os.environ.get("CLEARWAY_RELEASE")
    return [*([pinned] if pinned else []), *(rollback.chosen(known, given) for given in options.keep)]


def verify_releases(options: Namespace) -> Result:
    own = chosen_releases(options)
    places = own.places
    where = options.url or places.published.where()
    found = live.verify_site(places, options.url) if options.url else verify.verify(places)
    heals = f"{own.builder}, run from the code of a release, writes what it needs again"
    advice = () if options.url else (heals,)
    code = 1 if found.differences else 0
    return Result(data.verified(found, where), lambda paint: text.verified(found, paint, where, *advice), code)


def bridge_from(options: Namespace) -> Result:
    own, now, given, done = chosen_releases(options), int(time()), options.source, not options.dry_run
    static_url = own.static_url()
    source = _origin(own, options, static_url)
    olds = origins.read(source, given, static_url, now)
    with own.changing() if done else own.reading() as places:
        found = bridge.bridge(olds, source, places, own.shelf(), now, dry_run=not done)
    code = 1 if found.differences else 0
    return Result(
        data.bridged(found, given, done=done), lambda paint: text.bridged(found, paint, given, done=done), code
    )


def _origin(own: Kept, options: Namespace, static_url: str) -> Readable:
    """What FROM names. Raises `ReleaseError` and `StoreError`."""
    given = options.source
    if origins.is_url(given):
        return origins.site(given, static_url)
    if origins.is_bucket(given):
        return origins.Stored(open_target(given, store_options(options)))
    return origins.directory(given, own.root)
