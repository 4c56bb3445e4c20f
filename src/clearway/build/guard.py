"""The guard: what should not become public, or not under its name. It looks before anything is written.

Every rule is a function from sources to problems; a rule reads a file only when its name gives reason to.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from posixpath import basename, splitext

from .kinds import (
    CONFLICT,
    NODE_MODULES,
    OVERRIDE,
    PRIVATE_KEY,
    SAME_BUT_CASE,
    SAME_BUT_FORM,
    SECRET,
    UNCOMPILED,
    VERSION_CONTROL,
    Kind,
)
from .problems import Problem
from .sources import Source

_SECRET = re.compile(r"\.env(\..+)?|\.envrc|\.htpasswd|\.netrc|\.pgpass|\.pypirc|[^.]+\.env", re.IGNORECASE)
_HARMLESS_ENV = re.compile(r".*\.(example|sample|template|dist|js|ts|json)", re.IGNORECASE)
_KEY_NAME = re.compile(r"id_(rsa|dsa|ecdsa|ed25519)|.*\.(pem|key|ppk|p8)", re.IGNORECASE)
_KEY_TEXT = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----|^PuTTY-User-Key-File", re.MULTILINE)
_VERSION_CONTROL = frozenset({".git", ".hg", ".svn", ".bzr", "CVS", "_darcs"})
_UNCOMPILED = frozenset({".scss", ".sass", ".less", ".styl", ".ts", ".tsx", ".jsx", ".vue", ".svelte", ".coffee"})
_VIDEO_PACKET = 188  # octets of a packet of an MPEG transport stream, whose extension is .ts too


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two sources for one name: the finders give the first, and why."""

    winner: Source
    loser: Source
    reason: str = ""


def findings(sources: Sequence[Source], conflicts: Iterable[Conflict] = ()) -> list[Problem]:
    """Everything that the rules find, in the order of names within a rule."""
    ordered = sorted(sources, key=lambda source: source.name)
    found = [problem for rule in RULES for problem in rule(ordered)]
    return found + [_conflict(each) for each in conflicts]


def _secrets(sources: Sequence[Source]) -> Iterator[Problem]:
    for source in sources:
        base = basename(source.name)
        if _SECRET.fullmatch(base) and not _HARMLESS_ENV.fullmatch(base):
            yield _problem(SECRET, source, "holds settings and secrets, by its name, and would be public")


def _private_keys(sources: Sequence[Source]) -> Iterator[Problem]:
    for source in sources:
        if _KEY_NAME.fullmatch(basename(source.name)) and _KEY_TEXT.search(source.read()):
            yield _problem(PRIVATE_KEY, source, "is a private key, and would be public")


def _version_control(sources: Sequence[Source]) -> Iterator[Problem]:
    yield from _folders(VERSION_CONTROL, sources, _VERSION_CONTROL, "the history of the project would be public")


def _node_modules(sources: Sequence[Source]) -> Iterator[Problem]:
    yield from _folders(NODE_MODULES, sources, frozenset({"node_modules"}), "whole npm packages would be public")


def _folders(kind: Kind, sources: Sequence[Source], wanted: frozenset[str], text: str) -> Iterator[Problem]:
    """One problem for each folder, not for each of its files."""
    files: dict[str, list[Source]] = {}
    one_of_them = re.compile(rf"(?:\A|/)(?:{'|'.join(map(re.escape, sorted(wanted)))})/")
    for source in sources:
        if found := one_of_them.search(source.name):
            files.setdefault(source.name[: found.end()], []).append(source)
    for folder, inside in files.items():
        first = inside[0]
        count = f"{len(inside)} files" if len(inside) > 1 else "1 file"
        yield Problem(kind, folder, f"{count}: {text}", app=first.app)


def _uncompiled(sources: Sequence[Source]) -> Iterator[Problem]:
    for source in sources:
        extension = splitext(source.name)[1].lower()
        if extension in _UNCOMPILED and "node_modules/" not in source.name and not _is_video(extension, source):
            yield _problem(UNCOMPILED, source, "no browser runs it; the source would be public")


def _is_video(extension: str, source: Source) -> bool:
    if extension != ".ts" or source.third_party:
        return False
    data = source.read()
    return data[:1] == b"G" and len(data) % _VIDEO_PACKET == 0


def _same_but_case(sources: Sequence[Source]) -> Iterator[Problem]:
    yield from _twins(SAME_BUT_CASE, sources, lambda name: unicodedata.normalize("NFC", name).casefold())


def _same_but_form(sources: Sequence[Source]) -> Iterator[Problem]:
    yield from _twins(SAME_BUT_FORM, sources, lambda name: unicodedata.normalize("NFC", name))


def _twins(kind: Kind, sources: Sequence[Source], folded: Callable[[str], str]) -> Iterator[Problem]:
    first: dict[str, Source] = {}
    for source in sources:
        other = first.setdefault(folded(source.name), source)
        if other is source:
            continue
        is_form = unicodedata.normalize("NFC", other.name) == unicodedata.normalize("NFC", source.name)
        if is_form == (kind is SAME_BUT_FORM):
            text = f"differs from {ascii(other.name)[1:-1] if is_form else other.name} in "
            yield _problem(kind, source, text + ("its Unicode form only" if is_form else "capital letters only"))


def _conflict(conflict: Conflict) -> Problem:
    winner, loser = conflict.winner, conflict.loser
    same = winner.read() == loser.read()
    is_meant = same or (loser.third_party and not winner.third_party)
    text = f"{winner.origin} wins over {loser.origin}" + (f" ({conflict.reason})" if conflict.reason else "")
    content = "the contents are the same" if same else "the contents differ"
    return _problem(OVERRIDE if is_meant else CONFLICT, winner, f"{text}; {content}")


def _problem(kind: Kind, source: Source, text: str) -> Problem:
    return Problem(kind, source.name, text, app=source.app, third_party=source.third_party)


RULES: Sequence[Callable[[Sequence[Source]], Iterator[Problem]]] = (
    _secrets,
    _private_keys,
    _version_control,
    _node_modules,
    _uncompiled,
    _same_but_case,
    _same_but_form,
)
