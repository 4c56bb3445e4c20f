"""The recipe: the settings that decide which octets a build publishes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256

from .encode import VERSIONS

PIPELINE = 1  # raised whenever the same sources and settings would give other octets or names


@dataclass(frozen=True)
class Recipe:
    """STATIC_URL, the content codings with their levels, globs of names not to encode, whether originals stay.

    `minify` names the minifiers and their versions; empty when nothing is minified. `media_types` are the project's:
    they decide what is worth encoding.
    """

    static_url: str
    encodings: tuple[str, ...] = ("gzip", "br", "zstd")
    levels: Mapping[str, int] = field(default_factory=lambda: {"gzip": 9, "br": 11, "zstd": 19})
    skip: tuple[str, ...] = ()
    unhashed: bool = True
    minify: str = ""
    media_types: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def fingerprint(self) -> str:
        """16 hex digits over all of it but the URL, and over the encoders: a variant is known by what made it."""
        codings = [(coding, self.levels[coding], VERSIONS[coding]) for coding in sorted(set(self.encodings))]
        data = [PIPELINE, codings, sorted(set(self.skip)), self.unhashed, self.minify]
        data += [sorted(self.media_types.items())] if self.media_types else []
        return sha256(json.dumps(data).encode()).hexdigest()[:16]
