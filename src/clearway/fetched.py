"""`CLEARWAY["records"]` as a URL: the names of the release that is current in a store, read once for a process."""

import logging
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from threading import Lock, Thread
from time import monotonic
from urllib.parse import urlsplit

from django.conf import settings

from .build.cache import cache_folder
from .catalog import layout
from .catalog.errors import RecordError, UnknownReleaseError
from .catalog.history import History
from .catalog.report import report
from .conf import Conf, conf
from .project import Project
from .releases.loaded import Loaded, load
from .stores.directory import Directory
from .stores.errors import StoreError
from .stores.remote_files import RemoteFiles, remote_files
from .testing import is_test_run

_DEADLINE = 20  # seconds: less than the 30 that gunicorn gives a worker to start
_AGAIN_AFTER = 10  # seconds until a page that was refused for want of names asks again
_log = logging.getLogger(__name__)


class FetchedRecords:
    """Names that are fetched when they are first asked for, and never again. Any number of threads may ask.

    `copies` is the folder in which the last ones are kept for a store that cannot be reached; None for none.
    """

    def __init__(
        self, url: str, options: Mapping[str, str], copies: Path | None = None, pinned: str | None = None
    ) -> None:
        self._url, self._options, self._pinned = url, options, pinned
        self._copy = Directory(copies) if copies else None
        self._lock = Lock()
        self._loaded: Loaded | None = None
        self._failed: tuple[float, StoreError] | None = None

    def get(self) -> Loaded:
        """The names. Raises `StoreError`, which says what to do, when there are none to be had."""
        if self._loaded is None:
            with self._lock:
                self._loaded = self._loaded or self._load()
        return self._loaded

    def names(self) -> dict[str, str]:
        """Published names by logical name of the release. Raises `StoreError`, but not in a test run."""
        loaded = self._get_or_none()
        return dict(loaded.names) if loaded else {}

    def retained(self) -> Mapping[str, str]:
        """What other retained releases had beside these."""
        loaded = self._get_or_none()
        return loaded.retained if loaded else {}

    def _get_or_none(self) -> Loaded | None:
        try:
            return self.get()
        except StoreError as error:
            if not is_test_run():
                raise
            report(f"{error}; names are not hashed in this test run")
            return None

    def _load(self) -> Loaded:
        if self._failed and monotonic() - self._failed[0] < _AGAIN_AFTER:
            raise self._failed[1]
        try:
            return self._fetch_or_copy()
        except StoreError as error:
            self._failed = (monotonic(), error)
            raise

    def _fetch_or_copy(self) -> Loaded:
        files = remote_files(self._url, self._options)
        try:
            loaded = within(_DEADLINE, lambda: load(files, self._pinned))
        except (RecordError, UnknownReleaseError) as error:
            raise StoreError(f'CLEARWAY["records"]: {error}; {self._advice()}') from error
        except (OSError, StoreError) as error:
            why = str(error).partition(";")[0]
            copied = self._from_copy(why)
            if copied is None:
                raise StoreError(
                    f'CLEARWAY["records"]: {why}, and no earlier copy is on this machine; '
                    "look whether this machine reaches the store and may read there, then start again"
                ) from error
            loaded = copied
        else:
            self._keep(files)
        if leads_elsewhere(loaded.static_url):
            report(f"{files.where()} was built for {loaded.static_url}, and STATIC_URL is {settings.STATIC_URL}")
        return loaded

    def _advice(self) -> str:
        if self._pinned:
            return "unset CLEARWAY_RELEASE, or name a release that is there"
        return "publish one (clearway publish TARGET --apply), or correct the URL"

    def _keep(self, files: RemoteFiles) -> None:
        """What was read, for the day on which the store cannot be reached; the pointer last."""
        if self._copy is None:
            return
        found = {name: data for name, data in files.seen.items() if data is not None}
        with suppress(OSError):
            for name in sorted(found, key=lambda name: name == layout.CURRENT):
                if self._copied(name) != found[name]:
                    self._copy.swap(name, found[name])
            _clear(self._copy, found)

    def _copied(self, name: str) -> bytes | None:
        with suppress(OSError):
            return self._copy.read(name) if self._copy else None
        return None

    def _from_copy(self, why: str) -> Loaded | None:
        if self._copy is None:
            return None
        try:
            loaded = load(self._copy, self._pinned)
        except (OSError, RecordError, UnknownReleaseError):
            return None
        _log.warning("%s; going on with release %s, which was read from there before", why, loaded.id)
        return loaded


def _clear(copy: Directory, found: Mapping[str, bytes]) -> None:
    """Remove indexes of releases that the store no longer retains."""
    try:
        retained = History.from_bytes(found.get(layout.HISTORY, b"")).entries
    except RecordError:
        return
    for name in [*copy.list("catalogs")]:
        if name not in found and name.removeprefix("catalogs/") not in retained:
            copy.delete(name)


def fetched_records() -> FetchedRecords | None:
    """Those of the settings and the environment; None where the records are on this machine.

    That is so for `clearway release` too, which looks at a release before it is published.
    """
    project = conf()
    if not project.records_url or os.environ.get("CLEARWAY_OWN_RECORDS"):
        return None
    pinned = os.environ.get("CLEARWAY_RELEASE") or None
    return FetchedRecords(project.records_url, project.publish.options, copy_folder(project), pinned)


def copy_folder(project: Conf) -> Path | None:
    """Where the last records of a URL are kept, in the user's cache; None for nowhere."""
    folder = cache_folder(project.cache, os.environ)
    if folder is None or not project.records_url:
        return None
    return folder / "records" / sha256(project.records_url.encode()).hexdigest()[:16]


def fetch_at_start(project: Project) -> None:
    """Fetch before the first page is asked for, and before a master process forks. Raises `StoreError`.

    Not in development and in test runs, where names are asked for seldom.
    """
    if not project.conf.records_url or project.debug or is_test_run():
        return
    from django.core.files.storage import storages

    from .storage import ReleaseStorage

    storage: object = storages["staticfiles"]
    if isinstance(storage, ReleaseStorage):
        storage.fetch_names()


def leads_elsewhere(built_for: str) -> bool:
    """Whether that is not STATIC_URL; one of them may have a script name in front."""
    own, other = settings.STATIC_URL or "", built_for
    if not own or not other or own == other:
        return False
    has_host = bool(urlsplit(own).netloc or urlsplit(other).netloc)
    return has_host or not (own.endswith(other) or other.endswith(own))


def within(seconds: float, work: Callable[[], Loaded]) -> Loaded:
    """The result of `work`, or what it raises. Raises `StoreError` when that takes too long."""
    results: list[Loaded] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:
            errors.append(error)

    thread = Thread(target=run, name="clearway-records", daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if not results:
        raise StoreError(f"no answer within {seconds:g} s")
    return results[0]
