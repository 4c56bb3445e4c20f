"""The causes of a 404, in the order of the road."""

from collections import Counter
from collections.abc import Callable
from posixpath import basename
from urllib.parse import urlsplit, urlunsplit
from weakref import WeakKeyDictionary

from clearway.doctor.facts import optional
from clearway.doctor.names import builds, without_hash

from .case import Case
from .hops import CDNS, FRONTS, told
from .naming import file_of
from .seen import Seen
from .verdict import Verdict
from .walk import is_html

_REFUSED = frozenset({401, 403})
_MOST_VAIN = 3  # questions about another path that lead to nothing
_vain: "WeakKeyDictionary[object, Counter[str]]" = WeakKeyDictionary()


def verdict(case: Case) -> Verdict | None:
    """The first that fits. One without a cause is nobody's mistake."""
    return next((found for look in _LOOKS if (found := look(case))), None)


def _of_other_path(case: Case) -> Verdict | None:
    """The file is there by the same name at another path of the site: below the script name, or not below it."""
    vain = _vain.setdefault(case.facts, Counter())
    for cause, url, why in _other_paths(case):
        try:
            answer = case.live.ask(url, {"Accept-Encoding": "identity"}) if vain[cause] < _MOST_VAIN else None
        except OSError:
            answer = None
        if answer and answer.status == 200 and answer.body and not is_html(answer):
            return Verdict(cause, case.seen, (f"GET {url} → {told(answer)}",), why)
        vain[cause] += 1
    return None


def _other_paths(case: Case) -> list[tuple[str, str, str]]:
    parts = urlsplit(case.seen.wanted.url)
    page = urlsplit(case.seen.wanted.page)
    if page.netloc != parts.netloc or not case.is_text:
        return []
    found = []
    above = f"/{page.path.strip('/').partition('/')[0]}"
    if above != "/" and not parts.path.startswith(f"{above}/"):
        below = urlunsplit((*parts[:2], f"{above}{parts.path}", *parts[3:]))
        found.append(("script-name", below, f"the site lies below {above}/"))
    kind, name = case.file
    settings = optional(lambda: case.facts.settings)
    prefix = urlsplit(str(settings.get(f"{kind.upper()}_URL") or "") if settings else "").path.strip("/")
    right = f"/{prefix}/{name}"
    if prefix and parts.path.endswith(right) and parts.path != right:
        at_root = urlunsplit((*parts[:2], right, *parts[3:]))
        found.append(("static-url-relative", at_root, "the URL in the page is taken from the page's own path"))
    return found


def _of_other_case(case: Case) -> Verdict | None:
    collected, sources = optional(lambda: case.facts.collected), optional(lambda: case.facts.sources)
    name = case.file[1]
    names = {*(collected.sizes if collected else ()), *(sources.files if sources else ())}
    if case.is_media or name in names:
        return None
    other = next((each for each in names if each.casefold() == name.casefold()), "")
    return Verdict("name-case", case.seen, (f"there is {other}",)) if other else None


def _of_other_build(case: Case) -> Verdict | None:
    """A name with a hash that the page has and the server has not."""
    if not case.is_hashed or case.is_media:
        return None
    collected = optional(lambda: case.facts.collected)
    name = case.file[1]
    others = builds(collected.sizes).get(without_hash(name) or "", []) if collected else []
    if others and name not in others:
        return Verdict("mixed-release", case.seen, (f"collected here is {others[0]}",), "the page is of another build")
    good = next((each for each in case.arriving() if without_hash(urlsplit(each.url).path) is not None), None)
    if good and not case.path:
        rows = (f"GET {good.wanted.url} → {good.answer.status if good.answer else ''}",)
        return Verdict("mixed-release", case.seen, rows, "others of its directory are there, this build of it is not")
    return None


def _of_application(case: Case) -> Verdict | None:
    """The application's own 404."""
    if case.by not in ("application", "application server"):
        return None
    if case.is_media:
        return Verdict("media-not-served", case.seen, (), "the application was asked for it, and answers no uploads")
    return answered_inside(case, "the application was asked for it, and has no such file")


def answered_inside(case: Case, means: str) -> Verdict:
    """Why the application, which was asked, has no such file."""
    process = case.process
    if case.is_media:
        return Verdict("media-not-served", case.seen, (), means)
    if process is None or not process.answers:
        return Verdict("no-route", case.seen, (), means)
    if process.hasty and case.status in _REFUSED:
        return Verdict("middleware-order", case.seen, tuple(f"above it stands {name}" for name in process.hasty), means)
    if case.path:
        rows = (f"{case.path} is there", f"{process.answers} answers inside the application")
        return Verdict("scan-at-start", case.seen, rows, "it knows the files that were there when it started")
    return _uncollected(case, means)


def _of_upload(case: Case) -> Verdict | None:
    """Uploads: one that is gone is nobody's mistake, all of them are."""
    if not case.is_media:
        return None
    others = [each for each in case.own if each is not case.seen and _is_upload(case, each)]
    if any(each.arrives for each in others) or case.by in CDNS:
        return Verdict("", case.seen)
    return Verdict("media-not-served", case.seen, (), "none of the page's uploads arrives")


def _is_upload(case: Case, other: Seen) -> bool:
    return file_of(case.facts, other.wanted.url)[0] == "media"


def _of_front(case: Case) -> Verdict | None:
    """The server's own 404, or one of which nobody can tell whose it is."""
    if any(case.arriving()):
        return _uncollected(case, "others of its directory arrive")
    page = case.page
    is_passed_on = page is not None and page.arrives and not _is_static(page)
    if case.path or (is_passed_on and case.by in FRONTS):
        rows = (f"{case.path} is collected here",) if case.path else ()
        return Verdict(
            "wrong-directory", case.seen, rows, "the server looks for it in a directory, and not in the right one"
        )
    if case.by in FRONTS:
        return Verdict("no-route", case.seen, (), "the server has nothing for this path")
    return _uncollected(case, "nothing below its path arrives")


def _is_static(page: Seen) -> bool:
    """Whether a page is a file of a server: these have validators of their own."""
    return page.answer is not None and "last-modified" in page.answer.headers


def _uncollected(case: Case, means: str) -> Verdict:
    sources = optional(lambda: case.facts.sources)
    name = case.file[1]
    if sources and not case.is_hashed and name not in sources.files and not case.path:
        rows = (f"no finder knows {name}",)
        return Verdict("not-in-finders", case.seen, rows, means)
    return Verdict("not-collected", case.seen, (f"{basename(name)} was not found where it is served",), means)


_LOOKS: tuple[Callable[[Case], Verdict | None], ...] = (
    *(_of_other_path, _of_other_case, _of_other_build, _of_application, _of_upload, _of_front),
)
