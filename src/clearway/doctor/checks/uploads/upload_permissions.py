"""Uploads get permissions under which the web server cannot read them.

What it means
    Django gives each file that it stores FILE_UPLOAD_PERMISSIONS, and each directory FILE_UPLOAD_DIRECTORY_PERMISSIONS.
    None leaves the mode of the temporary file, 0600, to every upload above FILE_UPLOAD_MAX_MEMORY_SIZE. A number
    without 0o before it is decimal, and something else.

Why it breaks in production but not locally
    Locally one user writes and reads; in production the web server is another.

See it yourself
    ls -l on a large upload beside a small one

Fix
    FILE_UPLOAD_PERMISSIONS = 0o644 and FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o755; chmod what is there already.

When to ignore
    Where the web server runs as the user of the application.
"""

from collections.abc import Iterator
from pathlib import Path

from clearway.doctor.facts import Facts, optional
from clearway.doctor.finding import Finding, Fix, Level, Safety
from clearway.doctor.python_edit import expression
from clearway.doctor.rule import Layer, Rule

RULE = Rule(
    "CW610",
    "upload-permissions",
    "perm-file",
    Level.WARNING,
    Layer.SETTINGS,
    ("settings", "media_storage"),
    ("process",),
)
_FILES, _DIRECTORIES = "FILE_UPLOAD_PERMISSIONS", "FILE_UPLOAD_DIRECTORY_PERMISSIONS"


def look(facts: Facts) -> Iterator[Finding]:
    settings = facts.settings
    process = optional(lambda: facts.process)
    if settings["DEBUG"] or not facts.media_storage.is_local or (process and process.media_view):
        return
    for name in (_FILES, _DIRECTORIES):
        mode = settings.get(name, 0o644 if name == _FILES else None)
        problem = _problem(name, mode, is_kept=bool(settings["MEDIA_ROOT"]))
        if problem and name in settings.given:
            yield _finding(facts, name, mode, problem)
            return


def _finding(facts: Facts, name: str, mode: object, problem: str) -> Finding:
    settings, right = facts.settings, "0o644" if name == _FILES else "0o755"
    where = settings.line_of(name)
    media = Path(settings["MEDIA_ROOT"] or "")
    is_wrong = mode is not None
    return RULE.finding(
        f"{name} gives {'' if is_wrong else 'large '}uploads a mode that the web server cannot read",
        f"{name} = {oct(mode) if isinstance(mode, int) else repr(mode)}",
        problem,
        *([f"MEDIA_ROOT = {media}"] if media.name else []),
        location=where,
        effect="uploads are 403, and with a wrong number collected files too"
        if is_wrong
        else "small uploads work, large ones are 403",
        fix=Fix(f"{name} = {right}; chmod what is there already", _safety(mode), expression(where, mode, right)),
        breaks=frozenset({"media", "uploads", "static"} if is_wrong else {"uploads"}),
        level=Level.ERROR if is_wrong else Level.WARNING,
    )


def _problem(name: str, mode: object, *, is_kept: bool) -> str:
    """Why a mode does not work; empty where it does."""
    if mode is None:
        said = "an upload that Django keeps on disk while it comes in has the mode 0600, and keeps it"
        return said if name == _FILES and is_kept else ""
    if not isinstance(mode, int):
        return "a mode is a number, such as 0o644"
    needed = 0o400 if name == _FILES else 0o700
    if f"{mode}" in _DECIMALS:
        return f"{mode} without 0o before it is the mode {mode:04o}"
    if mode & needed != needed:
        return f"{mode:04o} keeps even its owner out"
    others = 0o044 if name == _FILES else 0o011
    return "" if mode & others else f"{mode:04o} is for its owner alone"


_DECIMALS = ("600", "640", "644", "660", "664", "666", "700", "750", "755", "770", "775", "777")


def _safety(mode: object) -> Safety:
    """What was written without 0o was meant for others to read; what keeps them out may be."""
    return Safety.SAFE if f"{mode}" in _DECIMALS else Safety.UNSAFE
