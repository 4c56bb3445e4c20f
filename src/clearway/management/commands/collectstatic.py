"""`collectstatic`: the plan first, then the originals, then the release. Django's flags and output stay.

1. gather   what the finders give
2. prepare  the plan, and everything that is wrong; a problem ends the run before anything is written
3. place    the unhashed originals, then the release
4. clear    what nobody needs (`--clear`), when the new release is there
"""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from functools import partial
from time import time
from typing import Any

from django.contrib.staticfiles.management.commands.collectstatic import Command as DjangosCommand
from django.core.management.base import CommandError

from clearway.build import emit, problems, size_report
from clearway.build.collector import paused
from clearway.build.errors import ReferencesError
from clearway.build.policy import Verdict
from clearway.catalog.errors import RecordError, UnknownReleaseError
from clearway.catalog.release import Release
from clearway.conf import conf
from clearway.management.collecting import originals
from clearway.management.collecting.clearing import clear
from clearway.management.collecting.gather import Gathered, gather
from clearway.management.collecting.originals import Wanted
from clearway.management.collecting.progress import Progress
from clearway.management.collecting.report import Changes, Report
from clearway.management.next_command import next_command
from clearway.preparing import Prepared
from clearway.releases.retention import overdue
from clearway.storage import ReleaseStorage

Next: Any = next_command("collectstatic")


