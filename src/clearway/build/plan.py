"""The plan: what would be published, and all that is wrong, before anything is written.

1. every source is read once; its references are found and resolved
2. sources without references are named by their content
3. the others follow in the order of the graph, each after what it refers to, and are rewritten
4. members of a cycle are named by a digest of the whole cycle, so that it drags nobody else in
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256

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
from .texts import Content, Mention, Reader, Text
from .urls import Urls


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
) -> Plan:
    """Plan a build. The order of `sources` makes no difference.

    Those in `named` are published as they are, under their own names; the value says whether they never change.
    """
    ordered = sorted(sources, key=lambda source: source.name)
    names = Names(source.name for source in ordered)
    drafting = _Drafting(names, Urls(static_url), naming, reader or Reader(), named or {})
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

    text: Text
    links: Mapping[int, str]

    @property
    def name(self) -> str:
        return self.text.source.name

    def targets(self) -> list[str]:
        return sorted(set(self.links.values()))


@dataclass
class _Drafting:
    names: Names
    urls: Urls
    naming: Naming
    reader: Reader
    named: Mapping[str, bool]
    planned: dict[str, Planned] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    _drafts: dict[str, _Draft] = field(default_factory=dict)

    def read(self, source: Source) -> None:
        text = self.reader.text(source, self.urls, as_is=source.name in self.named)
        if source.name in self.named:
            self._plan(_Draft(text, {}), {source.name: source.name})
            return
        found = ((number, self._target(text, each)) for number, each in enumerate(text.mentions))
        draft = _Draft(text, {number: target for number, target in found if target})
        if draft.links:
            self._drafts[source.name] = draft
        else:
            self._plan(draft, {})

    def edges(self) -> dict[str, list[str]]:
        """Between sources that have references: only these wait for each other."""
        drafts = self._drafts
        return {name: [each for each in draft.targets() if each in drafts] for name, draft in drafts.items()}

    def finish(self, members: list[str]) -> None:
        inside = set(members)
        drafts = [self._drafts.pop(name) for name in members]
        is_cycle = len(members) > 1 or members[0] in drafts[0].targets()
        names = self._names_in_cycle(drafts, inside) if is_cycle else {}
        for draft in drafts:
            self._plan(draft, names)

    def _plan(self, draft: _Draft, names: Mapping[str, str]) -> None:
        text = draft.text
        targets = {number: names.get(each) or self.planned[each].asset.name for number, each in draft.links.items()}
        read = partial(text.made, partial(self._urls, draft, targets))
        content = self.reader.content(text, targets, self.urls.static_url, read)
        name = names.get(draft.name) or self._name(draft.name, content, read)
        text.release()
        original = Variant(text.content.size, text.content.sha256)
        asset = _asset(draft, name, content, self.named.get(draft.name, False))
        self.planned[draft.name] = Planned(text.source, asset, original, text.data, read)

    def _name(self, name: str, content: Content, read: Callable[[], bytes]) -> str:
        return with_hash(name, content.md5) if self.naming is hashed_name else self.naming(name, read())

    def _names_in_cycle(self, drafts: list[_Draft], inside: set[str]) -> dict[str, str]:
        """Names from all contents with logical names for the references inside, which have no names yet."""
        whole = sha256(b"%d %s" % (PIPELINE, self.reader.finish.version.encode()))
        for draft in drafts:
            urls = {
                number: target if target in inside else self._url(draft, number, self.planned[target].asset.name)
                for number, target in draft.links.items()
            }
            whole.update(_encoded(draft.name) + b"\0")
            whole.update(sha256(draft.text.rewritten(urls)).digest())
        return {draft.name: self.naming(draft.name, whole.digest() + _encoded(draft.name)) for draft in drafts}

    def _urls(self, draft: _Draft, targets: Mapping[int, str]) -> dict[int, str]:
        return {number: self._url(draft, number, published) for number, published in targets.items()}

    def _url(self, draft: _Draft, number: int, published: str) -> str:
        return self.urls.replaced(draft.text.mentions[number].url, published, draft.name)

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


def _asset(draft: _Draft, name: str, content: Content, immutable: bool) -> Asset:
    return Asset(
        name=name,
        size=content.size,
        sha256=content.sha256,
        sha384=content.sha384,
        type=media_type(draft.name),
        source=draft.text.source.app,
        references=tuple(draft.targets()),
        immutable=immutable,
    )


def _encoded(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")
