"""`clearway verify --url`: whether a live site answers with the files of all retained releases."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from secrets import token_hex
from urllib.parse import urljoin, urlsplit

from clearway.catalog.asset import Asset
from clearway.catalog.release import Release
from clearway.http.lifetime import lifetime
from clearway.probing.answer import Answer
from clearway.stores.decode import decoded
from clearway.stores.foreign import content
from clearway.stores.places import Places
from clearway.stores.site import AT_ONCE, Site

from .errors import ReleaseError
from .files import Difference
from .live_sharing import cors_problems, is_apart, missing_problem, needing_cors
from .verify import Verified

_DAY = 86_400
_CODINGS = "br, zstd, gzip"


@dataclass(frozen=True)
class _Question:
    site: Site
    asset: Asset
    is_hashed: bool
    releases: tuple[str, ...]


def verify_site(places: Places, url: str) -> Verified:
    """Ask `url` for every file of the retained releases, as a browser would. Raises `ReleaseError` without a site."""
    releases = list(places.records.retained())
    if not releases:
        raise ReleaseError("there are no releases here to compare a site with; run collectstatic")
    questions = _questions(releases, url)
    with ExitStack() as stack:
        for each in {question.site for question in questions}:
            stack.callback(each.close)
        site = site_below(url, releases[0].static_url)
        stack.callback(site.close)
        differences = [*_missing(site), *_unreadable(releases[0], site, url)]
        pool = stack.enter_context(ThreadPoolExecutor(AT_ONCE))
        for found in pool.map(lambda question: list(_differences(question)), questions):
            differences += found
    size = sum(question.asset.size for question in questions)
    return Verified([release.id for release in releases], len(questions), size, sorted(differences))


def site_below(url: str, static_url: str) -> Site:
    """The files below STATIC_URL of a site. Raises `ReleaseError`."""
    try:
        return Site(urljoin((url if "//" in url else f"https://{url}").rstrip("/") + "/", static_url))
    except ValueError as error:
        raise ReleaseError(str(error)) from None


def _questions(releases: Sequence[Release], url: str) -> list[_Question]:
    """Each published file once. An unhashed name belongs to the current release, which comes first."""
    sites = {each.static_url: site_below(url, each.static_url) for each in releases}
    questions: dict[str, _Question] = {}
    needed: dict[str, list[str]] = {}
    for release in releases:
        for name, asset in release.assets.items():
            key = sites[release.static_url].url + asset.name
            needed.setdefault(key, []).append(release.id)
            questions.setdefault(key, _Question(sites[release.static_url], asset, name != asset.name, ()))
    return [_Question(q.site, q.asset, q.is_hashed, tuple(needed[key])) for key, q in questions.items()]


def _missing(site: Site) -> list[Difference]:
    """A name that no release can have: its answer must not be kept, or a deploy breaks what comes later."""
    name = f"clearway-verify.{token_hex(6)}.css"
    try:
        problem = missing_problem(site, name)
    except OSError as error:
        raise ReleaseError(f"{site.url} does not answer ({error}); check the address") from error
    return [Difference(site.url + name, problem)] if problem else []


def _unreadable(current: Release, site: Site, url: str) -> Iterator[Difference]:
    """Files on a host of their own that pages of the site cannot use."""
    page = urlsplit(url if "//" in url else f"https://{url}")
    for asset in needing_cors([*current.assets.values()]) if is_apart(current.static_url) else ():
        try:
            problems = list(cors_problems(site, asset.name, f"{page.scheme}://{page.netloc}"))
        except OSError:  # told of the file itself
            continue
        yield from (Difference(site.url + asset.name, text, (current.id,)) for text in problems)


def _differences(question: _Question) -> Iterator[Difference]:
    where = question.site.url + question.asset.name
    try:
        answer = question.site.get(question.asset.name, Accept_Encoding=_CODINGS)
    except OSError as error:
        yield Difference(where, f"no answer ({error})", question.releases)
        return
    for text in _problems(question, answer):
        yield Difference(where, text, question.releases)


def _problems(question: _Question, answer: Answer) -> Iterator[str]:
    if answer.status != 200:
        to = answer.headers.get("location")
        yield f"is answered with {answer.status}" + (f" to {to}" if to else "")
        return
    coding = answer.headers.get("content-encoding", "").lower()
    data = decoded(coding, answer.body) if coding else answer.body
    if data is None or content(data).sha256 != question.asset.sha256:
        yield "has other contents" + (f" (in {coding})" if coding else "")
    if coding and "accept-encoding" not in answer.headers.get("vary", "").lower():
        yield f"is encoded ({coding}), and its Vary does not say Accept-Encoding"
    if question.is_hashed and lifetime(answer.headers) < _DAY:
        given = answer.headers.get("cache-control")
        yield f"never changes, and browsers ask for it again: Cache-Control is {given or 'not there'}"
