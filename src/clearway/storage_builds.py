"""The builds of a `ReleaseStorage`: from what was collected to a current release.

Imported when one begins: a process that serves needs none of it.
"""

import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from time import time
from typing import TYPE_CHECKING, Any

from django import VERSION
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.files.base import ContentFile
from django.core.management.base import CommandError

from .build import problems, sources
from .build.cache import Cache, cache_folder
from .build.emit import Told
from .build.guard import Conflict
from .build.memory import Memory
from .build.naming import Naming, hashed_name
from .build.pipeline import Built, build
from .build.plan import Plan, plan
from .build.policy import Policy
from .build.recipe import Recipe
from .build.sources import Source
from .build.texts import Finish, Reader, code_version
from .conf import conf
from .patterns import find_with
from .preparing import Prepared, prepare
from .stores.errors import LockedError

if TYPE_CHECKING:
    from .storage import ReleaseStorage

_log = logging.getLogger(__name__)


class Builds:
    """How one storage plans and builds, and what its builds remember."""

    def __init__(self, storage: "ReleaseStorage") -> None:
        self._storage = storage
        self._memory = Memory()

    def post_process(
        self, paths: Mapping[str, tuple[Any, str]], *, dry_run: bool
    ) -> Iterator[tuple[str, str | None, bool | Exception]]:
        """Django's protocol for what was collected; all problems in one exception at its end."""
        prepared = self.prepare(sources.from_paths(paths))
        verdict = prepared.verdict
        if verdict.warnings:
            _log.warning("%s", problems.listed(verdict.warnings, problems.SHOWN))
        if verdict.errors:
            error = problems.error(verdict.errors)
            yield ", ".join(error.files[:5]), None, _command_error(error)
        elif not dry_run:
            built = self.carry_out(prepared)
            for name, asset in built.release.assets.items():
                yield name, asset.name, name in built.written or bool(asset.references)

    def prepare(self, found: Sequence[Source], conflicts: Sequence[Conflict] = ()) -> Prepared:
        """The plan of a build and everything that is wrong; nothing is written."""
        return prepare(found, conflicts, self._storage.is_reserved, self._retained_digests, self._plan)

    def carry_out(self, prepared: Prepared, encoded: Told = lambda part, whole: None) -> Built:
        """Make the planned release and make it current. Raises `CommandError` while another run is at it.

        `encoded` is told how many octets are encoded, and of how many.
        """
        places = self._storage.places
        for name, planned in prepared.plan.assets.items():
            if planned.asset.name == name and Path(self._storage.path(name)).is_symlink():
                places.published.swap(name, planned.read())  # what is published is a file of its own
        try:
            with places.records.locked():
                built = build(
                    prepared.plan,
                    self.recipe,
                    places,
                    int(time()),
                    cache=self._cache,
                    memory=self._memory,
                    encoded=encoded,
                )
        except LockedError as error:
            raise _command_error(error) from None
        for name, data in prepared.manifests.items():
            if places.published.head(name) is None or places.published.read(name) != data:
                places.published.swap(name, data)
        places.published.flush()
        return built

    @property
    def recipe(self) -> Recipe:
        """The settings that decide what a build publishes."""
        wanted = conf()
        return Recipe(
            self._static_url,
            wanted.encodings,
            wanted.levels,
            wanted.skip,
            wanted.unhashed,
            self._finish.version,
            wanted.mimetypes,
        )

    def _plan(self, found: Sequence[Source], rules: Policy, named: Mapping[str, bool]) -> Plan:
        self._memory = Memory(self._cache, f"{code_version()} {self._storage.location}")
        reader = Reader(self._memory, self._cache, self._finish, find_with(self._storage.patterns))
        return plan(found, self._static_url, self._naming(), reader, rules, named, conf().mimetypes)

    def _retained_digests(self) -> dict[str, str]:
        retained = self._storage.records.retained() if self._storage.location else ()
        return {asset.name: asset.sha256 for release in retained for asset in release.assets.values()}

    def _naming(self) -> Naming:
        """Django's form of names, or what a subclass made of `hashed_name` and `file_hash`."""
        django, own = ManifestStaticFilesStorage, type(self._storage)
        if own.hashed_name is django.hashed_name and own.file_hash is django.file_hash:
            return hashed_name
        storage = self._storage
        return lambda name, data: storage.clean_name(storage.hashed_name(name, ContentFile(data)))

    @cached_property
    def _cache(self) -> Cache:
        return Cache(cache_folder(conf().cache, os.environ))

    @cached_property
    def _finish(self) -> Finish:
        if not conf().minify:
            return Finish()
        from .build.minify import MissingExtraError, minifying

        try:
            return minifying()
        except MissingExtraError as error:
            raise _command_error(error) from None

    @property
    def _static_url(self) -> str:
        return str(self._storage.base_url)


def _command_error(error: Exception) -> Exception:
    """The error as `collectstatic` shows it: its message, without a traceback."""
    if VERSION >= (6, 1) and isinstance(error, ValueError):
        return error  # that command makes a CommandError of it
    shown = CommandError(str(error))
    shown.__cause__ = error
    return shown
