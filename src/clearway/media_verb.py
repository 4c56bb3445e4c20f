"""`clearway media`: order among users' files, in directories and buckets, by what the database says of them."""

import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from . import media_text as text
from .management.collecting.progress import Progress
from .media.order import changes, relocation, scanning
from .media.order.changes import Changes
from .media.order.examine import Wanted, examine, grounds
from .media.order.findings import Findings
from .media.order.places import aliases, place_of
from .media.setting import order_setting
from .results import Result

_DAY = 86_400.0  # seconds


def report(options: Namespace) -> Result:
    """What is wrong; nothing is changed."""
    with _wanted(options, _DAY, contents=options.contents) as wanted:
        found = examine(wanted)
        held, unread = changes.held(wanted)
    found.unread += unread
    return Result(_data(found, len(held)), lambda paint: text.report(found, len(held), paint), found.code)


def quarantine(options: Namespace) -> Result:
    """Set the orphans aside."""
    with _wanted(options, _DAY, only_orphans=True) as wanted:
        return _changed(changes.set_aside(wanted, apply=options.apply))


def held(options: Namespace) -> Result:
    """What is set aside, by whomever."""
    with _wanted(options, 0) as wanted:
        found, unread = changes.held(wanted)
    data = {
        "files": [{"storage": storage, **asdict(note)} for storage, note in found],
        "not_examined": [asdict(each) for each in unread],
    }
    return Result(data, lambda paint: text.held(found, unread, paint), 2 if unread else 0)


def restore(options: Namespace) -> Result:
    """Put back what was set aside."""
    with _wanted(options, 0) as wanted:
        return _changed(changes.take_back(wanted, options.names))


def discard(options: Namespace) -> Result:
    """Delete what was set aside, by name."""
    with _wanted(options, 0) as wanted:
        return _changed(changes.delete(wanted, options.names, apply=options.apply))


def purge(options: Namespace) -> Result:
    """Delete what was set aside as an orphan, long ago."""
    with _wanted(options, 30 * _DAY) as wanted:
        return _changed(changes.purge(wanted, apply=options.apply))


def scan(options: Namespace) -> Result:
    """Scan what is held until a scanner has seen it."""
    with _wanted(options, 0) as wanted:
        return _changed(scanning.scan(wanted))


def modes(options: Namespace) -> Result:
    """Mend modes."""
    with _wanted(options, 0) as wanted:
        return _changed(changes.mend_modes(wanted, apply=options.apply))


def move(options: Namespace) -> Result:
    """Copy everything to another storage."""
    from django.core.exceptions import ImproperlyConfigured

    _ready()
    known = aliases()
    for alias in (options.source, options.target):
        if alias not in known:
            raise ImproperlyConfigured(f"STORAGES has no usable {alias!r}; it has {', '.join(sorted(known))}.")
    source, target = place_of(known[options.source]), place_of(known[options.target])
    if source.contains(target) or target.contains(source):
        raise ImproperlyConfigured(f"{options.target} and {options.source} keep their files in one place.")
    with _progress(options) as progress:
        journey = relocation.Journey(
            known[options.source],
            known[options.target],
            Path(options.journal or f"{options.source}-to-{options.target}.jsonl"),
            options.jobs,
            tuple(options.leave or ()),
            (options.source, options.target),
            tell=progress.count,
        )
        return _changed(relocation.move(journey) if options.apply else relocation.plan(journey))


def _ready() -> None:
    """The models of the project. Raises what its applications raise."""
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()


@contextmanager
def _progress(options: Namespace) -> Iterator[Progress]:
    progress = Progress(sys.stderr, options.verbosity > 0)
    try:
        yield progress
    finally:
        progress.done()


@contextmanager
def _wanted(options: Namespace, older_than: float, **more: Any) -> Iterator[Wanted]:
    """What the command line and the settings ask for. Raises `ImproperlyConfigured` for a storage that none uses."""
    from django.core.exceptions import ImproperlyConfigured

    _ready()
    said, given = order_setting(), getattr(options, "older_than", None)
    with _progress(options) as progress:
        wanted = Wanted(
            older_than if given is None else given,
            (*said.leave, *(options.leave or ())),
            said.named_by,
            options.storage or "",
            tell=progress.count,
            **more,
        )
        if wanted.storage and not grounds(wanted):
            raise ImproperlyConfigured(f"no FileField keeps files in a storage called {wanted.storage!r}.")
        yield wanted


def _changed(made: Changes) -> Result:
    data = {
        "action": made.action,
        "done": made.applied,
        "files": [asdict(each) for each in made.files],
        "not_examined": [asdict(each) for each in made.unread],
    }
    return Result(data, lambda paint: text.changed(made, paint), made.code)


def _data(found: Findings, held: int) -> dict[str, Any]:
    kinds = ("orphans", "missing", "held", "odd", "modes", "types")
    counted = {key: getattr(found, key) for key in ("storages", "files", "rows", "young", "left")}
    lists = {"rows_of_held_files" if key == "held" else key: getattr(found, key) for key in kinds}
    return {
        **counted,
        "quarantined": held,
        **{key: [asdict(each) for each in value] for key, value in lists.items()},
        "not_examined": [asdict(each) for each in found.unread],
    }
