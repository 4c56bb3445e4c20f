"""Emitting: the files of a plan, each written only when it is not there whole already.

An asset whose files are all as a run has left them (the memory has its seal) is not looked at further; all others
are read and compared, and those that are not what they should be are written again.
"""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from hashlib import sha256
from time import time_ns

from clearway.catalog.asset import Variant
from clearway.catalog.release import Release
from clearway.http.negotiation import SUFFIXES
from clearway.stores.directory import Directory

from .encode import Encoders, is_worth_trying
from .memory import Memory, identities, identity, is_settled, key
from .plan import Plan, Planned, digest
from .recipe import Recipe

Variants = dict[str, Mapping[str, Variant]]
"""By the SHA-256 of an original, its variants by content coding."""


def taken(plan: Plan) -> frozenset[str]:
    """The names that the build owns: published names and those of their variants."""
    published = plan.names().values()
    return frozenset(name + suffix for name in published for suffix in ("", *SUFFIXES.values()))


class Emitter:
    """The files of one plan on their way into a store.

    `variants` are those of each content, `originals` the unhashed originals that lie there, by logical name, and
    `written` the logical names whose published file was written.
    """

    def __init__(self, plan: Plan, recipe: Recipe, store: Directory, encoders: Encoders, memory: Memory) -> None:
        self._plan, self._recipe, self._store = plan, recipe, store
        self._encoders, self._memory = encoders, memory
        self._root = str(store.root)
        self._owned = taken(plan)
        self._seen: dict[str, int] = {}
        self._loose: list[Planned] = []
        self.variants: Variants = {}
        self.originals: dict[str, Variant] = {}
        self.written: set[str] = set()

    def emit(self, retained: Iterable[Release], pool: Executor) -> None:
        """Write what is missing: published files, then variants, then originals that lie there and are stale."""
        self._recall(retained)
        for planned in self._plan.assets.values():
            if not self._is_sealed(planned):
                self._loose.append(planned)
        self.written = {name for name in pool.map(self._emit_file, self._loose) if name}
        self._emit_variants(pool)
        if self._recipe.unhashed:
            found = pool.map(self._emit_original, self._loose)
            self.originals |= {name: self._plan.assets[name].original for name in found if name}

    def remember(self) -> None:
        """Seal what was looked at, for the next run."""
        for planned in self._loose:
            files = self._files(planned)
            if self._has_original_row(planned) and planned.source.name not in self.originals:
                files.pop()
            found = [(name, identity(f"{self._root}/{name}")) for name, _ in files]
            if all(each and each[1] <= self._seen.get(name, 0) and is_settled(each[1]) for name, each in found):
                self._memory.put(_seal([each[0] for _, each in found if each], files), b"")

    # --- what is known without reading

    def _recall(self, retained: Iterable[Release]) -> None:
        """The variants of all contents that were encoded before, from the memory, else from the records."""
        unknown = set()
        for name, planned in self._plan.assets.items():
            content = planned.asset.sha256
            if content not in self.variants and is_worth_trying(name, planned.asset.type, self._recipe.skip):
                known = self._encoders.recall(content)
                if known is None:
                    unknown.add(content)
                else:
                    self.variants[content] = known
        if unknown:
            self.variants |= _recorded(self._plan, self._recipe, unknown, retained)

    def _is_sealed(self, planned: Planned) -> bool:
        files, name = self._files(planned), planned.source.name
        found = identities(f"{self._root}/{file}" for file, _ in files)
        has_original = self._has_original_row(planned) and found[-1] is not None
        if self._has_original_row(planned) and not has_original:
            files.pop(), found.pop()
        if not all(found) or self._memory.get(_seal([each for each in found if each], files)) is None:
            return False
        if has_original:
            self.originals[name] = planned.original
        return True

    def _files(self, planned: Planned) -> list[tuple[str, str]]:
        """Names and digests of all files of an asset, the unhashed original last."""
        asset, name = planned.asset, planned.source.name
        files = [(asset.name, asset.sha256)]
        if is_worth_trying(name, asset.type, self._recipe.skip):
            variants = self.variants.get(asset.sha256, {})
            files += [(asset.name + SUFFIXES[coding], variant.sha256) for coding, variant in sorted(variants.items())]
        if self._has_original_row(planned):
            files.append((name, planned.original.sha256))
        return files

    def _has_original_row(self, planned: Planned) -> bool:
        return self._recipe.unhashed and planned.source.name not in self._owned

    # --- what is read and written

    def _emit_file(self, planned: Planned) -> str | None:
        content = Variant(planned.asset.size, planned.asset.sha256)
        return planned.source.name if self._place(planned.asset.name, content, planned.read) else None

    def _emit_original(self, planned: Planned) -> str | None:
        name = planned.source.name
        if name in self._owned or self._store.head(name) is None:
            return None
        self._place(name, planned.original, planned.read_original)
        return name

    def _emit_variants(self, pool: Executor) -> None:
        """Encode each content once, the largest first; write the variants that pay beside every file that has it."""
        contents: dict[str, list[Planned]] = {}
        for planned in self._loose:
            if is_worth_trying(planned.source.name, planned.asset.type, self._recipe.skip):
                contents.setdefault(planned.asset.sha256, []).append(planned)
        ordered = sorted(contents.values(), key=lambda twins: (-twins[0].asset.size, twins[0].asset.name))
        jobs = [(twins, coding) for twins in ordered for coding in self._recipe.encodings]
        made: dict[str, dict[str, Variant]] = {content: {} for content in contents}
        for (twins, coding), variant in zip(jobs, pool.map(self._emit_variant, jobs), strict=True):
            if variant:
                made[twins[0].asset.sha256][coding] = variant
        for content, variants in made.items():
            self._encoders.remember(content, variants)
        self.variants |= made

    def _emit_variant(self, job: tuple[list[Planned], str]) -> Variant | None:
        twins, coding = job
        names = [planned.asset.name + SUFFIXES[coding] for planned in twins]
        content = twins[0].asset.sha256
        if content in self.variants:
            variant = self.variants[content].get(coding)
            if variant is None or all(self._is_intact(name, variant) for name in names):
                return variant
        data = self._encoders.encoded(coding, content, twins[0].read)
        if data is None:
            return None
        variant = digest(data)
        for name in names:
            self._place(name, variant, lambda: data)
        return variant

    def _is_intact(self, name: str, wanted: Variant) -> bool:
        """Whether a file is there with the size and digest it should have."""
        self._seen[name] = time_ns()
        head = self._store.head(name)
        return (
            head is not None
            and head.size == wanted.size
            and sha256(self._store.read(name)).hexdigest() == wanted.sha256
        )

    def _place(self, name: str, wanted: Variant, read: Callable[[], bytes]) -> bool:
        """Write a file unless it is intact; whether it was written."""
        if self._is_intact(name, wanted):
            return False
        self._store.swap(name, read())
        self._seen[name] = time_ns()
        return True


def _seal(identities: list[bytes], files: list[tuple[str, str]]) -> bytes:
    return key(b"seal", *identities, "".join(digest for _, digest in files).encode())


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
    for name in plan.assets.keys() - taken(plan):
        store.delete(name)
