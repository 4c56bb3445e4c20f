"""The releases that a verb is about: of a project, of a directory (`--root`) or of a store (`--target`)."""

from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from .catalog import layout
from .conf import Conf, conf
from .releases.errors import ReleaseError
from .releases.shelves import Bucket, Disk, Shelf
from .retention_arguments import retention
from .stores import built_directory
from .stores.capabilities import adapted, remembered
from .stores.claims import unclaimed_places
from .stores.places import LocalPlaces, Places
from .stores.targets import TargetPlaces, open_target, snapshot_places
from .stores.transport import Transport


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Releases, how long they are kept, and what makes them. `option` is how a command names them.

    `root` is the directory that they lie in; `static_url` is asked for when it is needed.
    """

    places: Places
    retain: int
    retain_days: int
    builder: str
    static_url: Callable[[], str]
    shelf: Callable[[], Shelf]
    option: str = ""
    root: Path | None = None

    def reading(self) -> AbstractContextManager[Places]:
        """The places while a plan is made."""
        return self.changing()

    @contextmanager
    def changing(self) -> Iterator[Places]:
        """The places while nobody else changes them. Raises `LockedError`."""
        with self.places.records.locked():
            yield self.places


@dataclass(frozen=True, kw_only=True)
class Local(Kept):
    """The same on this machine."""

    places: LocalPlaces


@dataclass(frozen=True, kw_only=True)
class Stored(Kept):
    """The same in a store."""

    target: Transport

    def reading(self) -> AbstractContextManager[Places]:
        return nullcontext(self.places)

    @contextmanager
    def changing(self) -> Iterator[TargetPlaces]:
        """The places as they are now, while nobody removes objects."""
        with self.target.alone():
            yield unclaimed_places(self.target)


def chosen_releases(options: Namespace) -> Kept:
    """The releases that `--target`, `--root` or the settings name. Raises `ReleaseError`."""
    return stored_releases(options) if options.target else local_releases(options)


def stored_releases(options: Namespace) -> Stored:
    """What `--target` names. Raises `ReleaseError` when nothing was published there."""
    target = open_target(options.target, store_options(options))
    known = remembered(target)
    if known is None:
        raise ReleaseError(f"{target.where} holds no releases; publish one: clearway publish {target.where} --apply")
    has = conf() if options.has_settings else Conf
    retain, days = retention(options, has.retain, has.retain_days)
    target, where = adapted(target, known), target.where
    places = snapshot_places(target)
    return Stored(
        places=places,
        retain=retain,
        retain_days=days,
        builder=f"clearway publish {where} --verify --apply",
        static_url=_of_current(places),
        shelf=lambda: _bucket(target, known.coding),
        option=f" --target {where}",
        target=target,
    )


def store_options(options: Namespace) -> Mapping[str, str]:
    """The client's, as the settings name them."""
    return conf().publish.options if getattr(options, "has_settings", not options.root) else {}


def _of_current(places: Places) -> Callable[[], str]:
    """STATIC_URL, as the current release has it."""
    return lambda: places.records.release(places.records.current() or "").static_url


def _bucket(target: Transport, coding: str) -> Bucket:
    return Bucket(target, coding, {entry.name: entry for entry in target.list()})


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
    return _local(places, retain, days, "clearway build", _of_current(places), f" --root {root}")


def _local(
    places: LocalPlaces, retain: int, days: int, builder: str, static_url: Callable[[], str], option: str = ""
) -> Local:
    return Local(
        places=places,
        retain=retain,
        retain_days=days,
        builder=builder,
        static_url=static_url,
        shelf=lambda: Disk(places.published),
        option=option,
        root=places.published.root,
    )


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
        advice = "--target names the store that has the releases" if conf().records else "run collectstatic"
        raise ReleaseError(f"STATIC_ROOT ({storage.location or 'not set'}) is not a directory; {advice}")
    retain, days = retention(options, conf().retain, conf().retain_days)
    url = str(storage.base_url)
    return _local(storage.places, retain, days, "collectstatic", lambda: url)
