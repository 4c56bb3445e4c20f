"""What is asked besides, where an answer leaves more than one cause open."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from posixpath import dirname
from urllib.parse import urlsplit

from clearway.doctor.names import without_hash
from clearway.probing.caches import is_kept

from .content import codings
from .kinds import extension
from .seen import Absent, Seen, Wanted, origin
from .walk import Walk, is_html

Own = Callable[[str], bool]

_MOST_FAILED, _MOST_KEPT, _MOST_ENCODED, _MOST_ABSENT = 8, 6, 12, 6
_REPEATED = 2
_TEXTS = frozenset({"style", "script", "module"})
_UNENCODED = {"Accept-Encoding": "identity"}


def asked_again(walk: Walk, assets: Sequence[Seen], own: Own, token: str) -> list[Seen]:
    """The assets, with more answers to those that leave doubt; `own` says whose hosts are the project's."""
    left = {"failed": _MOST_FAILED, "kept": _MOST_KEPT, "encoded": _MOST_ENCODED}
    return [_more(walk, each, token, left) if own(each.wanted.url) else each for each in assets]


def _more(walk: Walk, seen: Seen, token: str, left: dict[str, int]) -> Seen:
    if _is_due("failed", left, wanted=fails(seen)):
        repeated = (walk.again(seen.wanted, {}) for _ in range(_REPEATED))
        fresh = walk.again(seen.wanted, {}, uncached(seen.wanted.url, token))
        return replace(seen, repeated=tuple(each for each in repeated if each), fresh=fresh)
    answer = seen.answer
    if answer is None or not seen.arrives or seen.wanted.kind not in _TEXTS:
        return seen
    if _is_due("kept", left, wanted=is_kept(answer) and without_hash(urlsplit(seen.url).path) is None):
        seen = replace(seen, fresh=walk.again(seen.wanted, {}, uncached(seen.url, token)))
    if _is_due("encoded", left, wanted=bool(codings(answer))):
        seen = replace(seen, identity=walk.again(seen.wanted, _UNENCODED, seen.url))
    return seen


def _is_due(what: str, left: dict[str, int], *, wanted: bool) -> bool:
    if wanted and left[what]:
        left[what] -= 1
        return True
    return False


def fails(seen: Seen) -> bool:
    """Whether a browser gets no file: no answer, an error, a redirect without an end, a page in its place."""
    answer = seen.answer
    if answer is None or seen.loops or not seen.arrives:
        return True
    return seen.wanted.kind in {*_TEXTS, "font", "map", "manifest"} and is_html(answer)


def absent_names(walk: Walk, assets: Iterable[Seen], own: Own, token: str) -> list[Absent]:
    """Names that are not there: one beside the first asset of each directory and kind, asked for twice."""
    found: list[Absent] = []
    for seen in _first_of_each(assets, own):
        url = f"{_directory(seen.wanted.url)}clearway-check-{token}{extension(seen.wanted.url)}"
        asked = Wanted(url, seen.wanted.kind, seen.wanted.by, 0, seen.wanted.cors, seen.wanted.page)
        answers = tuple(each for each in (walk.again(asked, {}) for _ in range(2)) if each)
        if answers:
            found.append(Absent(url, seen, answers))
    return found[:_MOST_ABSENT]


def _first_of_each(assets: Iterable[Seen], own: Own) -> Iterator[Seen]:
    known = set[tuple[str, str, str]]()
    for each in assets:
        path = urlsplit(each.wanted.url).path
        key = origin(each.wanted.url), path.strip("/").partition("/")[0], extension(path)
        is_text = each.wanted.kind in ("style", "script", "module")
        if is_text and key[2] and own(each.wanted.url) and key not in known and len(known) < _MOST_ABSENT:
            known.add(key)
            yield each


def _directory(url: str) -> str:
    return f"{origin(url)}{dirname(urlsplit(url).path).rstrip('/')}/"


def uncached(url: str, token: str) -> str:
    """The URL with a query that no cache knows."""
    return f"{url}{'&' if urlsplit(url).query else '?'}clearway-check={token}"
