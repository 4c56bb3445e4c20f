"""A file encoded beforehand (.gz, .br, .zst) is not what its plain file is.

What it means
    Servers that send such files send the old content to every browser that accepts the encoding, which is nearly all.
    A tool that asks without it, such as curl, gets the new one.

Why it breaks in production but not locally
    Nothing sends encoded files in development. They stay behind when the plain file is replaced by something that
    does not write them again: an editor, sed, rsync, a second collectstatic with another storage.

See it yourself
    gunzip --stdout FILE.gz, and compare it with FILE.

Fix
    Write the encoded files again, or remove them: a server then sends the plain file.

When to ignore
    Never, unless no server here sends files encoded beforehand.
"""

from collections.abc import Iterator, Mapping
from itertools import accumulate
from pathlib import Path
from shlex import quote

from clearway.doctor.contents import LARGEST, DecodingError, decodes_to
from clearway.doctor.evidence import counted, some
from clearway.doctor.facts import Collected, Facts, Unavailable
from clearway.doctor.finding import Finding, Fix, Level, Safety
from clearway.doctor.rule import Layer, Rule
from clearway.http.media_types import is_compressible, media_type

RULE = Rule(
    "CW232",
    "encoded-file-outdated",
    "stale-precompressed",
    Level.ERROR,
    Layer.FILE,
    ("settings", "collected"),
)
_CODINGS: Mapping[str, str] = {".gz": "gzip", ".br": "br", ".zst": "zstd", ".zstd": "zstd"}
_MOST = 1 << 25  # octets of all variants that are decoded


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for all variants that are not what their file is."""
    collected = facts.collected
    if facts.settings["DEBUG"]:
        return
    variants = _variants(collected)
    total = accumulate(max(collected.sizes[name], 0) for name, _, _ in variants)
    within = [each for each, octets in zip(variants, total, strict=True) if octets <= _MOST]
    decoded = [each for each in within if collected.sizes[each[1]] <= LARGEST]
    wrong = [row for each in decoded if (row := _wrong(collected, *each))]
    if wrong:
        names = [name for name, _ in wrong]
        quoted = " ".join(quote(f"{collected.root}/{name}") for name in names[:3])
        few = len(names) <= 3
        yield RULE.finding(
            f"{counted(len(wrong), 'compressed copy does', 'compressed copies do')} not match the plain file",
            *some([row for _, row in wrong]),
            effect="browsers that accept the encoding get the wrong content",
            fix=Fix(
                "remove the compressed copies, or write them again",
                Safety.UNSAFE,
                commands=(f"rm {quoted}",) if few else (),
            ),
            breaks=frozenset(f"static:{name.rpartition('.')[0]}" for name in names),
        )
    if left := len(variants) - len(decoded):
        raise Unavailable(f"{left:,} of {len(variants):,} encoded files are too much to decode here")


def _variants(collected: Collected) -> list[tuple[str, str, str]]:
    """(name, that of the plain file, coding); those first that are older than the plain file."""
    pairs = [
        (name, plain, _CODINGS[f".{extension}"])
        for name in collected.sizes
        for plain, dot, extension in (name.rpartition("."),)
        if dot and f".{extension}" in _CODINGS and collected.sizes.get(plain, -1) >= 0
        if is_compressible(media_type(plain))
    ]
    return sorted(pairs, key=lambda pair: _is_later(collected, *pair[:2]))


def _is_later(collected: Collected, name: str, plain: str) -> bool:
    try:
        return collected.path(name).stat().st_mtime >= collected.path(plain).stat().st_mtime
    except OSError:
        return True


def _wrong(collected: Collected, name: str, plain: str, coding: str) -> tuple[str, str] | None:
    encoded, file = collected.path(name), collected.path(plain)
    try:
        if not decodes_to(coding, encoded, file):
            return name, f"{encoded} decodes to something else than {Path(plain).name} beside it"
    except DecodingError as error:
        return name, f"{encoded} cannot be decoded: {error}"
    except OSError:
        return None
    return None
