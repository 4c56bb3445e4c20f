"""The plan: what would be published, and all that is wrong, before anything is written.

1. every source is read once; its references are found and resolved
2. sources without references are named by their content
3. the others follow in the order of the graph, each after what it refers to, and are rewritten
4. members of a cycle are named by a digest of the whole cycle, so that it drags nobody else in
"""

from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256, sha384

from clearway.catalog.asset import Asset, Variant
from clearway.http.media_types import media_type

from . import references
from .errors import SourceChangedError
from .graph import components
from .naming import Naming, hashed_name
from .problems import Names, Problem, is_suggested
from .recipe import PIPELINE
from .references import Edit, Reference
from .sources import Source
from .urls import Urls


@dataclass(frozen=True, slots=True)
class Planned:
    """An asset that may not exist yet. `original` is the source's digest, `rewritten` its new octets, if any."""

    source: Source
    asset: Asset
    original: Variant
    rewritten: bytes | None = None

    def read(self) -> bytes:
        """What will be published. Raises `SourceChangedError`."""
        return self.read_original() if self.rewritten is None else self.rewritten

    def read_original(self) -> bytes:
        """The source. Raises `SourceChangedError` when it is no longer what was planned."""
        data = self.source.read()
        if digest(data) != self.original:
            raise SourceChangedError(f"{self.source.name} changed while it was collected; run collectstatic again")
        return data


@dataclass(frozen=True)
class Plan:
    """Planned assets by logical name, sorted; problems stop a build, warnings do not."""

    assets: Mapping[str, Planned]
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()

    def names(self) -> dict[str, str]:
        """Published names by logical names."""
        return {name: planned.asset.name for name, planned in self.assets.items()}


def plan(sources: Iterable[Source], static_url: str, naming: Naming = hashed_name) -> Plan:
    """Plan a build. The order of `sources` makes no difference."""
    ordered = sorted(sources, key=lambda source: source.name)
    drafting = _Drafting(Names(source.name for source in ordered), Urls(static_url), naming)
    for source in ordered:
        drafting.read(source)
    for members in components(drafting.edges()):
        drafting.finish(members)
    assets = {source.name: drafting.planned[source.name] for source in ordered}
    return Plan(assets, tuple(drafting.problems), tuple(drafting.warnings))


def digest(data: bytes) -> Variant:
    """Size and SHA-256 of some octets."""
    return Variant(len(data), sha256(data).hexdigest())


@dataclass(frozen=True, slots=True)
class _Draft:
    """A source that refers to others: its octets, and each reference with the logical name it means."""

    source: Source
    data: bytes
    links: tuple[tuple[Reference, str], ...]

    def targets(self) -> list[str]:
        return sorted({target for _, target in self.links})


@dataclass
class _Drafting:
    names: Names
    urls: Urls
    naming: Naming
    planned: dict[str, Planned] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    _drafts: dict[str, _Draft] = field(default_factory=dict)

    def read(self, source: Source) -> None:
        data = source.read()
        found = ((each, self._target(source, data, each)) for each in references.find(source.name, data))
        links = tuple((each, target) for each, target in found if target)
        if links:
            self._drafts[source.name] = _Draft(source, data, links)
        else:
            self.planned[source.name] = _planned(source, self.naming(source.name, data), data)

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
            data = references.edited(draft.data, [self._edit(draft, *link, names) for link in draft.links])
            name = names.get(draft.source.name) or self.naming(draft.source.name, data)
            self.planned[draft.source.name] = _planned(draft.source, name, data, draft)

    def _names_in_cycle(self, drafts: list[_Draft], inside: set[str]) -> dict[str, str]:
        """Names from all contents with logical names for the references inside, which have no names yet."""
        whole = sha256(b"%d" % PIPELINE)
        for draft in drafts:
            edits = [
                Edit(each.start, each.end, _encoded(target))
                if target in inside
                else self._edit(draft, each, target, {})
                for each, target in draft.links
            ]
            whole.update(_encoded(draft.source.name) + b"\0")
            whole.update(sha256(references.edited(draft.data, edits)).digest())
        return {
            name: self.naming(name, whole.digest() + _encoded(name)) for name in (draft.source.name for draft in drafts)
        }

    def _edit(self, draft: _Draft, reference: Reference, target: str, names: Mapping[str, str]) -> Edit:
        published = names.get(target) or self.planned[target].asset.name
        return reference.edit(self.urls.replaced(reference.url, published, draft.source.name))

    def _target(self, source: Source, data: bytes, reference: Reference) -> str | None:
        target = self.urls.target(reference.url, source.name)
        if target is None or (found := self.names.find(target)):
            return found if target else None
        if not self.urls.may_be_dynamic(reference.url):
            line = references.line(data, reference.start)
            self._report(Problem(source.name, line, source.app, reference.url, target), reference.kind)
        return None

    def _report(self, problem: Problem, kind: str) -> None:
        if kind == references.SOURCE_MAP:
            self.warnings.append(problem)
        elif is_suggested(len(self.problems)):
            self.problems.append(replace(problem, suggestion=self.names.suggestion(problem.target)))
        else:
            self.problems.append(problem)


def _planned(source: Source, name: str, data: bytes, draft: _Draft | None = None) -> Planned:
    content = digest(data)
    asset = Asset(
        name=name,
        size=content.size,
        sha256=content.sha256,
        sha384=b64encode(sha384(data).digest()).decode(),
        type=media_type(source.name),
        source=source.app,
        references=tuple(draft.targets()) if draft else (),
    )
    return Planned(source, asset, digest(draft.data) if draft else content, data if draft else None)


def _encoded(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")
