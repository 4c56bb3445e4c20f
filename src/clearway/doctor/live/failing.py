"""Assets that do not arrive: an error, a redirect, a page in the place of a file. In the order of the road."""

import re
from urllib.parse import urlsplit

from clearway.probing.caches import evidence, is_kept

from . import misses
from .case import Case, is_open
from .content import plain
from .hops import FRONTS, told
from .misses import answered_inside
from .verdict import Verdict
from .walk import is_html

_LOGIN = re.compile(r"log-?in|sign-?in|auth|sso|accounts?/", re.IGNORECASE)
_NO_HTACCESS = b"Server unable to read htaccess file"
_CODE = re.compile(rb"<Code>(\w+)</Code>|Code: (\w+)")
_MISSING = frozenset({404, 410})
_REFUSED = frozenset({401, 403})


def redirected(case: Case) -> Verdict | None:
    """To HTTPS for ever, or to a login."""
    hops = case.seen.hops
    ways = [urlsplit(hop.answer.headers.get("location", "")) for hop in hops]
    rows = case.seen.ways
    if case.seen.loops and len({urlsplit(hop.url).path for hop in hops}) == 1:
        return Verdict("proto-header", case.seen, rows, "it is redirected to itself")
    is_login = any(_LOGIN.search(way.path) for way in ways[: len(hops)] if way.path)
    if case.seen.loops or (len(hops) > 1 and is_login and (is_html(case.answer) or case.status >= 400)):
        process = case.process
        if process and process.answers and not case.is_media:
            return Verdict("middleware-order", case.seen, rows, f"{process.answers} has not answered it before")
        cause = "media-not-served" if case.is_media else "no-route"
        return Verdict(cause, case.seen, rows, "the application was asked for it, and wants a login")
    return None


def kept_error(case: Case) -> Verdict | None:
    """A cache goes on with an error that the server behind it no longer gives, as far as the cache lets one ask."""
    fresh = case.seen.fresh
    if case.status < 400 or fresh is None or not is_kept(case.answer):
        return None
    rows = (f"{evidence(case.answer)}", f"with a query that no cache knows: {told(fresh)}")
    if fresh.status == 200:
        return Verdict("cdn-cached-error", case.seen, rows, "the server behind the cache has it")
    if is_kept(fresh) and case.path:
        more = (*rows, f"{case.path} is collected here")
        return Verdict("cdn-cached-error", case.seen, more, "the cache takes no notice of the query, and asks nobody")
    return None


def varying(case: Case) -> Verdict | None:
    """The same question is answered now with the file, now with an error."""
    good = [each for each in case.seen.repeated if each.status == 200]
    if case.status not in _MISSING or not good or is_kept(case.answer):
        return None
    rows = (f"asked again: {', '.join(str(each.status) for each in case.seen.repeated)}",)
    return Verdict("mixed-release", case.seen, rows, "not all servers behind this address have it")


def closed_bucket(case: Case) -> Verdict | None:
    """A bucket that refuses everything; of one that may not be listed, a missing file is refused too."""
    if case.status != 403 or case.by != "bucket" or any(case.arriving()):
        return None
    code = _CODE.search(plain(case.answer) or b"")
    rows = (f"its answer says: {(code[1] or code[2]).decode()}",) if code else ()
    return Verdict("s3-public-blocked", case.seen, rows, "nothing arrives from this bucket")


def refused_host(case: Case) -> Verdict | None:
    """Django's 400 for a Host that it does not know."""
    if case.status != 400 or case.by != "application":
        return None
    return Verdict("host-header", case.seen)


def refused(case: Case) -> Verdict | None:
    """401 and 403; not where the page is refused too: then the site is private."""
    page = case.page
    is_private = page is not None and page.answer is not None and page.answer.status == case.status
    if case.status not in _REFUSED or case.by == "bucket" or is_private:
        return None
    if case.by == "application":
        return answered_inside(case, "the application was asked for it, and refuses")
    path = case.path
    if _NO_HTACCESS in case.answer.body:
        return Verdict("perm-parent", case.seen, ("the page says: Server unable to read htaccess file",))
    if case.status == 401 or case.by not in FRONTS:
        return Verdict("deny-rule", case.seen)
    if path and case.is_here and is_open(path):
        cause = "access-not-granted" if case.by == "apache" else "deny-rule"
        return Verdict(cause, case.seen, (f"{path} may be read by everybody",))
    return Verdict("perm-parent", case.seen, (), "its own page of 403 is what a server gives that may not read a path")


def missing(case: Case) -> Verdict | None:
    """404; of a bucket that may not be listed, 403."""
    if case.status not in _MISSING and (case.status != 403 or case.by != "bucket"):
        return None
    return misses.verdict(case)


def page_instead(case: Case) -> Verdict | None:
    """200 and a page."""
    if case.status != 200 or not is_html(case.answer) or not (case.is_text or case.seen.wanted.kind == "font"):
        return None
    rows = tuple(f"a name that is not there: GET {each.url} → {told(each.answers[0])}" for each in case.absent())
    return Verdict("fallback-html", case.seen, rows)
