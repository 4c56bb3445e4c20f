"""Signed URLs and signed cookies of Amazon CloudFront, by the RSA key of a key group.

Source: "Serve private content with signed URLs and signed cookies", CloudFront's developer guide.
"""

import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass

_ALPHABET = bytes.maketrans(b"+=/", b"-_~")


@dataclass(frozen=True)
class KeyPair:
    """`sign` gives the RSA-SHA1 signature of a text, such as `rsa.rsa_signer(pem, "SHA1")`."""

    id: str
    sign: Callable[[bytes], bytes]


def policy(resource: str, end: int, *, start: int | None = None, address: str | None = None) -> str:
    """What may be asked for: a URL, perhaps with `*`, before `end` and from `start`, seconds since 1970, by clients of
    an IPv4 address or range.
    """
    condition: dict[str, dict[str, int | str]] = {"DateLessThan": {"AWS:EpochTime": end}}
    if address is not None:
        condition["IpAddress"] = {"AWS:SourceIp": address if "/" in address else f"{address}/32"}
    if start is not None:
        condition["DateGreaterThan"] = {"AWS:EpochTime": start}
    return json.dumps({"Statement": [{"Resource": resource, "Condition": condition}]}, separators=(",", ":"))


def signed_url(pair: KeyPair, url: str, end: int) -> str:
    """The URL with a canned policy: this and no other, before `end`, seconds since 1970."""
    return _with(url, {"Expires": str(end), **_proof(pair, policy(url, end))})


def signed_url_by(pair: KeyPair, url: str, statement: str) -> str:
    """The URL with a custom policy, as `policy` gives it."""
    return _with(url, {"Policy": _text(statement.encode()), **_proof(pair, statement)})


def cookies(pair: KeyPair, url: str, end: int) -> dict[str, str]:
    """The cookies with a canned policy, for one URL without `*`."""
    return _cookies({"Expires": str(end), **_proof(pair, policy(url, end))})


def cookies_by(pair: KeyPair, statement: str) -> dict[str, str]:
    """The cookies with a custom policy, such as for all below a directory."""
    return _cookies({"Policy": _text(statement.encode()), **_proof(pair, statement)})


def _proof(pair: KeyPair, statement: str) -> dict[str, str]:
    return {"Signature": _text(pair.sign(statement.encode())), "Key-Pair-Id": pair.id}


def _cookies(parameters: dict[str, str]) -> dict[str, str]:
    return {f"CloudFront-{name}": value for name, value in parameters.items()}


def _with(url: str, parameters: dict[str, str]) -> str:
    query = "&".join(f"{name}={value}" for name, value in parameters.items())
    return f"{url}{'&' if '?' in url else '?'}{query}"


def _text(octets: bytes) -> str:
    return b64encode(octets).translate(_ALPHABET).decode("ascii")
