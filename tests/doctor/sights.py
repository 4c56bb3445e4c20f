"""Live sites as they were seen, for checks: answers, pages, assets."""

from typing import Any
from urllib.parse import urljoin

from tests.doctor.fake_facts import Fake, found

from clearway.doctor.finding import Finding
from clearway.doctor.live.kinds import kind_of
from clearway.doctor.live.seen import Absent, Hop, Live, Seen, Wanted
from clearway.http.media_types import media_type
from clearway.probing.answer import Answer

SITE = "https://shop.example/"
NGINX_404 = (
    b"<html><head><title>404 Not Found</title></head><body><center><h1>404 Not Found</h1></center>"
    b"<hr><center>nginx/1.27.0</center></body></html>"
)
NGINX_403 = NGINX_404.replace(b"404 Not Found", b"403 Forbidden")
APACHE_403 = (
    b'<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN"><html><head><title>403 Forbidden</title></head><body>'
    b"<h1>Forbidden</h1><p>You don't have permission to access this resource.</p></body></html>"
)
DJANGO_404 = (
    b"<!doctype html><html><head><title>Not Found</title></head><body>"
    b"<h1>Not Found</h1><p>The requested resource was not found on this server.</p></body></html>"
)
HTML = "text/html; charset=utf-8"
OF_DJANGO = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
}


def answer(status: int = 200, body: bytes = b"body{}", type_: str = "", **more: Any) -> Answer:
    """An answer; `fields` are more of its header, by name."""
    fields = {**({"Content-Type": type_} if type_ else {}), **more.pop("fields", {})}
    return Answer(status, tuple(fields.items()), body, **more)


def error(body: bytes, **more: Any) -> Answer:
    """An error page."""
    return answer(int(more.pop("status", 404)), body, HTML, **more)


PAGE = Seen(Wanted(SITE, "page"), (Hop(SITE, answer(200, b"<html></html>", HTML, fields=OF_DJANGO)),))


def asset(path: str = "/static/css/site.css", *answers: Answer, **more: Any) -> Seen:
    """What the page asks for; without an answer, as it should be. `hops` are URLs that it was redirected to."""
    url = urljoin(SITE, path)
    given = {name: more.pop(name) for name in ("kind", "cors", "integrity", "page") if name in more}
    asked = {"kind": kind_of(url, "other"), "by": SITE, "line": 7, "page": SITE, **given}
    urls = [url, *more.pop("hops", ())]
    fine = answer(200, b"content", media_type(path), fields={"ETag": '"1"', "Cache-Control": "max-age=60"})
    hops = tuple(Hop(*pair) for pair in zip(urls, answers or (fine,), strict=True))
    return Seen(Wanted(url, **asked), hops, **more)


def live(*assets: Seen, pages: tuple[Seen, ...] = (PAGE,), absent: tuple[Absent, ...] = (), **more: Any) -> Live:
    return Live(pages, assets, absent, **more)


def absent(beside: Seen, *answers: Answer) -> Absent:
    return Absent(urljoin(beside.wanted.url, "clearway-check-0.css"), beside, answers)


def seen_by(check: str, sight: Live, **facts: Any) -> list[Finding]:
    """What a check finds, of a site whose settings are the usual ones."""
    return found(check, Fake(**{"live": sight, "settings": {}, **facts}))
