"""Whether a live site has the files of a release, and pages name files that are there."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from clearway.doctor.live.content import page_text
from clearway.doctor.live.page import wanted_by
from clearway.stores.decode import decoded
from clearway.stores.foreign import content
from clearway.stores.site import AT_ONCE

from .asking import Asker
from .differing import Published

NO_ANSWER = "no answer"
_CODINGS = "br, zstd, gzip"
_MOST = 2_000  # files of a release that are asked for: those that the other one does not have come first
_BAD, _FAULT = 400, 500
_REFUSED, _MISSING = frozenset({401, 403}), frozenset({404, 410})


def asked_first(one: Published, other: Published) -> list[str]:
    """The names with a hash that are asked for."""
    return list(islice(sorted(one.hashed, key=lambda name: (name in other.assets, name)), _MOST))


def wrong_files(asker: Asker, home: str, release: Published, names: Sequence[str]) -> list[tuple[str, str]]:
    """(URL, what is wrong) of the files that a browser would not get as they are recorded."""

    def look(name: str) -> tuple[str, str]:
        url = release.url(home, name)
        return url, _problem(asker, url, release.assets[name].sha256)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return [found for found in pool.map(look, names) if found[1]]


def refused_files(asker: Asker, home: str, release: Published, names: Sequence[str]) -> list[tuple[str, str]]:
    """(URL, what is wrong) of the files that the site refuses or cannot send; those that it does not have are none."""

    def look(name: str) -> tuple[str, str]:
        url = release.url(home, name)
        return url, _refusal(asker, url)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return [found for found in pool.map(look, names[:_MOST]) if found[1]]


def wrong_references(
    asker: Asker, home: str, page: str, release: Published, *, is_due: bool
) -> Iterator[tuple[str, str]]:
    """(URL, what is wrong) of a page and of the static files that it names; one that is due must be there."""
    try:
        url, answer = asker.page(page)
    except OSError as error:
        yield page, f"{NO_ANSWER} ({error})"
        return
    if answer.status >= (_BAD if is_due else _FAULT):
        yield page, f"is answered with {answer.status}"
        return
    for named in dict.fromkeys(each.url for each in wanted_by(page_text(answer), url)):
        if release.name(home, named) is not None and (text := _problem(asker, named)):
            yield named, f"{text}, and {page} names it"


def is_missing(asker: Asker, url: str) -> bool:
    """Whether the site says that it has no such file."""
    try:
        return asker.get(url).status in _MISSING
    except OSError:
        return False


def _refusal(asker: Asker, url: str) -> str:
    try:
        status = asker.get(url).status
    except OSError as error:
        return f"{NO_ANSWER} ({error})"
    return f"is answered with {status}" if status in _REFUSED or status >= _FAULT else ""


def _problem(asker: Asker, url: str, sha256: str = "") -> str:
    try:
        answer = asker.get(url, Accept_Encoding=_CODINGS)
    except OSError as error:
        return f"{NO_ANSWER} ({error})"
    if answer.status != 200:
        return f"is answered with {answer.status}"
    coding = answer.headers.get("content-encoding", "").lower()
    data = decoded(coding, answer.body) if coding else answer.body
    return "has other contents" if data is None or (sha256 and content(data).sha256 != sha256) else ""
