"""Loads pages as a browser does: the page, what it needs, what that needs; within bounds."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from clearway.probing.answer import Answer

from .content import page_text, plain
from .kinds import kind_of
from .page import wanted_by
from .referred import absolute, referred
from .seen import Ask, Hop, Seen, Wanted, origin

Each = Callable[[Callable[[Wanted], Seen], Iterable[Wanted]], Iterable[Seen]]

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_HOPS = 10
_SCANNED = {"style": "x.css", "script": "x.js", "module": "x.js", "manifest": "x.webmanifest"}
# As Chromium sends them.
_ACCEPT = {
    "page": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8",
    "style": "text/css,*/*;q=0.1",
    "image": "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8",
}
_ACCEPT["icon"] = _ACCEPT["image"]
_CODINGS, _CODINGS_IN_CLEAR = "gzip, deflate, br, zstd", "gzip, deflate"
_LOCAL = ("localhost", "127.0.0.1", "[::1]")
_FIRST_OCTETS = "bytes=0-65535"  # of a film nobody needs more


@dataclass(frozen=True)
class Bounds:
    """How much is asked: requests, octets of their answers, seconds in all."""

    requests: int = 600
    octets: int = 128 << 20
    seconds: float = 120


@dataclass
class Walk:
    """One examination. `each` applies a function to many, in order; `now` is a clock in seconds."""

    ask: Ask
    now: Callable[[], float]
    bounds: Bounds = Bounds()
    each: Each = map
    met: str = ""  # the bound that was met, in words
    _asked: int = 0
    _octets: int = 0
    _cookies: dict[str, dict[str, str]] = field(default_factory=dict)

    def load(self, urls: Iterable[str], fields: Mapping[str, str]) -> tuple[list[Seen], list[Seen]]:
        """(pages, assets). `fields` go with the URLs that were given, and with nothing that these need."""
        self._until = self.now() + self.bounds.seconds
        given = [each for each in dict.fromkeys(absolute(url, url) for url in urls) if each]
        first = [_given(url) for url in given]
        seen = [self._followed(each, fields) for each in first]
        pages = [each for each in seen if each.wanted.kind == "page"]
        assets = [each for each in seen if each.wanted.kind != "page"]
        known = {each.wanted.url for each in seen}
        wave = [wanted for each in seen for wanted in needed(each)]
        while wave := _unknown(wave, known):
            wave = self._within(wave)
            found = list(self.each(self._followed, wave))
            assets += found
            wave = [wanted for each in found for wanted in needed(each)]
        return pages, assets

    def again(self, wanted: Wanted, more: Mapping[str, str], url: str = "") -> Answer | None:
        """One more answer to the same question, or to another URL; None where there is none."""
        if self._is_over():
            return None
        try:
            return self._answer(url or wanted.url, {**self._fields(wanted, wanted.url), **more})
        except OSError:
            return None

    def _within(self, wave: list[Wanted]) -> list[Wanted]:
        if self._is_over():
            return []
        left = self.bounds.requests - self._asked
        if len(wave) > left:
            self.met = f"only the first {self.bounds.requests} requests were made"
        return wave[:left]

    def _is_over(self) -> bool:
        if self._asked >= self.bounds.requests:
            self.met = f"only the first {self.bounds.requests} requests were made"
        elif self._octets >= self.bounds.octets:
            self.met = f"only the first {self.bounds.octets >> 20} MB were read"
        elif self.now() >= self._until:
            self.met = f"only what was answered within {self.bounds.seconds:g} s was looked at"
        return bool(self.met)

    def _followed(self, wanted: Wanted, more: Mapping[str, str] | None = None) -> Seen:
        """Ask, and go where it redirects to."""
        hops: list[Hop] = []
        url, been = wanted.url, set[tuple[str, str]]()
        while len(hops) <= _MOST_HOPS:
            state = url, self._cookie(url)
            if state in been:
                return Seen(wanted, tuple(hops), loops=True)
            been.add(state)
            try:
                answer = self._answer(url, {**self._fields(wanted, url), **(more or {})})
            except OSError as error:
                return Seen(wanted, tuple(hops), error.strerror or str(error))
            hops.append(Hop(url, answer))
            target = absolute(url, answer.headers.get("location", "")) if answer.status in _REDIRECTS else ""
            if not target:
                return Seen(wanted, tuple(hops))
            if wanted.kind == "page":
                self._keep_cookies(url, answer)
            url = target
        return Seen(wanted, tuple(hops), loops=True)

    def _answer(self, url: str, fields: Mapping[str, str]) -> Answer:
        self._asked += 1
        answer = self.ask(url, fields)
        self._octets += len(answer.body)
        return answer

    def _fields(self, wanted: Wanted, url: str) -> dict[str, str]:
        parts = urlsplit(url)
        is_safe = parts.scheme == "https" or parts.hostname in _LOCAL
        fields = {
            "Accept": _ACCEPT.get(wanted.kind, "*/*"),
            "Accept-Encoding": _CODINGS if is_safe else _CODINGS_IN_CLEAR,
            "Accept-Language": "en-GB,en;q=0.9",
        }
        if wanted.page and not (wanted.page.startswith("https:") and parts.scheme == "http"):
            fields["Referer"] = f"{origin(wanted.page)}/" if wanted.is_foreign else wanted.by or wanted.page
        if wanted.cors and wanted.is_foreign:
            fields["Origin"] = origin(wanted.page)
        if wanted.kind == "media":
            fields |= {"Range": _FIRST_OCTETS, "Accept-Encoding": "identity;q=1, *;q=0"}
        if cookie := self._cookie(url):
            fields["Cookie"] = cookie
        return fields

    def _cookie(self, url: str) -> str:
        kept = self._cookies.get(urlsplit(url).hostname or "", {})
        return "; ".join(f"{name}={value}" for name, value in kept.items())

    def _keep_cookies(self, url: str, answer: Answer) -> None:
        """What a redirect sets, so that a page that asks for it does not redirect for ever."""
        for row in answer.all("set-cookie"):
            name, _, value = row.partition(";")[0].strip().partition("=")
            if name and value:
                self._cookies.setdefault(urlsplit(url).hostname or "", {})[name] = value


def _given(url: str) -> Wanted:
    kind = kind_of(url, "page")
    return Wanted(url, kind) if kind == "page" else Wanted(url, kind, page=f"{origin(url)}/")


def _unknown(wave: Sequence[Wanted], known: set[str]) -> list[Wanted]:
    """Each once: by the first that wants it, or by the first that wants it with CORS."""
    fresh: dict[str, Wanted] = {}
    for each in wave:
        if each.url not in known and (each.url not in fresh or (each.cors and not fresh[each.url].cors)):
            fresh[each.url] = each
    known.update(fresh)
    return list(fresh.values())


def needed(seen: Seen) -> Iterator[Wanted]:
    """What an answer makes a browser ask for."""
    answer = seen.answer
    if answer is None or not seen.arrives:
        return
    page = seen.wanted.page or seen.url
    if seen.wanted.kind == "page":
        if is_html(answer):
            text = page_text(answer)
            policy = answer.headers.get("content-security-policy", "")
            yield from (replace(each, page=page) for each in wanted_by(text, seen.url, policy))
        return
    name = _SCANNED.get(seen.wanted.kind, "")
    data = plain(answer) if name and not is_html(answer) else None
    if data:
        yield from referred(name, data, seen.url, page)


def is_html(answer: Answer) -> bool:
    """Whether it says that it is a page."""
    media = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    return media in ("text/html", "application/xhtml+xml")
