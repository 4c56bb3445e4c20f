"""`clearway build` and `clearway compress`: from their arguments to a result. No settings are read."""

import sys
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from .build.compress import Compressed, compress
from .build.directory_sources import IGNORED, read_directory
from .build.memory import Memory
from .build.policy import Policy, Verdict
from .build.problems import SHOWN, Problem, headline, listed
from .build.recipe import Recipe
from .build.size_report import of
from .build.texts import code_version
from .catalog import layout
from .conf import Conf
from .directories import DirectoryError
from .directory_build import DirectoryBuild, finish, own_cache
from .management.collecting.progress import Progress
from .management.collecting.report import Report
from .releases.text import Paint, count
from .results import Result
from .retention_arguments import as_typed, retention
from .setting_readers import LEVELS

_FIXES = {
    "CW201": "correct the reference, or add the file",
    "CW202": "add the map, remove the comment that names it, or ignore it: --problems CW202=ignore",
    "CW203": "write a URL below {url}, or one that starts with / for what is no static file",
    "CW205": "correct the URL, or, when a page or a service answers it, ignore: --problems CW205=ignore",
    "CW213": "move it out of the directory, or leave it out: --ignore",
    "CW214": "build only what pages use: copy the files of each package, or bundle it",
    "CW215": "keep it outside of the directory, or leave it out: --ignore",
}
"""What to do where the usual remedy is a setting or an option of collectstatic."""


def build(options: Namespace) -> Result:
    """Build a release of a directory."""
    done = finish(options.minify)
    given = DirectoryBuild(
        Path(options.directory),
        Path(options.out),
        _recipe(options, options.url, done.version),
        Policy(dict(options.problems)),
        _ignored(options),
        done,
        retention(options, Conf.retain, Conf.retain_days),
    )
    progress = _progress(options)
    try:
        report = given.run(progress, dry_run=options.dry_run)
    finally:
        progress.done()
    report.references = _told(report.references, options.url)
    report.guard = _told(report.guard, options.url)
    errors = report.verdict.errors
    return Result(report.to_json(), lambda paint: list(_built(report, options, paint)), 1 if errors else 0)


def compress_files(options: Namespace) -> Result:
    """Encode the files of a directory in place."""
    root = Path(options.directory)
    if not root.is_dir():
        raise DirectoryError(f"{root} is {'a file' if root.exists() else 'not there'}; give a directory")
    if (root / layout.FOLDER / layout.CURRENT).exists():
        raise DirectoryError(f"{root} holds releases, whose files have their variants already")
    progress, cache = _progress(options), own_cache()
    memory = Memory(cache, f"{code_version()} compress {root.absolute()}")
    try:
        progress.phase("Looking for files")
        sources = read_directory(root.absolute(), _ignored(options), found=lambda n: progress.count("Found", n))
        progress.phase(f"Encoding {len(sources):,} files")
        done = compress(root, sources, _recipe(options, "/"), cache, memory)
    finally:
        progress.done()
    return Result(_compressed_data(done, root), lambda paint: _compressed(done, options.verbosity, paint))


def _recipe(options: Namespace, url: str, minify: str = "") -> Recipe:
    unhashed = getattr(options, "unhashed", False)
    return Recipe(url, options.encodings, options.levels or LEVELS, tuple(options.skip), unhashed, minify)


def _ignored(options: Namespace) -> tuple[str, ...]:
    return (*(IGNORED if options.default_ignore else ()), *options.ignore)


def _progress(options: Namespace) -> Progress:
    return Progress(sys.stderr, options.verbosity >= 1 and options.format == "text")


# --- a build


def _told(verdict: Verdict, url: str) -> Verdict:
    """The same with remedies that can be followed without a project."""
    levels = (verdict.errors, verdict.warnings, verdict.notes)
    return Verdict(*(tuple(_with_remedy(problem, url) for problem in problems) for problems in levels))


def _with_remedy(problem: Problem, url: str) -> Problem:
    kind = problem.kind
    fix = _FIXES[kind.id].format(url=url) if kind.id in _FIXES else kind.fix
    return replace(problem, kind=replace(kind, fix=fix), text=problem.text.replace("STATIC_URL", url))


def _built(report: Report, options: Namespace, paint: Paint) -> Iterator[str]:
    verdict, everything = report.verdict, options.verbosity > 1
    shown = verdict.errors + verdict.warnings + (verdict.notes if everything else ())
    if shown:
        limit = None if everything else SHOWN
        yield from (_painted(line, paint) for line in listed(shown, limit).splitlines())
        yield ""
    if verdict.errors:
        yield paint(headline(verdict.errors), "bold")
    elif options.verbosity > 0:
        yield from _released(report, options, paint, everything=everything)


def _painted(line: str, paint: Paint) -> str:
    return paint(line, "red") if line.startswith("error ") else paint(line, "bold") if line[:1].strip() else line


def _released(report: Report, options: Namespace, paint: Paint, *, everything: bool) -> Iterator[str]:
    assert report.release is not None
    state = f"would be made in {options.out}" if report.dry_run else f"is current in {options.out}"
    yield f"{paint(f'Release {report.release.id}', 'bold')} {state}: {report.changes.counted()}."
    if everything:
        yield from report.changed_names()
    if report.size is not None:
        yield from report.size.lines()[: None if everything else 1]
    if report.dry_run:
        yield "Dry run: nothing was written."
    if report.overdue:
        past = count(report.overdue, "release is", "releases are")
        prune = f"clearway prune --root {options.out}{as_typed(options)}"
        yield f"{past} past retention; to remove what only old releases list: {prune}"


# --- in place


def _compressed_data(done: Compressed, root: Path) -> dict[str, Any]:
    return {
        "directory": str(root),
        "written": list(done.written),
        "removed": list(done.removed),
        "size": of(done.release).to_json(),
    }


def _compressed(done: Compressed, verbosity: int, paint: Paint) -> list[str]:
    if not verbosity:
        return []
    there = sum(len(asset.variants) for asset in done.release.assets.values()) - len(done.written)
    removed = f", {count(len(done.removed), 'stale file')} removed" if done.removed else ""
    head = f"{paint(count(len(done.written), 'file'), 'bold')} written, {there:,} there already{removed}."
    names = [f"  {name}" for name in done.written] + [f"  {name} (removed)" for name in done.removed]
    return [head, *(names if verbosity > 1 else []), *of(done.release).lines()[: None if verbosity > 1 else 1]]
