"""A file that has to stay private lies among the static files.

What it means
    Everything in STATIC_ROOT is public: whoever knows or guesses the name gets passwords, keys, the source or the
    database.

Why it breaks in production but not locally
    It works in both, and that is the trouble. Usually STATICFILES_DIRS or STATIC_ROOT names a directory too high, such
    as the project itself.

See it yourself
    curl --head https://YOUR.SITE/static/.env

Fix
    Move the file, or name a directory in STATICFILES_DIRS that has static files only; run collectstatic --clear. What
    was public once is known: change the passwords and keys in it.

When to ignore
    Never, where the file is what its name says.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from posixpath import basename

from clearway.doctor.evidence import counted, some
from clearway.doctor.facts import Facts, Settings, Unavailable, is_installed, optional
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule

RULE = Rule(
    "CW240",
    "secret-collected",
    "secret-exposed",
    Level.ERROR,
    Layer.COLLECTION,
    ("settings",),
    ("sources", "collected"),
)
_MOST = 5_000  # files of a directory that is answered at the root of the site
_READ = 1 << 16  # octets of a file that are looked at
_ENVIRONMENT = re.compile(r"\.env(\..+)?|\.envrc|[^.]+\.env|\.htpasswd|\.netrc|\.pgpass|\.pypirc", re.IGNORECASE)
_EXAMPLE = re.compile(r".*\.(example|sample|template|dist|js|ts|json)", re.IGNORECASE)
_KEY = re.compile(r"id_(rsa|dsa|ecdsa|ed25519)|.*\.(pem|key|ppk|p8)", re.IGNORECASE)
_KEY_TEXT = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----|^PuTTY-User-Key-File", re.MULTILINE)
_DATABASE = re.compile(r".*\.(sqlite3?|db)", re.IGNORECASE)
_SETTINGS_TEXT = re.compile(rb"^\s*(SECRET_KEY|DATABASES)\s*=", re.MULTILINE)
_DUMP = re.compile(r".*\.(sql|dump)", re.IGNORECASE)
_DUMP_TEXT = re.compile(rb"^(INSERT INTO|COPY) ", re.MULTILINE)


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for the first public directory with private files; else one for what would be collected."""
    left_out: list[str] = []
    for setting, files in _public(facts, left_out):
        if private := list(_private(files)):
            yield _lying(facts.settings, setting, private)
            return
    sources = optional(lambda: facts.sources)
    own = {name: path for name, path in sources.files.items() if not is_installed(path)} if sources else {}
    if private := list(_private(own)):
        yield RULE.finding(
            f"{_counted(private)} would be collected, and public",
            *some([row for _, row in private]),
            location=facts.settings.line_of("STATICFILES_DIRS"),
            effect="whoever asks for the URL would get it",
            fix=Fix("move it out of the static directories"),
            level=Level.WARNING,
        )
    if left_out:
        raise Unavailable("; ".join(left_out))


def _lying(settings: Settings, setting: str, private: list[tuple[str, str]]) -> Finding:
    is_root = setting == "STATIC_ROOT"
    cure = (
        "move it out of the static directories, then run collectstatic with --clear"
        if is_root
        else "name a directory that has nothing but the public files of the site's root"
    )
    return RULE.finding(
        f"{_counted(private)} {'lies' if len(private) == 1 else 'lie'} in {setting}, where everything is public",
        *some([row for _, row in private]),
        location=(settings.line_of("STATICFILES_DIRS") if is_root else None) or settings.line_of(setting),
        effect="whoever asks for the URL gets it",
        fix=Fix(f"{cure}; change the passwords and keys that were public"),
    )


def _counted(private: list[tuple[str, str]]) -> str:
    return private[0][0] if len(private) == 1 else counted(len(private), "private file")


def _public(facts: Facts, left_out: list[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Each setting that names a public directory, and the files there; `left_out` takes what was too much."""
    yield from ((setting, dict(_below(root, setting, left_out))) for setting, root in _site_roots(facts.settings))
    if (collected := optional(lambda: facts.collected)) is not None:
        yield "STATIC_ROOT", {name: str(collected.path(name)) for name in collected.sizes}


def _site_roots(settings: Settings) -> Iterator[tuple[str, Path]]:
    """Directories whose files are answered at the root of the site."""
    ours = settings.get("CLEARWAY")
    given = {name: settings.get(name) for name in ("WHITENOISE_ROOT", "SERVESTATIC_ROOT")}
    given["CLEARWAY"] = ours.get("root") if isinstance(ours, dict) else None
    for name, value in given.items():
        for root in value if isinstance(value, list | tuple) else [value] if value else []:
            yield name, Path(str(root))


def _below(root: Path, setting: str, left_out: list[str]) -> Iterator[tuple[str, str]]:
    """The files of a directory, within bounds; Clearway answers with no name that begins with a dot."""
    looked_at = 0
    for folder, inner, names in os.walk(root):
        inner[:] = sorted(each for each in inner if setting != "CLEARWAY" or each[0] != ".")
        looked_at += len(names)
        if looked_at > _MOST:
            return left_out.append(f"only the first {_MOST:,} files of {setting} were looked at")
        for path in (Path(folder, name) for name in sorted(names)):
            if setting != "CLEARWAY" or path.name[0] != ".":
                yield path.relative_to(root).as_posix(), str(path)


def _private(files: dict[str, str]) -> Iterator[tuple[str, str]]:
    """(name, proof) of what is private by its name, and by its content where a name alone proves nothing."""
    seen_history = False
    for name, path in files.items():
        is_history = "/.git/" in f"/{name}" and name.endswith(".git/HEAD")
        if is_history and not seen_history:
            seen_history = True
            yield name.removesuffix("/HEAD"), f"{Path(path).parent} is the history of the project"
        elif said := _said(basename(name), path):
            yield name, f"{path} {said}"


def _said(base: str, path: str) -> str:
    if _ENVIRONMENT.fullmatch(base) and not _EXAMPLE.fullmatch(base):
        return "holds secrets, by its name" if _read(path) else ""
    if _DATABASE.fullmatch(base) and _is_of_django(_read(path)):
        return "is a database of Django"
    if _KEY.fullmatch(base) and _KEY_TEXT.search(_read(path)):
        return "is a private key"
    if base.endswith(".py") and (found := _SETTINGS_TEXT.search(_read(path))):
        return f"sets {found[1].decode()}"
    return "is a dump of a database" if _DUMP.fullmatch(base) and _DUMP_TEXT.search(_read(path)) else ""


def _is_of_django(data: bytes) -> bool:
    """A database may be an exhibit; one that Django migrated is the site's."""
    return data.startswith(b"SQLite format 3\0") and b"django_migrations" in data


def _read(path: str) -> bytes:
    try:
        with Path(path).open("rb") as file:
            return file.read(_READ)
    except OSError:
        return b""
