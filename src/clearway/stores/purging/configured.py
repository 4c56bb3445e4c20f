"""The cache that a setting names, with its secret from the environment."""

from collections.abc import Callable, Mapping
from typing import Any

from clearway.stores.signing.s3 import Credentials

from .bunny import Bunny
from .cloudflare import Cloudflare
from .cloudfront import CloudFront
from .fastly import Fastly
from .kinds import KEYS, LISTS, VARIABLES
from .plain import Plain
from .purger import PurgeError, Purger


def purger_of(told: Mapping[str, Any], environ: Mapping[str, str]) -> Purger:
    """The adapter for `{"kind": "cloudflare", "zone": "…"}`. Raises `PurgeError`."""
    kind = told["kind"]
    rest: dict[str, Any] = {key: value for key, value in told.items() if key in KEYS[kind][0] and value}
    for name in LISTS:
        if name in rest:
            rest[name] = tuple(rest[name])
    for address in (*rest.get("addresses", ()), *(rest[key] for key in ("api", "fetched") if key in rest)):
        if not address.startswith(("http://", "https://")):
            raise PurgeError(f"{address!r} is not the http(s) address of a cache")
    made: dict[str, Callable[[], Purger]] = {
        "cloudfront": lambda: CloudFront(credentials=_amazon(environ), **rest),
        "cloudflare": lambda: Cloudflare(token=_secret(kind, environ), **rest),
        "fastly": lambda: Fastly(token=_secret(kind, environ), **rest),
        "bunny": lambda: Bunny(key=_secret(kind, environ), **rest),
        "plain": lambda: Plain(**rest),
    }
    return made[kind]()


def _secret(kind: str, environ: Mapping[str, str]) -> str:
    if found := environ.get(VARIABLES[kind], "").strip():
        return found
    raise PurgeError(f"{VARIABLES[kind]} is not in the environment: {kind} cannot be told to forget anything")


def _amazon(environ: Mapping[str, str]) -> Credentials:
    names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
    key, secret, token = (environ.get(name, "").strip() for name in names)
    if not key or not secret:
        missing = "AWS_SECRET_ACCESS_KEY" if key else "AWS_ACCESS_KEY_ID"
        raise PurgeError(f"{missing} is not in the environment: CloudFront cannot be told to forget anything")
    return Credentials(key, secret, token or None)
