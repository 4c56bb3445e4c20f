"""A release of a directory, without Django: what `clearway build` does.

1. the sources are read and planned with; a problem ends the run before anything is written
2. the unhashed originals, then the release, both under one lock
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from time import time

from .build import emit, size_report
from .build.cache import Cache, cache_folder, user_folder
from .build.collector import paused
from .build.directory_sources import read_directory
from .build.memory import Memory
from .build.minify import MissingExtraError, minifying
from .build.pipeline import build
from .build.plan import Plan, plan
from .build.policy import Policy
from .build.preparing import Prepared, prepare
from .build.recipe import Recipe
from .build.sources import Source
from .build.texts import Finish, Reader, code_version
from .catalog.errors import RecordError, UnknownReleaseError
from .catalog.release import Release
from .directories import DirectoryError, check, refuse_to_write_over
from .management.collecting import originals
from .management.collecting.originals import Wanted
from .management.collecting.progress import Progress
from .management.collecting.report import Changes, Report
from .releases.retained import RetainedReleases
from .releases.retention import overdue
from .stores import built_directory
from .stores.places import LocalPlaces


@dataclass(frozen=True)
class DirectoryBuild:
    """A build from the directory `source` into `out`, whose files are served below `recipe.static_url`.

    `retention` is how many releases are kept, and for how many days retired ones are.
    """

    source: Path
    out: Path
    recipe: Recipe
    policy: Policy
    ignored: Sequence[str]
    finish: Finish
    retention: tuple[int, int]

    @paused()
    def run(self, progress: Progress, *, dry_run: bool) -> Report:
        """Plan, and unless that finds errors or it is a dry run, build. Raises `BuildError` and `LockedError`."""
        check(self.source, self.out)
        progress.phase("Looking for files")
        sources = self._sources(lambda count: progress.count("Found", count))
        progress.phase(f"Reading {len(sources):,} files")
        prepared = self._prepare(sources)
        report = Report(dry_run=dry_run, destination=str(self.out), references=prepared.references)
        report.guard, report.counts = prepared.guard, {"files": len(prepared.plan.assets)}
        if report.verdict.errors:
            return report
        refuse_to_write_over(self._places, prepared.plan, originals=self.recipe.unhashed)
        report.changes = Changes.between(self._current_names(), prepared.plan.names())
        progress.phase(f"Building the release: {len(prepared.plan.assets):,} files")
        if dry_run:
            report.release = self._planned_release(prepared.plan)
        else:
            self._carry_out(prepared, report, lambda part, whole: progress.share("Encoding:", part, whole))
        return report

    # --- the plan

    def _sources(self, found: Callable[[int], None]) -> list[Source]:
        sources = read_directory(self.source.absolute(), self.ignored, self.out, found)
        if not sources:
            raise DirectoryError(f"there is no file in {self.source} ({', '.join(self.ignored)} are left out)")
        return sources

    def _prepare(self, sources: Sequence[Source]) -> Prepared:
        return prepare(sources, (), built_directory.is_reserved, self._retained_digests, self._plan, self.policy)

    def _plan(self, sources: Sequence[Source], policy: Policy, named: Mapping[str, bool]) -> Plan:
        reader = Reader(self._memory, self._cache, self.finish)
        return plan(sources, self.recipe.static_url, reader=reader, policy=policy, named=named)

    def _retained_digests(self) -> dict[str, str]:
        retained = self._places.records.retained()
        return {asset.name: asset.sha256 for release in retained for asset in release.assets.values()}

    def _current_names(self) -> dict[str, str]:
        """Of the current release: as the manifest has them, else as the record does, which takes longer to read."""
        records = self._places.records
        current = records.current()
        try:
            return (self._places.names() or _names(records.release(current))) if current else {}
        except (RecordError, UnknownReleaseError):
            return {}

    def _planned_release(self, planned: Plan) -> Release:
        assets = {name: each.asset for name, each in planned.assets.items()}
        return Release(self.recipe.static_url, self.recipe.fingerprint, assets)

    # --- the doing

    def _carry_out(self, prepared: Prepared, report: Report, encoded: emit.Told) -> None:
        records = self._places.records
        with _told(self.out), records.locked(), records.reading_once():
            self._place_originals(prepared.plan)
            self._unlink(prepared.plan)
            built = build(
                prepared.plan,
                self.recipe,
                self._places,
                int(time()),
                cache=self._cache,
                memory=self._memory,
                encoded=encoded,
            )
            self._place_manifests(prepared.manifests)
            report.overdue = overdue(records, *self.retention, int(time()))
        report.release, report.size = built.release, size_report.of(built.release)
        report.counts["written"] = len(built.written)

    def _place_originals(self, planned: Plan) -> None:
        if self.recipe.unhashed:
            owned, retained = emit.taken(planned), RetainedReleases(self._places.records).get()
            wanted = [
                Wanted(each.source, each.read_original, each.original.size)
                for name, each in planned.assets.items()
                if name not in owned and not retained.lists(name)
            ]
            originals.copy(self._places.published, originals.look(str(self.out), wanted, links=False).missing)

    def _unlink(self, planned: Plan) -> None:
        """What is published under its own name is a file of its own, not a link that was there before."""
        for name, each in planned.assets.items():
            if each.asset.name == name and (self.out / name).is_symlink():
                self._places.published.swap(name, each.read())

    def _place_manifests(self, manifests: Mapping[str, bytes]) -> None:
        published = self._places.published
        for name, data in manifests.items():
            if published.head(name) is None or published.read(name) != data:
                published.swap(name, data)
        published.flush()

    # --- what it is made of

    @cached_property
    def _places(self) -> LocalPlaces:
        return built_directory.places(self.out)

    @cached_property
    def _cache(self) -> Cache:
        return own_cache()

    @cached_property
    def _memory(self) -> Memory:
        return Memory(self._cache, f"{code_version()} {self.out.absolute()}")


def _names(release: Release) -> dict[str, str]:
    return {name: asset.name for name, asset in release.assets.items()}


@contextmanager
def _told(out: Path) -> Iterator[None]:
    """Make errors of the file system say what became of the build."""
    try:
        yield
    except OSError as error:
        place = f": {error.filename}" if error.filename else ""
        raise DirectoryError(
            f"the build into {out} stopped: {error.strerror or error}{place}; what was current there still is"
        ) from error


def own_cache() -> Cache:
    """The user's cache, unless `CLEARWAY_CACHE` names another one or none."""
    return Cache(cache_folder(user_folder(os.environ), os.environ))


def finish(minify: bool) -> Finish:
    """What happens to files after their references were rewritten. Raises `DirectoryError` without the extra."""
    try:
        return minifying() if minify else Finish()
    except MissingExtraError as error:
        raise DirectoryError(str(error).replace('CLEARWAY["minify"]', "--minify")) from None
