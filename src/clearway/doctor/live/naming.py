"""Which of the project's files a URL of the live site is for."""

from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from clearway.doctor.facts import Facts, optional

from .seen import Seen

_KINDS = ("static", "media")


def own_hosts(facts: Facts, seen: Iterable[Seen]) -> frozenset[str]:
    """The project's: of the pages that were given, those below them, and those of STATIC_URL and MEDIA_URL."""
    seen = list(seen)
    given = {urlsplit(hop.url).hostname for each in seen if not each.wanted.by for hop in each.hops}
    given |= {urlsplit(each.wanted.url).hostname for each in seen if not each.wanted.by}
    ends = tuple(f".{host.removeprefix('www.')}" for host in given if host)
    given |= (
        {host for each in seen if (host := urlsplit(each.wanted.url).hostname or "").endswith(ends)} if ends else set()
    )
    settings = optional(lambda: facts.settings)
    written = [str(settings.get(f"{kind.upper()}_URL") or "") for kind in _KINDS] if settings else []
    return frozenset(host for host in (*given, *(urlsplit(url).hostname for url in written)) if host)


def stretch_of(facts: Facts, url: str) -> str:
    """`static:css/site.css` or `media:…`, as findings name what breaks."""
    kind, name = file_of(facts, url)
    return f"{kind}:{name}"


def is_filed(facts: Facts, url: str) -> bool:
    """Whether it lies below STATIC_URL or MEDIA_URL, as far as these are known."""
    return optional(lambda: facts.settings) is None or bool(_places(facts, url))


def file_of(facts: Facts, url: str) -> tuple[str, str]:
    """(`static` or `media`, name below it); a path that is below neither is taken for static."""
    found = _places(facts, url)
    return min(found)[2:] if found else ("static", unquote(urlsplit(url).path).lstrip("/"))


def _places(facts: Facts, url: str) -> list[tuple[int, int, str, str]]:
    """Where the path has a prefix, that with the longer one first; which; and the name after it."""
    path = unquote(urlsplit(url).path)
    settings = optional(lambda: facts.settings)
    found = []
    for kind in _KINDS:
        prefix = unquote(urlsplit(str(settings.get(f"{kind.upper()}_URL") or "") if settings else "").path).strip("/")
        marked = f"/{prefix}/"
        place = path.find(marked) if prefix else -1
        if place >= 0:
            found.append((place, -len(marked), kind, path[place + len(marked) :]))
    return found
