"""Assets and their variants: what a release record lists."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

_SHA256 = re.compile(r"[0-9a-f]{64}\Z")


@dataclass(frozen=True, slots=True)
class Variant:
    """One encoding of an asset: its size in octets and its SHA-256 in lower-case hex."""

    size: int
    sha256: str

    def to_json(self) -> dict[str, Any]:
        return {"size": self.size, "sha256": self.sha256}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        size, sha256 = int(data["size"]), str(data["sha256"])
        if not 0 <= size < 2**63 or not _SHA256.match(sha256):
            raise ValueError(f"not a size and a digest: {size}, {sha256!r}")
        return cls(size, sha256)


@dataclass(frozen=True, slots=True)
class Asset:
    """A source after its references were rewritten.

    `name` is the published name relative to STATIC_ROOT, `sha384` is in the form of Subresource Integrity without
    its prefix (base64), `type` is the media type, `source` the app that ships it, `references` are logical names,
    `variants` are keyed by content coding, `plain` is the unhashed original where it is kept. `immutable` marks a
    file that a bundler named by its content: published under its logical name, and never changed either. `encoded` is
    what a store has under `name` instead, by its coding, where texts are published in one coding only.
    """

    name: str
    size: int
    sha256: str
    sha384: str
    type: str
    source: str = ""
    references: tuple[str, ...] = ()
    variants: Mapping[str, Variant] = field(default_factory=dict)
    deltas: Mapping[str, Variant] = field(default_factory=dict)
    plain: Variant | None = None
    immutable: bool = False
    encoded: Mapping[str, Variant] = field(default_factory=dict)

    @property
    def stored(self) -> Variant:
        """What lies under the name."""
        return next(iter(self.encoded.values()), Variant(self.size, self.sha256))

    def never_changes(self, logical_name: str) -> bool:
        """Whether the published name says the contents: no other release has others under it."""
        return self.immutable or self.name != logical_name

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "size": self.size,
            "sha256": self.sha256,
            "sha384": self.sha384,
            "type": self.type,
            "source": self.source,
            "references": list(self.references),
            "variants": _to_json(self.variants),
            "deltas": _to_json(self.deltas),
            **({"plain": self.plain.to_json()} if self.plain else {}),
            **({"immutable": True} if self.immutable else {}),
            **({"encoded": _to_json(self.encoded)} if self.encoded else {}),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        own = Variant.from_json(data)
        return cls(
            name=str(data["name"]),
            size=own.size,
            sha256=own.sha256,
            sha384=str(data["sha384"]),
            type=str(data["type"]),
            source=str(data.get("source", "")),
            references=tuple(data.get("references", ())),
            variants=_from_json(data.get("variants", {})),
            deltas=_from_json(data.get("deltas", {})),
            plain=Variant.from_json(data["plain"]) if data.get("plain") else None,
            immutable=bool(data.get("immutable", False)),
            encoded=_from_json(data.get("encoded", {})),
        )


def _to_json(variants: Mapping[str, Variant]) -> dict[str, Any]:
    return {key: variants[key].to_json() for key in sorted(variants)}


def _from_json(data: Mapping[str, Any]) -> dict[str, Variant]:
    return {key: Variant.from_json(value) for key, value in data.items()}
