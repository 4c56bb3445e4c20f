"""What a cache before a site must not get wrong: errors that it keeps, answers that not every origin may read."""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from clearway.catalog.asset import Asset
from clearway.http.lifetime import lifetime
from clearway.probing.answer import Answer
from clearway.probing.caches import is_kept
from clearway.stores.site import Site

_NEEDS_CORS = re.compile(
    r"font/|text/javascript|application/(json|wasm)|text/css"
)  # as a font, a module, with integrity
_SAMPLE = 3


def missing_problem(site: Site, name: str) -> str | None:
    """What is wrong with the answers for a name that does not exist. Raises `OSError`."""
    first = site.get(name)
    if first.status != 404:
        return f"does not exist, and is answered with {first.status} instead of 404"
    if kept := lifetime(first.headers):
        return f"is a 404 that is kept for {kept} s"
    return "is a 404 that a cache keeps" if is_kept(site.get(name)) else None


def needing_cors(assets: Sequence[Asset]) -> list[Asset]:
    """A few that a page of another origin may read only where they say so (Fetch, "CORS protocol"), fonts first."""
    found = [asset for asset in assets if _NEEDS_CORS.match(asset.type)]
    return sorted(found, key=lambda asset: (not asset.type.startswith("font/"), asset.name))[:_SAMPLE]


def cors_problems(site: Site, name: str, page: str) -> Iterator[str]:
    """What keeps pages of `page` (an origin) from reading a file, asked without an Origin first. Raises `OSError`.

    A cache that does not tell the two apart gives everybody the answer that it got first.
    """
    plain = site.get(name)
    with_origin = site.get(name, Origin=page)
    if plain.status == with_origin.status == 200:
        if _allowed(with_origin) not in ("*", page):
            yield f"has no Access-Control-Allow-Origin for {page}: no font or module from here works there"
        elif _allowed(plain) != "*":
            yield "has Access-Control-Allow-Origin: * only when an Origin is sent: a cache may keep it without"


def _allowed(answer: Answer) -> str:
    return answer.headers.get("access-control-allow-origin", "").strip()


def is_apart(static_url: str) -> bool:
    """Whether static files have an origin of their own."""
    return bool(urlsplit(static_url).netloc)
