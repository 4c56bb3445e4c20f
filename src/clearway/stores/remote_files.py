"""The records of a store that is only read: a bucket by its URL, or what a CDN shows of it. Nobody waits for long."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Protocol

from clearway.catalog import layout

from .transport import Entry

BUCKETS, WEB = ("s3", "gs", "az"), ("https", "http")
SCHEMES = tuple(f"{scheme}://" for scheme in (*BUCKETS, *WEB))
_TIMEOUT = "8s"  # of one request
_RETRIES = 1
_RETRYING = timedelta(seconds=6)


class Readable(Protocol):
    """Whole files by their names. `read` raises `FileNotFoundError` and `StoreError`."""

    where: str

    def read(self, name: str) -> tuple[bytes, Entry]: ...


class RemoteFiles:
    """The folder of records below a URL; no file is asked for twice. One thread at a time."""

    def __init__(self, source: Readable) -> None:
        self._source = source
        self.seen: dict[str, bytes | None] = {}

    def where(self, name: str = "") -> str:
        """A file as people write it."""
        return f"{self._source.where}/{layout.FOLDER}/{name}".rstrip("/")

    def read(self, name: str) -> bytes:
        """A whole file. Raises `FileNotFoundError`, and `StoreError` when the store does not answer as it should."""
        if name not in self.seen:
            self.seen[name] = self._ask(name)
        data = self.seen[name]
        if data is None:
            raise FileNotFoundError(f"{self.where(name)} does not exist")
        return data

    def _ask(self, name: str) -> bytes | None:
        try:
            return self._source.read(f"{layout.FOLDER}/{name}")[0]
        except FileNotFoundError:
            return None


def remote_files(url: str, options: Mapping[str, str]) -> RemoteFiles:
    """What is below `url`; `options` are those of a bucket's client.

    Raises `StoreError` for an address, or options, that nobody understands, and without the client.
    """
    if url.partition("://")[0] in WEB:
        from .web_files import WebFiles

        return RemoteFiles(WebFiles(url))
    from .object_store import bucket_store

    return RemoteFiles(bucket_store(url, {**options, "timeout": _TIMEOUT}, _RETRIES, _RETRYING))
