"""Emitting: the files of a plan, each written only when it is not there whole already.

An asset whose files are all as a run has left them (the memory has its seal) is not looked at further; all others
are read and compared, and those that are not what they should be are written again.
"""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from functools import partial
from hashlib import sha256
from itertools import chain
from time import time_ns

from clearway.catalog.asset import Variant
from clearway.catalog.release import Release
from clearway.http.negotiation import SUFFIXES
from clearway.stores.batch import Batch
from clearway.stores.directory import Directory
from clearway.stores.parts import map_parts

from .encode import Encoders, is_worth_trying
from .kept import Kept
from .memory import Memory, identities, identity, is_settled, key
from .plan import Plan, Planned, digest
from .recipe import Recipe

_SMALL = 16_000  # octets; a thread encodes several such files in one go
_SUFFIXES = tuple(SUFFIXES.values())
Variants = dict[str, Mapping[str, Variant]]
"""By the SHA-256 of an original, its variants by content coding."""
Told = Callable[[int, int], None]
"""Is told how much is done, and of how much."""


class Taken:
    """The names that a build owns: published names and those of their variants, whether there are any or not."""

    def __init__(self, published: Iterable[str]) -> None:
        self._published = frozenset(published)

    def __contains__(self, name: str) -> bool:
        if name in self._published:
            return True
        return name.endswith(_SUFFIXES) and any(name.removesuffix(each) in self._published for each in _SUFFIXES)


def taken(plan: Plan) -> Taken:
    """The names that the build of a plan owns."""
    return Taken(planned.asset.name for planned in plan.assets.values())