class Command(Next):  # type: ignore[misc]  # the class below ours depends on INSTALLED_APPS
    """The next collectstatic; with `ReleaseStorage`, and unless that one collects in its own way, with ours."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add `--format` to the options of the next command."""
        super().add_arguments(parser)
        parser.add_argument(
            "--format",
            choices=("text", "json"),
            default="text",
            help="json: one object on stdout, and no questions (as --noinput).",
        )

    def set_options(self, **options: Any) -> None:
        """As Django's; asking a question would spoil the JSON."""
        super().set_options(**options)
        self.format = options.get("format", "text")
        self.report = Report(self.dry_run)
        if self.format == "json":
            self.interactive = False
        self._written: set[str] = set()
        wants_progress = self.verbosity >= 1 and self.format == "text"
        self.progress = Progress(self.stderr, wants_progress)

    def log(self, msg: str, level: int = 2) -> None:
        """Nothing but the object on stdout for `--format json`."""
        if self.format == "text":
            super().log(msg, level)

    def handle(self, **options: Any) -> str | None:
        """Run; Django's summary, then ours."""
        message: str | None = super().handle(**options)
        if self.format == "json":
            return self._json()
        ours = self.report.text(self.verbosity)
        return f"{message}\n{ours}" if message and ours else message

    def collect(self) -> dict[str, list[str]]:
        """Collect, and return Django's lists of names."""
        if not self._is_ours():
            collected: dict[str, list[str]] = super().collect()
            self.report.counts = {key: len(names) for key, names in collected.items()}
            return collected
        try:
            with paused(), self.storage.records.reading_once():
                return self._collect()
        finally:
            self.progress.done()

    def _is_ours(self) -> bool:
        """Whether nobody wants to see the files one by one: neither the next command nor a subclass of our storage."""
        storage = type(getattr(self.storage, "_wrapped", self.storage))
        return (
            issubclass(storage, ReleaseStorage)
            and bool(self.storage.location)  # without one, Django says so
            and storage.post_process is ReleaseStorage.post_process
            and all(getattr(Next, name) is getattr(DjangosCommand, name) for name in ("collect", "copy_file"))
        )

    def _collect(self) -> dict[str, list[str]]:
        self.progress.phase("Looking for static files")
        gathered = gather(self.ignore_patterns, lambda count: self.progress.count("Found", count))
        prepared = self._prepare(gathered)
        self._tell(prepared)
        placing = originals.look(self.storage.location, self._originals(gathered, prepared), self.symlink)
        if not self.dry_run:
            self._place(placing)
        if self.post_process:
            self._build(prepared)
        modified = {each.source.name for each in placing.missing} | self._written
        if self.clear:
            self._clear(gathered, prepared)
        return self._collected(gathered, modified)

    # --- the plan

    def _prepare(self, gathered: Gathered) -> Prepared:
        total = len(gathered.sources)
        self.progress.phase(f"Reading {total:,} static files")
        prepared: Prepared = self.storage.prepare(list(gathered.sources.values()), gathered.conflicts)
        return prepared

    def _tell(self, prepared: Prepared) -> None:
        """Report what is wrong. Raises `CommandError` for what stops the build."""
        references = prepared.references if self.post_process else Verdict()
        self.report.references, self.report.guard = references, prepared.guard
        self.report.counts = {"files": len(prepared.plan.assets)}
        self.report.destination = str(self.storage.location)
        self.progress.done()
        if warnings := self.verbosity >= 1 and self.format == "text" and self.report.problems(self.verbosity):
            self.stderr.write(warnings + "\n", style_func=str)
        if errors := self.report.verdict.errors:
            self._stop(problems.error(errors))

    def _stop(self, error: ReferencesError) -> None:
        if self.format == "json":
            self.stdout.write(self._json())
            raise CommandError(str(error).partition("\n")[0]) from error
        self.stderr.write(f"Post-processing '{', '.join(error.files[:5])}' failed!")  # as Django's command
        self.stderr.write()
        raise CommandError(str(error)) from error

    # --- the originals

    def _originals(self, gathered: Gathered, prepared: Prepared) -> Iterator[Wanted]:
        """What should lie below STATIC_ROOT under its own name; the build owns some of these names."""
        is_kept, owned = self.storage.keeping(), emit.taken(prepared.plan)
        if not self.post_process:
            yield from (Wanted(each, each.read) for each in gathered.sources.values() if not is_kept(each.name))
        elif self.storage.recipe.unhashed:
            for name, each in prepared.plan.assets.items():
                if name not in owned and not is_kept(name):
                    yield Wanted(each.source, each.read_original, each.original.size)

    def _place(self, placing: originals.Placing) -> None:
        verb, action = ("Linking", originals.link) if self.symlink else ("Copying", originals.copy)
        for each in placing.missing:
            self.log(f"{verb} '{each.source.path or each.source.name}'")
        self.progress.phase(f"{verb} {len(placing.missing):,} originals")
        try:
            action(self.storage.files, placing.missing)
        except NotImplementedError as error:
            raise CommandError(f"Symlinking is not supported in this platform: {error}") from error
        except OSError as error:
            raise CommandError(str(error)) from error

    # --- the release

    def _build(self, prepared: Prepared) -> None:
        plan = prepared.plan
        self.report.changes = Changes.between(self._current_names(), plan.names())
        self.progress.phase(f"Building the release: {len(plan.assets):,} files")
        if self.dry_run:
            recipe = self.storage.recipe
            assets = {name: planned.asset for name, planned in plan.assets.items()}
            self.report.release = Release(recipe.static_url, recipe.fingerprint, assets)
            return
        built = self.storage.carry_out(prepared, partial(self.progress.share, "Encoding:"))
        self.report.release = built.release
        self.report.size = size_report.of(built.release)
        self.report.overdue = _overdue(self.storage)
        self._written = {name for name in built.written if self._is_all_of_it(built.release, name)} | built.healed
        for name, asset in built.release.assets.items():
            if name in built.written or asset.references:
                self.log(f"Post-processed '{name}' as '{asset.name}'")
                self.post_processed_files.append(name)

    def _is_all_of_it(self, release: Release, name: str) -> bool:
        """Whether no original lies beside the published file, so that writing this is what Django calls modified."""
        return not self.storage.recipe.unhashed or release.assets[name].name == name

    def _current_names(self) -> dict[str, str]:
        """Of the current release: as the manifest has them, else as the record does, which takes longer to read."""
        places = self.storage.places
        current = places.records.current()
        if not current:
            return {}
        try:
            return places.names() or _names(places.records.release(current))
        except (RecordError, UnknownReleaseError):
            return {}

    def _clear(self, gathered: Gathered, prepared: Prepared) -> None:
        owned, named = emit.taken(prepared.plan), {*prepared.manifests, self.storage.manifest_name}
        if not self.post_process or self.storage.recipe.unhashed:
            named |= gathered.sources.keys()
        keeping = self.storage.keeping()
        cleared = clear(self.storage.files, lambda name: name in owned or name in named, keeping, self.dry_run)
        for name in cleared.deleted:
            self.log(f"{'Pretending to delete' if self.dry_run else 'Deleting'} '{name}'")
        self.report.cleared = cleared

    # --- the result

    def _collected(self, gathered: Gathered, modified: set[str]) -> dict[str, list[str]]:
        """Django's dict; its keys depend on the version."""
        names = {name.replace("\\", "/"): name for name in gathered.places}
        copied = [name for key, name in names.items() if key in modified]
        if self.symlink:
            self.symlinked_files = copied
        else:
            self.copied_files = copied
        self.unmodified_files = [name for key, name in names.items() if key not in modified]
        collected = {"modified": copied, "unmodified": self.unmodified_files}
        collected["post_processed"] = self.post_processed_files
        if hasattr(self, "skipped_files"):
            self.skipped_files = [conflict.loser.name for conflict in gathered.conflicts]
            self.deleted_files = list(self.report.cleared.deleted) if self.report.cleared else []
            collected |= {"skipped": self.skipped_files, "deleted": self.deleted_files}
        self.report.counts = {"files": len(names), **{key: len(value) for key, value in collected.items()}}
        return collected

    def _json(self) -> str:
        return json.dumps(self.report.to_json(), indent=1, ensure_ascii=False)


def _names(release: Release) -> dict[str, str]:
    return {name: asset.name for name, asset in release.assets.items()}


def _overdue(storage: ReleaseStorage) -> int:
    wanted = conf()
    return overdue(storage.records, wanted.retain, wanted.retain_days, int(time()))
