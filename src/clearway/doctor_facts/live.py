"""The live site, for the doctor: pages loaded as a browser loads them, over real connections."""

import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from functools import partial
from itertools import islice
from secrets import token_hex
from time import monotonic
from urllib.parse import urljoin, urlsplit

from clearway.doctor.facts import Facts, optional
from clearway.doctor.live.naming import file_of, own_hosts
from clearway.doctor.live.questions import absent_names, asked_again, fails
from clearway.doctor.live.seen import Ask, Live, Seen, Wanted
from clearway.doctor.live.walk import Walk
from clearway.doctor.stretches.relation import names_project
from clearway.fronts.described import Described
from clearway.fronts.front import BrokenFront, Front
from clearway.fronts.probe import request_of
from clearway.fronts.visits import Home, Resolved, UrlError, visit_of
from clearway.management.collecting.progress import Progress
from clearway.probing.answer import Answer
from clearway.probing.client import Client
from clearway.probing.dialling import doubting

_AT_ONCE = 6  # requests at the same time: as many as browsers make of one host
_OCTETS, _SECONDS = 16 << 20, 15
_AGENT = "Mozilla/5.0 (compatible; clearway)"
_MOST_FAILING = 8  # files that are looked for in the configuration because they fail
_MOST_FORETOLD = 40  # assets whose road through the configuration is walked


def live(facts: Facts, front: Front | BrokenFront | None, options: Namespace, left_out: Callable[[str], None]) -> Live:
    """What the URLs of --url lead to."""
    resolved = Resolved.parse(options.resolve)
    urls = [urljoin(_home(facts), url) for url in options.url]
    with closing(Client(doubting, _OCTETS, _SECONDS)) as client, ThreadPoolExecutor(_AT_ONCE) as pool:
        progress = Progress(sys.stderr, options.verbosity > 0)
        walk = Walk(_asker(client, resolved), monotonic, each=_Told(pool, progress))
        found = _examined(walk, facts, urls, _fields(optional(lambda: facts.described)))
        progress.done()
    if walk.met:
        left_out(walk.met)
    return replace(found, assets=_foretold(facts, front, resolved, found), ask=partial(_once, resolved))


def failing(facts: Facts, found: Live) -> Iterator[str]:
    """Collected files that do not arrive from the pages' own hosts: the first of them."""
    collected = optional(lambda: facts.collected)
    hosts = {urlsplit(each.url).hostname for each in found.pages}
    theirs = (each for each in found.assets if urlsplit(each.wanted.url).hostname in hosts and fails(each))
    urls = (each.wanted.url for each in theirs if collected and file_of(facts, each.wanted.url)[1] in collected.sizes)
    return islice(urls, _MOST_FAILING)


class _Told:
    """Many at once, and says at a terminal how far it is."""

    def __init__(self, pool: ThreadPoolExecutor, progress: Progress) -> None:
        self._pool, self._progress, self._number = pool, progress, 0

    def __call__(self, ask: Callable[[Wanted], Seen], wanted: Iterable[Wanted]) -> Iterator[Seen]:
        for seen in self._pool.map(ask, wanted):
            self._number += 1
            self._progress.count("files asked for", self._number)
            yield seen


def _home(facts: Facts) -> str:
    """Where a URL without a host is."""
    settings = optional(lambda: facts.settings)
    hosts = [str(host).removeprefix(".") for host in (settings.get("ALLOWED_HOSTS") if settings else None) or ()]
    home = Home("https" if settings and settings.get("SECURE_SSL_REDIRECT") else "http")
    return f"{home.scheme}://{next((host for host in hosts if host != '*'), home.host)}/"


def _fields(described: Described | None) -> Mapping[str, str]:
    if described is None:
        return {}
    return {**described.fields, **({"Host": described.host} if described.host else {})}


def _examined(walk: Walk, facts: Facts, urls: Iterable[str], fields: Mapping[str, str]) -> Live:
    pages, assets = walk.load(urls, fields)
    hosts = own_hosts(facts, (*pages, *assets))

    def own(url: str) -> bool:
        return urlsplit(url).hostname in hosts

    token = token_hex(6)
    return Live(pages, asked_again(walk, assets, own, token), absent_names(walk, assets, own, token))


def _asker(client: Client, resolved: Resolved) -> Ask:
    def ask(url: str, fields: Mapping[str, str]) -> Answer:
        try:
            visit = visit_of(url, resolved)
        except UrlError as error:
            raise OSError(str(error)) from error
        return client.ask(request_of(replace(visit, fields={"User-Agent": _AGENT, **fields})))

    return ask


def _once(resolved: Resolved, url: str, fields: Mapping[str, str]) -> Answer:
    """Over a connection of its own."""
    with closing(Client(doubting, _OCTETS, _SECONDS)) as client:
        return _asker(client, resolved)(url, fields)


def _foretold(facts: Facts, front: Front | BrokenFront | None, resolved: Resolved, found: Live) -> tuple[Seen, ...]:
    """The assets of the pages' own hosts, with what the configuration makes of them."""
    site = optional(lambda: facts.site)
    if not isinstance(front, Front) or site is None or (front.found and not names_project(front, site)):
        return tuple(found.assets)
    from clearway.project import Project
    from clearway.trace_project import TracedProject
    from clearway.walking import Walker

    walker = Walker(TracedProject(Project.from_settings()), front, resolved, live=False)
    hosts = {urlsplit(each.url).hostname for each in found.pages}
    left = _MOST_FORETOLD
    assets = []
    for each in found.assets:
        is_theirs = urlsplit(each.wanted.url).hostname in hosts and (not front.found or _is_here(each))
        if is_theirs and left:
            left -= 1
            each = replace(each, predicted=walker.walk(each.wanted.url).road.outcome)  # noqa: PLW2901
        assets.append(each)
    return tuple(assets)


def _is_here(seen: Seen) -> bool:
    return any(hop.answer.is_here for hop in seen.hops)
