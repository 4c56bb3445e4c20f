"""A release: the immutable record of all assets of one build."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any, Self

from .asset import Asset
from .errors import RecordError

FORMAT = 1


@dataclass(frozen=True)
class Release:
    """All assets of one build by logical name, and the settings that decided them (`fingerprint`, a digest)."""

    static_url: str
    fingerprint: str
    assets: Mapping[str, Asset]

    @cached_property
    def id(self) -> str:
        """16 hex digits over what was published: the same build twice is the same release."""
        rows = [[name, asset.name, asset.sha256] for name, asset in sorted(self.assets.items())]
        digest = sha256(_canonical([FORMAT, self.static_url, self.fingerprint, rows]))
        return digest.hexdigest()[:16]

    def to_bytes(self) -> bytes:
        """The record as a file: canonical JSON, the same for the same release on every machine."""
        data = {
            "format": FORMAT,
            "static_url": self.static_url,
            "fingerprint": self.fingerprint,
            "assets": {name: asset.to_json() for name, asset in sorted(self.assets.items())},
        }
        return _canonical(data) + b"\n"

    @classmethod
    def from_bytes(cls, data: bytes, where: str = "release record") -> Self:
        """Read a record. Raises `RecordError` for anything that is not one, naming `where` it came from."""
        try:
            read: dict[str, Any] = json.loads(data)
            if read["format"] != FORMAT:
                raise RecordError(f"{where} has format {read['format']!r}; this version of Clearway reads {FORMAT}")
            assets = {name: Asset.from_json(row) for name, row in read["assets"].items()}
            return cls(str(read["static_url"]), str(read["fingerprint"]), assets)
        except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
            raise RecordError(f"{where} is not a release record ({error!r}); run collectstatic again") from error


def _canonical(data: Any) -> bytes:
    return json.dumps(data, separators=(",", ":"), sort_keys=True).encode()
