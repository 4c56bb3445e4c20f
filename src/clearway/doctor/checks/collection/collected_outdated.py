"""Collected files are not what their sources are.

What it means
    The source changed and its copy in STATIC_ROOT did not: browsers get the old content.

Why it breaks in production but not locally
    runserver answers from the sources. In production the copy is served, and Django's collectstatic skips a file whose
    copy has the later date, whatever is in it: a checkout, rsync, an unpacked archive and a Docker layer all give
    sources old dates.

See it yourself
    Compare the two files that the proof names, for example with cmp.

Fix
    Run collectstatic. Where the copy is the newer file, Django passes it by: give --clear, which empties STATIC_ROOT
    first, or touch the source. Clearway's collectstatic compares contents and needs neither.

When to ignore
    When something changes the copies on purpose after they are collected, such as a minifier; better give its output
    a directory of its own.
"""

import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from clearway.doctor.answering import from_sources
from clearway.doctor.evidence import counted, some
from clearway.doctor.facts import Collected, Facts, Settings, Sources, Unavailable, optional
from clearway.doctor.finding import Finding, Fix, Level, Safety
from clearway.doctor.rule import Layer, Rule

RULE = Rule(
    "CW231",
    "collected-copy-outdated",
    "stale-collected",
    Level.ERROR,
    Layer.COLLECTION,
    ("settings", "sources", "collected"),
    ("manifest", "process"),
)
_REWRITTEN = (".css", ".js", ".mjs", ".cjs", ".svg", ".webmanifest")  # a hashed copy of these may differ by its links
_LARGEST = 1 << 20  # octets that are read at a time
_COLLECT = "python manage.py collectstatic --noinput"


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for all files that differ."""
    collected, settings = facts.collected, facts.settings
    if settings["DEBUG"] or collected.rolled_back:
        return
    if collected.altered_by:
        raise Unavailable(f"{collected.altered_by} changes files while it collects them")
    if by := from_sources(facts):
        raise Unavailable(f"static files are answered from their sources: {by}")
    manifest = optional(lambda: facts.manifest)
    pairs = _pairs(facts.sources, collected, manifest.names if manifest else {})
    outdated = [(Path(source), Path(copy)) for source, copy in pairs if _differ(source, copy)]
    if outdated:
        newer = [pair for pair in outdated if _is_newer(*pair)]
        yield RULE.finding(
            f"{counted(len(outdated), 'collected file is', 'collected files are')} not what the source is now",
            *some([_row(*pair) for pair in outdated]),
            *_trap(newer, outdated, settings),
            location=settings.line_of("STATIC_ROOT"),
            effect="browsers get the old content",
            fix=_fix(bool(newer), settings),
            breaks=frozenset(f"static:{Path(copy).relative_to(collected.root).as_posix()}" for _, copy in outdated),
        )


def _pairs(sources: Sources, collected: Collected, published: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Each source, and the copy that is to be the same; as texts, since there are thousands."""
    for name, path in sources.files.items():
        copy = name if name in collected.sizes else None if name.endswith(_REWRITTEN) else published.get(name)
        if copy is not None and collected.sizes.get(copy, -1) >= 0:
            yield path, f"{collected.root}/{copy}"


def _differ(source: str, copy: str) -> bool:
    try:
        with open(source, "rb", 0) as one, open(copy, "rb", 0) as other:  # noqa: PTH123  # thousands of them
            size = os.fstat(one.fileno()).st_size
            return size != os.fstat(other.fileno()).st_size or _differ_inside(one, other, min(size, _LARGEST) + 1)
    except OSError:  # gone, or not ours to read: others tell
        return False


def _differ_inside(one: IO[bytes], other: IO[bytes], octets: int) -> bool:
    """Whether a pair of files of one size differs, read so many octets at a time."""
    while data := one.read(octets):
        if data != other.read(octets):
            return True
    return False


def _is_newer(source: Path, copy: Path) -> bool:
    return int(copy.stat().st_mtime) >= int(source.stat().st_mtime)  # as Django compares: whole seconds


def _row(source: Path, copy: Path) -> str:
    return f"{copy} ({_size_and_date(copy)}) is not {source} ({_size_and_date(source)})"


def _size_and_date(file: Path) -> str:
    known = file.stat()
    return f"{known.st_size:,} octets, {_date(known.st_mtime)}"


def _date(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M")


def _trap(newer: list[tuple[Path, Path]], outdated: list[tuple[Path, Path]], settings: Settings) -> Iterator[str]:
    if not newer or _compares_contents(settings):
        return
    if len(outdated) == 1:
        yield "the copy has the later date: collectstatic would skip it"
    else:
        yield f"{len(newer):,} of the copies have the later date: collectstatic would skip them"


def _compares_contents(settings: Settings) -> bool:
    """Whether Clearway's collectstatic is the one that runs."""
    apps = [str(name).removesuffix(".apps.ClearwayConfig") for name in settings["INSTALLED_APPS"]]
    below = apps.index("clearway") if "clearway" in apps else len(apps)
    return all("staticfiles" not in name for name in apps[:below]) and below < len(apps)


def _fix(newer: bool, settings: Settings) -> Fix:
    if newer and not _compares_contents(settings):
        clearing = f"{_COLLECT} --clear"
        return Fix("run collectstatic with --clear, so that no file is skipped", Safety.UNSAFE, commands=(clearing,))
    return Fix("run collectstatic", Safety.SAFE, commands=(_COLLECT,))