class Emitter:
    """The files of one plan on their way into a store.

    What `kept` lists is not written over, whatever the recipe says now. `variants` are those of each content,
    `originals` the unhashed originals that lie there, by logical name; `written` are the logical names whose
    published file was written, `healed` those whose original was.
    """

    def __init__(
        self,
        plan: Plan,
        recipe: Recipe,
        store: Directory,
        encoders: Encoders,
        memory: Memory,
        kept: Kept | None = None,
    ) -> None:
        self._plan, self._recipe, self._store = plan, recipe, store
        self._encoders, self._memory, self._kept = encoders, memory, kept
        self._root = str(store.root)
        self._owned = taken(plan)
        self._seen: dict[str, int] = {}
        self._loose: list[Planned] = []
        self.variants: Variants = {}
        self.originals: dict[str, Variant] = {}
        self.written: set[str] = set()
        self.healed: set[str] = set()

    def emit(self, retained: Iterable[Release], pool: Executor, encoded: Told = lambda part, whole: None) -> None:
        """Write what is missing: published files, then variants, then originals that lie there and are stale.

        `encoded` is told how many octets of all that are to be encoded are done.
        """
        self._recall(retained)
        for planned in self._plan.assets.values():
            if not self._is_sealed(planned):
                self._loose.append(planned)
        with Batch(self._store) as batch:
            self.written = {name for name in map_parts(pool, partial(self._emit_file, batch), self._loose) if name}
            self._emit_variants(batch, pool, encoded)
            if self._recipe.unhashed:
                self._emit_originals(batch, pool)
        self._seen |= batch.settled

    def remember(self) -> None:
        """Seal what was looked at, for the next run."""
        for planned in self._loose:
            files = self._files(planned)
            if planned.source.name in self.originals:
                files[planned.source.name] = planned.original.sha256
            found = [(name, identity(f"{self._root}/{name}")) for name in files]
            if all(each and each[1] <= self._seen.get(name, 0) and is_settled(each[1]) for name, each in found):
                self._memory.put(_seal([each[0] for _, each in found if each], files), b"")

    # --- what is known without reading

    def _recall(self, retained: Iterable[Release]) -> None:
        """The variants of all contents that were encoded before, from the memory; without one, from the records."""
        unknown = set()
        for name, planned in self._plan.assets.items():
            content = planned.asset.sha256
            if content not in self.variants and is_worth_trying(name, planned.asset.type, self._recipe.skip):
                known = self._encoders.recall(content)
                if known is None:
                    unknown.add(content)
                else:
                    self.variants[content] = known
        if unknown and self._memory.is_new:
            self.variants |= _recorded(self._plan, self._recipe, unknown, retained)

    def _is_sealed(self, planned: Planned) -> bool:
        files = self._files(planned)
        found = identities([f"{self._root}/{name}" for name in files])
        if None in found:
            return False
        original = identities([f"{self._root}/{planned.source.name}"])[0] if self._may_have_original(planned) else None
        if original:
            files[planned.source.name] = planned.original.sha256
            found.append(original)
        if self._memory.get(_seal(found, files)) is None:
            return False
        if original:
            self.originals[planned.source.name] = planned.original
        return True

    def _files(self, planned: Planned) -> dict[str, str]:
        """Digests by name of the published file of an asset and of its variants."""
        asset = planned.asset
        files = {asset.name: asset.sha256}
        if is_worth_trying(planned.source.name, asset.type, self._recipe.skip):
            variants = self.variants.get(asset.sha256, {})
            for coding in sorted(variants):
                files[asset.name + SUFFIXES[coding]] = variants[coding].sha256
        return files

    def _may_have_original(self, planned: Planned) -> bool:
        return self._recipe.unhashed and planned.source.name not in self._owned

    # --- what is read and written

    def _emit_file(self, batch: Batch, planned: Planned) -> str | None:
        content = Variant(planned.asset.size, planned.asset.sha256)
        return planned.source.name if self._place(batch, planned.asset.name, content, planned.read) else None

    def _emit_originals(self, batch: Batch, pool: Executor) -> None:
        """Correct the unhashed originals that lie there."""
        loose = [planned for planned in self._loose if planned.source.name not in self._owned]
        emit = partial(self._emit_original, batch)
        for planned, was_written in zip(loose, map_parts(pool, emit, loose), strict=True):
            if was_written is not None:
                self.originals[planned.source.name] = planned.original
            if was_written:
                self.healed.add(planned.source.name)

    def _emit_original(self, batch: Batch, planned: Planned) -> bool | None:
        name = planned.source.name
        if self._store.head(name) is None or (self._kept and self._kept.lists(name)):
            return None
        return self._place(batch, name, planned.original, planned.read_original)

    def _emit_variants(self, batch: Batch, pool: Executor, encoded: Told) -> None:
        """Encode each content once, the largest first; write the variants that pay beside every file that has it."""
        contents: dict[str, list[Planned]] = {}
        for planned in self._loose:
            if is_worth_trying(planned.source.name, planned.asset.type, self._recipe.skip):
                contents.setdefault(planned.asset.sha256, []).append(planned)
        ordered = sorted(contents.values(), key=lambda twins: (-twins[0].asset.size, twins[0].asset.name))
        jobs = [(twins, coding) for twins in ordered for coding in self._recipe.encodings]
        made: dict[str, dict[str, Variant]] = {content: {} for content in contents}
        part, whole = 0, sum(twins[0].asset.size for twins, _ in jobs)
        large = sum(twins[0].asset.size > _SMALL for twins, _ in jobs)
        emit = partial(self._emit_variant, batch)
        found = chain(pool.map(emit, jobs[:large]), map_parts(pool, emit, jobs[large:]))
        for (twins, coding), variant in zip(jobs, found, strict=True):
            if variant:
                made[twins[0].asset.sha256][coding] = variant
            part += twins[0].asset.size
            encoded(part, whole)
        for content, variants in made.items():
            self._encoders.remember(content, variants)
        self.variants |= made

    def _emit_variant(self, batch: Batch, job: tuple[list[Planned], str]) -> Variant | None:
        twins, coding = job
        names = [planned.asset.name + SUFFIXES[coding] for planned in twins]
        content = twins[0].asset.sha256
        if content in self.variants:
            variant = self.variants[content].get(coding)
            if variant is None or all(self._is_intact(name, variant) for name in names):
                return variant
        data = self._kept_variant(twins, coding) or self._encoders.encoded(coding, content, twins[0].read)
        if data is None:
            return None
        variant = digest(data)
        for name in names:
            self._place(batch, name, variant, lambda: data)
        return variant

    def _kept_variant(self, twins: list[Planned], coding: str) -> bytes | None:
        """A variant that a retained release lists: made with other settings, and as good."""
        for published in (planned.asset.name for planned in twins):
            variant = self._kept.variant(published, coding) if self._kept else None
            if variant and self._is_intact(published + SUFFIXES[coding], variant):
                return self._store.read(published + SUFFIXES[coding])
        return None

    def _is_intact(self, name: str, wanted: Variant) -> bool:
        """Whether a file is there with the size and digest it should have."""
        self._seen[name] = time_ns()
        head = self._store.head(name)
        return (
            head is not None
            and head.size == wanted.size
            and sha256(self._store.read(name)).hexdigest() == wanted.sha256
        )

    def _place(self, batch: Batch, name: str, wanted: Variant, read: Callable[[], bytes]) -> bool:
        """Write a file unless it is intact; whether it was written."""
        if self._is_intact(name, wanted):
            return False
        batch.swap(name, read())
        return True


def _seal(identities: Iterable[bytes | None], files: Mapping[str, str]) -> bytes:
    return key(b"seal", *(each or b"" for each in identities), "".join(files.values()).encode())


def _recorded(plan: Plan, recipe: Recipe, unknown: set[str], retained: Iterable[Release]) -> Variants:
    """What retained releases of the same recipe say of the variants of some contents."""
    known: Variants = {}
    for release in retained:
        if release.fingerprint == recipe.fingerprint:
            for name, asset in release.assets.items():
                if asset.sha256 in unknown and is_worth_trying(name, asset.type, recipe.skip):
                    known[asset.sha256] = asset.variants
            unknown -= known.keys()
        if not unknown:
            break
    return known


def remove_originals(plan: Plan, store: Directory) -> None:
    """Remove the unhashed originals."""
    owned = taken(plan)
    for name in plan.assets:
        if name not in owned:
            store.delete(name)
