"""Tokens of share links that nobody was given."""

from collections.abc import Iterator
from uuid import UUID, uuid4

from django.core import signing

from clearway.media.sharing import tokens


def altered(token: str) -> Iterator[str]:
    """What is almost a token."""
    value, dot, signature = token.partition(".")
    yield from (token[:end] for end in range(1, len(token)))
    yield from (token[:at] + chr(ord(token[at]) ^ 1) + token[at + 1 :] for at in range(len(token)))
    yield from (
        f"{token}{end}" for end in ("=", "==", ".", " ", "\n", "\0", "A", "%00", "\u200b", "/", "/.", "?", "#", ";x")
    )
    yield from (f"{start}{token}" for start in ("=", ".", " ", "\n", "\0", "A", "/", "./", "../", "\ufeff"))
    yield from (
        token.swapcase(),
        token.upper(),
        token.lower(),
        token[::-1],
        f"{signature}{dot}{value}",
        f"{value}..{signature}",
    )
    yield from (
        value,
        signature,
        f"{value}.",
        f".{signature}",
        f"{value}={dot}{signature}",
        f"{value}{dot}{signature}{dot}{signature}",
    )
    yield from (token.replace(each, chr(ord(each) + 0xFEE0)) for each in sorted(set(token)))  # full-width letters
    yield from (
        token.replace("-", "+").replace("_", "/"),
        token.replace(".", ":"),
        token.replace(".", "\u2024"),
        token * 2,
        token * 10_000,
    )


def forged(key: UUID) -> Iterator[str]:
    """Signed, but for something else, or by somebody else."""
    value = tokens.token_of(key).partition(".")[0]
    for text in (key.hex, str(key), value, str(key.int)):
        yield from (
            signing.Signer(salt=salt, sep=".").sign(text)
            for salt in ("", "x", "clearway.media.sharing.claim", "clearway.media")
        )
        yield from (
            signing.TimestampSigner(salt="clearway.media.sharing", sep=".").sign(text),
            signing.dumps(text, salt="clearway.media.sharing"),
        )
        yield signing.Signer(key="another secret", salt="clearway.media.sharing", sep=".").sign(text)
        yield signing.Signer(key="", salt="clearway.media.sharing", sep=".").sign(text)
    for text in ("", "AAAA", "\0", "../x", "A" * 21, "A" * 23, "A" * 100_000, "\u00e9" * 22, "=" * 22, str(key)):
        yield signing.Signer(salt="clearway.media.sharing", sep=".").sign(text)
    yield from (tokens.claim_of(key), tokens.token_of(uuid4()))
