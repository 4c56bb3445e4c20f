"""The plan: what would be published, and all that is wrong, before anything is written.

1. every source is read once; its references are found and resolved
2. sources without references are named by their content
3. the others follow in the order of the graph, each after what it refers to, and are rewritten
4. members of a cycle are named by a digest of the whole cycle, so that it drags nobody else in
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from types import MappingProxyType

from clearway.catalog.asset import Asset, Variant
from clearway.http.media_types import media_type

from . import references
from .collector import paused
from .graph import components
from .kinds import AT_RUN_TIME, MISSING_FILE, MISSING_MAP, OTHER_CASE, OUTSIDE, Kind
from .naming import Naming, hashed_name, with_hash
from .policy import Policy, Verdict
from .problems import Names, Problem, is_suggested, missing
from .recipe import PIPELINE
from .sources import Source
from .texts import Content, Mention, Reader, Reading, Text
from .urls import Urls

_NO_LINKS: Mapping[int, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Planned:
    """An asset that may not exist yet. `original` is the source's digest.

    `read_original` gives the source, `read` what will be published; both raise `SourceChangedError` when the source
    is no longer what was planned.
    """

    source: Source
    asset: Asset
    original: Variant
    read_original: Callable[[], bytes]
    read: Callable[[], bytes]


@dataclass(frozen=True)
class Plan:
    """Planned assets by logical name, sorted; problems stop a build, warnings do not, notes need not be shown."""

    assets: Mapping[str, Planned]
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()

    def names(self) -> dict[str, str]:
        """Published names by logical names."""
        return {name: planned.asset.name for name, planned in self.assets.items()}


@paused()
def plan(
    sources: Iterable[Source],
    static_url: str,
    naming: Naming = hashed_name,
    reader: Reader | None = None,
    policy: Policy | None = None,
    named: Mapping[str, bool] | None = None,
    media_types: Mapping[str, str] | None = None,
) -> Plan:
    """Plan a build. The order of `sources` makes no difference.

    Those in `named` are published as they are, under their own names; the value says whether they never change.
    `media_types` are the project's, by extension (".x") or file name.
    """
    ordered = sorted(sources, key=lambda source: source.name)
    names = Names(source.name for source in ordered)
    drafting = _Drafting(names, Urls(static_url), naming, reader or Reader(), named or {}, media_types or {})
    for source in ordered:
        drafting.read(source)
    for members in components(drafting.edges()):
        drafting.finish(members)
    assets = {source.name: drafting.planned[source.name] for source in ordered}
    verdict: Verdict = (policy or Policy()).judge(drafting.problems)
    return Plan(assets, verdict.errors, verdict.warnings, verdict.notes)


def digest(data: bytes) -> Variant:
    """Size and SHA-256 of some octets."""
    return Variant(len(data), sha256(data).hexdigest())


@dataclass(frozen=True, slots=True)
class _Draft:
    """A source that refers to others: each reference by its number, with the logical name it means."""

    reading: Reading
    links: Mapping[int, str]

    @property
    def name(self) -> str:
        return self.reading.text.source.name

    def targets(self) -> list[str]:
        return sorted(set(self.links.values()))


@dataclass(frozen=True, slots=True)
class _Published:
    """What will be published of a source, made when it is needed: its references lead to what is `published` then."""

    text: Text
    links: Mapping[int, str]
    published: Mapping[str, str]
    urls: Urls

    def __call__(self) -> bytes:
        text = self.text
        return text.finished(text.rewritten(self.links, self._url) if self.links else text.data())

    def _url(self, number: int, url: str) -> str:
        return self.urls.replaced(url, self.published[self.links[number]], self.text.source.name)


@dataclass
class _Drafting:
    names: Names
    urls: Urls
    naming: Naming
    reader: Reader
    named: Mapping[str, bool]
    media_types: Mapping[str, str]
    planned: dict[str, Planned] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    _drafts: dict[str, _Draft] = field(default_factory=dict)
    _published: dict[str, str] = field(default_factory=dict)  # names by logical names, as far as they are known

    def read(self, source: Source) -> None:
        name = source.name
        reading = self.reader.read(source, self.urls, as_is=name in self.named)
        if name in self.named:
            self._published[name] = name
        elif reading.mentions:
            found = ((number, self._target(reading.text, each)) for number, each in enumerate(reading.mentions))
            links = {number: target for number, target in found if target}
            if links:
                self._drafts[name] = _Draft(reading, links)
                return
        self._plan(reading)

    def edges(self) -> dict[str, list[str]]:
        """Between sources that have references: only these wait for each other."""
        drafts = self._drafts
        return {name: [each for each in draft.targets() if each in drafts] for name, draft in drafts.items()}

    def finish(self, members: list[str]) -> None:
        inside = set(members)
        drafts = [self._drafts.pop(name) for name in members]
        is_cycle = len(members) > 1 or members[0] in drafts[0].targets()
        if is_cycle:
            self._published |= self._names_in_cycle(drafts, inside)
        for draft in drafts:
            self._plan(draft.reading, draft.links, tuple(draft.targets()))

    def _plan(self, reading: Reading, links: Mapping[int, str] = _NO_LINKS, targets: tuple[str, ...] = ()) -> None:
        text, source = reading.text, reading.text.source
        read_original: Callable[[], bytes] = text.data
        is_changed = links or text.is_finished
        read = _Published(text, links, self._published, self.urls) if is_changed else read_original
        published = {number: self._published[target] for number, target in links.items()}
        content = self.reader.content(reading, published, self.urls.static_url, read)
        name = self._published.get(source.name) or self._name(source.name, content, read)
        self._published[source.name] = name
        text.release()
        asset = Asset(
            name,
            content.size,
            content.sha256,
            content.sha384,
            media_type(source.name, self.media_types),
            source.app,
            targets,
            immutable=self.named.get(source.name, False),
        )
        self.planned[source.name] = Planned(source, asset, text.original, read_original, read)

    def _name(self, name: str, content: Content, read: Callable[[], bytes]) -> str:
        return with_hash(name, content.md5) if self.naming is hashed_name else self.naming(name, read())

    def _names_in_cycle(self, drafts: list[_Draft], inside: set[str]) -> dict[str, str]:
        """Names from all contents with logical names for the references inside, which have no names yet."""
        whole = sha256(b"%d %s" % (PIPELINE, self.reader.finish.version.encode()))
        for draft in drafts:
            whole.update(_encoded(draft.name) + b"\0")
            whole.update(sha256(self._rewritten_in_cycle(draft, inside)).digest())
        return {draft.name: self.naming(draft.name, whole.digest() + _encoded(draft.name)) for draft in drafts}

    def _rewritten_in_cycle(self, draft: _Draft, inside: set[str]) -> bytes:
        def url(number: int, old: str) -> str:
            target = draft.links[number]
            return target if target in inside else self.urls.replaced(old, self._published[target], draft.name)

        return draft.reading.text.rewritten(draft.links, url)

    def _target(self, text: Text, reference: Mention) -> str | None:
        target = reference.target
        if target is None or (found := self.names.find(target)):
            return found if target else None
        if not self.urls.may_be_dynamic(reference.url):
            self._report(text, reference, target)
        return None

    def _report(self, text: Text, reference: Mention, target: str) -> None:
        source, kind = text.source, self._kind(reference, target)
        problem = Problem(
            kind,
            source.name,
            missing(target),
            references.line(text.data(), reference.start),
            source.app,
            source.third_party,
            reference.url,
            target,
            self.names.suggestion(target) if kind is not MISSING_MAP and is_suggested(len(self.problems)) else "",
        )
        self.problems.append(problem)

    def _kind(self, reference: Mention, target: str) -> Kind:
        if reference.kind == references.SOURCE_MAP:
            return MISSING_MAP
        if self.names.in_other_case(target):
            return OTHER_CASE
        if reference.kind in references.AT_RUN_TIME:
            return AT_RUN_TIME
        return OUTSIDE if target.startswith("/") else MISSING_FILE


def _encoded(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")
