"""Tokens of content delivery networks that share a secret with the site, and of nginx.

Sources: "Advanced Token Authentication" of bunny.net; `is_timed_hmac_valid_v0` in Cloudflare's rules language;
ngx_http_secure_link_module.
"""

import hmac
from base64 import b64encode, urlsafe_b64encode
from hashlib import md5
from urllib.parse import unquote, urlsplit

from .objects import encoded


def bunny(url: str, key: str, end: int, *, below: str | None = None) -> str:
    """The URL with a token of bunny.net, good before `end`, seconds since 1970; it has no query of its own.

    With `below`, a path that ends in `/`, the token is part of the path and good for all under it, which players need
    that ask for the pieces of a film by relative URLs. Raises `ValueError`.
    """
    origin, path = _parts(url)
    if below is None:
        return f"{origin}{path}?token={_bunny(key, f'{path}{end}')}&expires={end}"
    if not below.endswith("/") or not path.startswith(below):
        raise ValueError(f"{path} is not below {below!r}, which must end in /")
    token = _bunny(key, f"{below}{end}token_path={below}")
    return f"{origin}/bcdn_token={token}&token_path={encoded(below)}&expires={end}{path}"


def cloudflare(url: str, secret: str, now: int, *, parameter: str = "verify") -> str:
    """The URL with a token that Cloudflare's `is_timed_hmac_valid_v0` takes; it has no query of its own.

    The token says when it was made, and the rule for how long it is good. Raises `ValueError`.
    """
    origin, path = _parts(url)
    mac = b64encode(hmac.digest(secret.encode(), f"{path}{now}".encode(), "sha256")).decode("ascii")
    return f"{origin}{path}?{parameter}={now}-{encoded(mac)}"


def secure_link(url: str, secret: str, end: int) -> str:
    """The URL for `secure_link $arg_md5,$arg_expires` and `secure_link_md5 "$secure_link_expires$uri SECRET"`.

    nginx compares the path as it has decoded it, with slashes merged. Raises `ValueError`.
    """
    origin, path = _parts(url)
    if "//" in path:
        raise ValueError(f"nginx merges the slashes of {path}")
    text = f"{end}{unquote(path)} {secret}".encode()
    return f"{origin}{path}?md5={_url_safe(md5(text, usedforsecurity=False).digest())}&expires={end}"


def _bunny(key: str, text: str) -> str:
    return f"HS256-{_url_safe(hmac.digest(key.encode(), text.encode(), 'sha256'))}"


def _url_safe(octets: bytes) -> str:
    return urlsafe_b64encode(octets).decode("ascii").rstrip("=")


def _parts(url: str) -> tuple[str, str]:
    """Origin and path. Raises `ValueError` for a URL that has a query or a fragment."""
    parts = urlsplit(url)
    if parts.query or parts.fragment or not parts.netloc:
        raise ValueError(f"only an absolute URL without query and fragment can be signed, not {url}")
    return f"{parts.scheme}://{parts.netloc}", parts.path or "/"
