"""`clearway.storage.ReleaseStorage`: what `STORAGES["staticfiles"]` names.

It is a `ManifestStaticFilesStorage` because others ask for its ancestors; the algorithm is that of `clearway.build`.
"""

import json
import logging
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urljoin

from django.conf import settings
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.utils.functional import cached_property

from clearway.catalog import layout
from clearway.catalog.errors import RecordError, UnknownReleaseError
from clearway.catalog.names import is_canonical
from clearway.releases.retained import Retained, RetainedReleases
from clearway.stores.directory import Directory, Modes
from clearway.stores.places import LocalPlaces
from clearway.stores.records import Records

from . import peer_settings
from .conf import conf
from .fetched import FetchedRecords, fetched_records
from .testing import is_test_run

if TYPE_CHECKING:
    from .build.guard import Conflict
    from .build.pipeline import Built
    from .build.recipe import Recipe
    from .build.sources import Source
    from .preparing import Prepared
    from .storage_builds import Builds

_log = logging.getLogger(__name__)
_ADVICE = "run collectstatic, or check the spelling of the name."
_SAFE_IN_PATH = "/~!*()'"  # as Django's filepath_to_uri


class ReleaseStorage(ManifestStaticFilesStorage):
    """Static files as releases: hashed names, encoded variants, a record of each build, nothing deleted too early.

    Accepts the OPTIONS of Django's class. With `CLEARWAY_RELEASE` in the environment, names come from that release;
    raises `UnknownReleaseError` or `RecordError` when it cannot be read. Where `CLEARWAY["records"]` is a URL, names
    are read from there when the first is asked for, which may raise `StoreError`.
    """

    _awaits_names = False

    def __init__(self, *args: Any, **options: Any) -> None:
        if (inherited := peer_settings.strict()) is not None:
            self.manifest_strict = inherited
        self._fetched: FetchedRecords | None = None  # while Django's class asks for the manifest
        super().__init__(*args, **options)
        self._fetched = fetched_records()
        self._awaits_names = self._fetched is not None

    # --- names of the loaded release

    @property
    def hashed_files(self) -> dict[str, str]:
        """Published names by logical name, as in Django's class."""
        self.fetch_names()
        return self._hashed_files

    @hashed_files.setter
    def hashed_files(self, names: dict[str, str]) -> None:
        self._awaits_names = False
        self._hashed_files = names
        self._urls: dict[str, str] = {}
        self._known_tops: frozenset[str] | None = None

    @hashed_files.deleter
    def hashed_files(self) -> None:
        self.hashed_files = {}

    def fetch_names(self) -> None:
        """Read the names now, where they would be read with the first that is asked for. Raises `StoreError`."""
        if self._awaits_names:
            self.hashed_files, self.manifest_hash = self.load_manifest()

    def url(self, name: str | None, force: bool = False) -> str:
        """The URL of a logical name, percent-encoded; of the unhashed file under DEBUG, unless `force`.

        Raises `ValueError` for a name that no retained release has, when `manifest_strict`.
        """
        if force or not settings.DEBUG:
            known = self._urls.get(name)  # type: ignore[arg-type]
            if known is not None:
                return known
        return self._other_url(str(name), force)

    def stored_name(self, name: str) -> str:
        """The published name of a logical name; a query and a fragment stay."""
        published = self.hashed_files.get(name)
        if published:
            return published
        path, tail = _split(name)
        return self._published_name(unquote(path).strip()) + tail

    def _other_url(self, name: str, force: bool) -> str:
        if (force or not settings.DEBUG) and name in self.hashed_files:
            return self._urls.setdefault(name, self._join(self.stored_name(name)))
        path, tail = _split(name)
        if path.endswith("/") or (settings.DEBUG and not force):
            return self._join(path, _SAFE_IN_PATH + "%") + tail
        return self._join(self.stored_name(path)) + tail

    def _join(self, path: str, safe: str = _SAFE_IN_PATH) -> str:
        if self.base_url is None:
            raise ValueError("This file is not accessible via a URL.")
        return urljoin(self.base_url, quote(path, safe, errors="surrogateescape").lstrip("/"))

    def _published_name(self, clean_name: str) -> str:
        """From the loaded release, else from the newest retained one that has it."""
        key = self.hash_key(self.clean_name(clean_name))
        retained = self._retained_names
        if found := self.hashed_files.get(key) or retained.get(key):
            return found
        if not (self.hashed_files or retained) and (settings.DEBUG or is_test_run()):
            return clean_name
        if self._lies_beside(key):
            return clean_name
        if self.manifest_strict:
            raise ValueError(f"Missing staticfiles manifest entry for '{clean_name}'; {self._advice}")
        return self.clean_name(self.hashed_name(clean_name)) if self.location else clean_name

    @property
    def _advice(self) -> str:
        folder = conf().records_folder
        return _ADVICE if self._tops or not folder else f'there is no release in {folder}, CLEARWAY["records"].'

    def _lies_beside(self, name: str) -> bool:
        """Whether a file came after the build and is served: below a name that no source has, or in a live one."""
        is_among_sources = name.partition("/")[0] in self._tops and not name.startswith(conf().live)
        if not self._tops or is_among_sources or not is_canonical(name) or "/." in f"/{name}":
            return False
        return bool(self.location) and not self.is_kept(name) and Path(self.path(name)).is_file()

    @property
    def _tops(self) -> frozenset[str]:
        """The first parts of all names."""
        if self._known_tops is None:
            names = {**self._retained_names, **self.hashed_files}
            self._known_tops = frozenset(name.partition("/")[0] for name in names)
        return self._known_tops

    # --- the manifest

    def load_manifest(self) -> tuple[dict[str, str], str]:  # type: ignore[override]
        """Names and their hash from `staticfiles.json`; a damaged one counts as none, so that a build can heal it.

        From the record where there is only that, or where it is pinned or fetched.
        """
        if pinned := None if self._fetched else os.environ.get("CLEARWAY_RELEASE"):
            return self._pinned_names(pinned), ""
        try:
            return super().load_manifest()  # type: ignore[return-value]
        except (ValueError, AttributeError, IsADirectoryError) as error:
            _log.warning("%s is damaged (%s); run collectstatic", self.manifest_name, error)
            return {}, ""

    def _pinned_names(self, id_: str) -> dict[str, str]:
        try:
            return self._names_of(id_) if self._has_records else {}
        except UnknownReleaseError as error:
            raise UnknownReleaseError(f"CLEARWAY_RELEASE: {error}; unset it, or name a release that is here") from None

    def _names_of(self, id_: str) -> dict[str, str]:
        return {name: asset.name for name, asset in self._records.release(id_).assets.items()}

    def read_manifest(self) -> str | None:  # type: ignore[override]
        """What `staticfiles.json` says, or would say of the release whose record this process reads."""
        if self._fetched is None and (written := self._written_manifest()) is not None:
            return written
        names = self._recorded_names()
        return None if names is None else self._manifest(names).decode()

    def _written_manifest(self) -> str | None:
        """`staticfiles.json` itself."""
        return super().read_manifest() if self.location or self.manifest_storage is not self else None

    def _recorded_names(self) -> dict[str, str] | None:
        if self._fetched:
            return self._fetched.names()
        current = self._records.current() if conf().records_folder else None
        try:
            return self._names_of(current) if current else None
        except (RecordError, UnknownReleaseError) as error:
            _log.warning("%s; its names are not known", error)
            return None

    def save_manifest(self) -> None:
        """Publish the names in Django's form, in one step, unless they are published already."""
        contents = self._manifest(self.hashed_files)
        self.manifest_hash = str(json.loads(contents)["hash"])
        if not self._is_published(contents):
            self._publish_manifest(contents)

    def _manifest(self, names: Mapping[str, str]) -> bytes:
        pairs = sorted(names.items())
        digest = self.file_hash("", ContentFile(json.dumps(pairs).encode()))
        return json.dumps({"paths": dict(pairs), "version": self.manifest_version, "hash": digest or ""}).encode()

    def _is_published(self, contents: bytes) -> bool:
        try:
            return self._written_manifest() == contents.decode()
        except (OSError, ValueError):
            return False

    def _publish_manifest(self, contents: bytes) -> None:
        target = self.manifest_storage
        if isinstance(target, FileSystemStorage):
            directory = Directory(Path(target.location), self._modes)
            directory.swap(self.manifest_name, contents)
            directory.flush()
        elif target is not None:
            target.delete(self.manifest_name)
            target.save(self.manifest_name, ContentFile(contents))

    # --- the build

    def post_process(  # type: ignore[override]
        self, paths: Mapping[str, tuple[Any, str]], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str | None, bool | Exception]]:
        """Build a release from what was collected: Django's protocol, all problems in one exception at its end."""
        yield from self._builds.post_process(paths, dry_run=dry_run)

    def prepare(self, found: Sequence["Source"], conflicts: Sequence["Conflict"] = ()) -> "Prepared":
        """The plan of a build and everything that is wrong; nothing is written."""
        return self._builds.prepare(found, conflicts)

    def carry_out(
        self, prepared: "Prepared", encoded: Callable[[int, int], None] = lambda part, whole: None
    ) -> "Built":
        """Make the planned release and make it current. Raises `CommandError` while another run is at it.

        `encoded` is told how many octets are encoded, and of how many.
        """
        return self._builds.carry_out(prepared, encoded)

    @property
    def recipe(self) -> "Recipe":
        """The settings that decide what a build publishes."""
        return self._builds.recipe

    @cached_property
    def _builds(self) -> "Builds":
        from .storage_builds import Builds

        return Builds(self)

    def _publish_names(self, names: Mapping[str, str]) -> None:
        self.hashed_files = dict(names)
        self.save_manifest()

    # --- files on disk

    def delete(self, name: str) -> None:
        """Delete a file, unless a retained release lists it or it is one of Clearway's own."""
        if not name or not self.is_kept(self._relative(name)):
            super().delete(name)

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """A kept file is what it should be: no second name for it."""
        kept = self.is_kept(self._relative(name))
        return str(name) if kept else super().get_available_name(name, max_length)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """Directories and files, without the folder of records: `--clear` would claim to delete it."""
        folders, files = super().listdir(path)
        return [folder for folder in folders if self._relative(str(Path(path, folder))) != layout.FOLDER], files

    def _save(self, name: str, content: Any) -> str:
        """Write a file in one step, with modes that do not depend on the umask."""
        relative = self._relative(name)
        if not self.is_kept(relative):
            self._files.swap(relative, _octets(content.chunks()))
        return relative

    def _relative(self, name: str) -> str:
        """The name below STATIC_ROOT with `/` between its parts. Raises `SuspiciousFileOperation` outside of it."""
        return os.path.relpath(self.path(name), self.location).replace(os.sep, "/")

    def is_reserved(self, name: str) -> bool:
        """Whether a name is that of the manifest, or of Clearway's own files."""
        is_manifest = name == self.manifest_name and self.manifest_storage is self
        return is_manifest or name.partition("/")[0] == layout.FOLDER

    def is_kept(self, name: str) -> bool:
        """Whether a file below STATIC_ROOT must stay as it is: a retained release lists it, or it is Clearway's own."""
        return self._keeping(self._retained())(name)

    def keeping(self) -> Callable[[str], bool]:
        """`is_kept` for many names: what is retained is looked at once."""
        return self._keeping(Retained(self._records) if self.location else Retained())

    def _keeping(self, retained: Retained) -> Callable[[str], bool]:
        def is_kept(name: str) -> bool:
            if self.is_reserved(name):
                return name != self.manifest_name or not retained.is_empty
            return retained.lists(name)

        return is_kept

    # --- what it is made of

    @property
    def places(self) -> LocalPlaces:
        """Where the releases of this storage lie."""
        return LocalPlaces(self._files, self._records, self._publish_names, self._written_manifest)

    @property
    def records(self) -> Records:
        """The records of this storage's releases."""
        return self._records

    @property
    def files(self) -> Directory:
        """What lies below STATIC_ROOT."""
        return self._files

    @cached_property
    def _files(self) -> Directory:
        return Directory(self._root, self._modes)

    @property
    def _root(self) -> Path:
        """Raises `ImproperlyConfigured` without one, as Django does for any file below it."""
        return Path(self.location or self.path(""))

    @cached_property
    def _records(self) -> Records:
        return Records(Directory(conf().records_folder or self._root / layout.FOLDER, self._modes))

    @property
    def _has_records(self) -> bool:
        return bool(self.location or conf().records_folder)

    @cached_property
    def _retained_releases(self) -> RetainedReleases:
        return RetainedReleases(self._records)

    def _retained(self) -> Retained:
        return self._retained_releases.get() if self._has_records else Retained()

    @property
    def _retained_names(self) -> Mapping[str, str]:
        """Published names by logical name of every retained release that this process knows of."""
        return self._fetched.retained() if self._fetched else self._retained().names

    @property
    def _modes(self) -> Modes:
        file, directory = self.file_permissions_mode, self.directory_permissions_mode
        return Modes(0o644 if file is None else file, 0o755 if directory is None else directory)


def _split(name: str) -> tuple[str, str]:
    """The path of a name and what follows it: query and fragment."""
    start = min((place for place in (name.find("?"), name.find("#")) if place >= 0), default=len(name))
    return name[:start], name[start:]


def _octets(chunks: Iterable[bytes | str]) -> Iterator[bytes]:
    for chunk in chunks:
        yield chunk.encode() if isinstance(chunk, str) else chunk
