"""Invalidations of Amazon CloudFront.

Source: "CreateInvalidation", POST /2020-05-31/distribution/{id}/invalidation of CloudFront's API.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from posixpath import commonpath
from urllib.parse import quote, urlsplit

from clearway.stores.signing.request import authorised
from clearway.stores.signing.s3 import Credentials

from .purger import Call, batches, shortened

API = "https://cloudfront.amazonaws.com"
_REGION, _SERVICE = "us-east-1", "cloudfront"  # for every region
_VERSION = "2020-05-31"
_AT_ONCE = 1_000
_UNDER_WAY = 3_000  # paths for a distribution; more are refused until these are done
_MESSAGE = re.compile(r"<(Code|Message)>([^<]*)</")


@dataclass(frozen=True)
class CloudFront:
    """The caches of a distribution, whose host is not looked at.

    A path that a function shortens is kept under what is left: `strip` is what it takes off, without a slash at the
    end (`/static`), and both are forgotten.
    """

    distribution: str
    credentials: Credentials
    strip: str = ""
    api: str = API

    @property
    def where(self) -> str:
        return f"CloudFront (distribution {self.distribution})"

    def calls(self, urls: Sequence[str], now: int) -> Iterator[Call]:
        """A thousand paths a request, or the directory of too many."""
        if sum(len(self._paths(url)) for url in urls) > _UNDER_WAY:
            directory = commonpath([urlsplit(url).path or "/" for url in urls]).rstrip("/")
            yield self._call(self._paths(f"{directory}/*"), tuple(urls), now)
            return
        for some in batches(urls, _AT_ONCE // 2 if self.strip else _AT_ONCE):
            yield self._call([path for url in some for path in self._paths(url)], some, now)

    def _call(self, paths: Sequence[str], urls: tuple[str, ...], now: int) -> Call:
        """A repeated one is the same invalidation by its reference."""
        target = f"{self.api}/{_VERSION}/distribution/{quote(self.distribution, safe='')}/invalidation"
        body, fields = _batch(paths, now), {"Content-Type": "text/xml"}
        signed = authorised(self.credentials, _REGION, _SERVICE, "POST", target, fields, body, now)
        return Call("POST", target, urls, signed, body)

    def _paths(self, url: str) -> list[str]:
        path = urlsplit(url).path or "/"
        return list(dict.fromkeys([path, shortened(path, self.strip.rstrip("/"))]))

    def refusal(self, status: int, body: bytes) -> str | None:
        """Done is 201: the invalidation is under way, and takes a minute or so."""
        if status == 201:
            return None
        said = ": ".join(text for _, text in _MESSAGE.findall(body.decode("utf-8", "replace")))
        hint = "; the credentials need cloudfront:CreateInvalidation for it" if status == 403 else ""
        return f"answered {status}{f' ({said})' if said else ''}{hint}"


def _batch(paths: Sequence[str], now: int) -> bytes:
    items = "".join(f"<Path>{escape(path, quote=False)}</Path>" for path in paths)
    reference = f"clearway-{now}-{sha256(items.encode()).hexdigest()[:16]}"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<InvalidationBatch xmlns="http://cloudfront.amazonaws.com/doc/{_VERSION}/">'
        f"<Paths><Quantity>{len(paths)}</Quantity><Items>{items}</Items></Paths>"
        f"<CallerReference>{reference}</CallerReference></InvalidationBatch>"
    ).encode()
