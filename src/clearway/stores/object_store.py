"""The transport over an object store: S3 and what speaks like it, Google Cloud Storage, Azure Blob Storage.

The client is obstore (the extra `store`). Credentials and endpoint are those of its environment variables. Each body is
sent with its SHA-256 in the signature, so that S3 refuses one that arrived damaged.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from datetime import timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any

from .errors import ChangedError, StoreError
from .transport import Entry, Fields, Version

if TYPE_CHECKING:
    from obstore.store import ObjectStore as Client

SCHEMES = ("s3", "gs", "az")
_RETRIES = 4
_RETRYING = timedelta(seconds=180)
_TIMEOUT = "120s"  # of one request, its body included: a large file on a slow line needs the option `timeout`
_CONNECTING = "5s"
_PAGE = 1000  # objects: what one answer of a store lists
_STATUS = re.compile(r"status code: (\d{3})")
_CODE = re.compile(r"<Code>(\w+)</Code>")
_NO_BUCKET = re.compile(r"NoSuchBucket|ContainerNotFound|The specified bucket does not exist")
_QUERY = re.compile(r"\?\S+")
_CLEARTEXT = re.compile(r"http://", re.IGNORECASE)


class BucketStore:
    """Objects below a URL. `quotes_etags` is whether a condition names an entity tag as it was given.

    Some gateways only understand it without its quotes.
    """

    def __init__(self, client: "Client", where: str, *, quotes_etags: bool = True) -> None:
        self.where = where
        self.quotes_etags = quotes_etags
        self._client = client

    def without_quotes(self) -> "BucketStore":
        """The same, for a gateway that compares an entity tag without its quotes."""
        return BucketStore(self._client, self.where, quotes_etags=False)

    def list(self) -> Iterator[Entry]:
        import obstore

        with self._told():
            for page in obstore.list(self._client, chunk_size=_PAGE):
                yield from (_entry(found) for found in page)

    def head(self, name: str) -> Entry | None:
        import obstore

        with suppress(FileNotFoundError), self._told(name):
            return _entry(obstore.head(self._client, name))
        return None

    def read(self, name: str) -> tuple[bytes, Entry]:
        import obstore

        with self._told(name):
            found = obstore.get(self._client, name)
            return found.bytes().to_bytes(), _entry(found.meta, name)

    def create(self, name: str, data: bytes, fields: Fields) -> Version | None:
        from obstore.exceptions import AlreadyExistsError

        try:
            return self._put(name, data, fields, "create")
        except AlreadyExistsError:
            return None

    def swap(self, name: str, data: bytes, fields: Fields, expected: Version) -> Version:
        from obstore.exceptions import PreconditionError

        try:
            return self._put(name, data, fields, self._condition(expected))
        except (PreconditionError, FileNotFoundError) as error:
            raise ChangedError(f"{self.where}/{name}") from error

    def put(self, name: str, data: bytes, fields: Fields) -> Version:
        return self._put(name, data, fields, "overwrite")

    def copy(self, source: str, target: str) -> None:
        import obstore

        with self._told(source):
            obstore.copy(self._client, source, target)

    def delete(self, names: Sequence[str]) -> None:
        import obstore

        with suppress(FileNotFoundError), self._told():
            obstore.delete(self._client, [*names])

    def flush(self) -> None:
        """A store answers when what it was given is durable."""

    def alone(self) -> AbstractContextManager[None]:
        """Conditions keep other runs away."""
        return nullcontext()

    def _put(self, name: str, data: bytes, fields: Fields, mode: Any) -> Version:
        import obstore

        attributes = {"Content-Type": fields.type, "Cache-Control": fields.caching, "Content-Encoding": fields.encoding}
        told = {key: value for key, value in attributes.items() if value}
        with self._told(name):
            done = obstore.put(self._client, name, data, attributes=told, mode=mode, use_multipart=False)
        return _version(done)

    def _condition(self, expected: Version) -> dict[str, str]:
        etag = expected.etag if self.quotes_etags or not expected.etag else expected.etag.strip('"')
        wanted = {"e_tag": etag, "version": expected.number}
        return {key: value for key, value in wanted.items() if value is not None}

    @contextmanager
    def _told(self, name: str = "") -> Iterator[None]:
        """An error of the client as one of ours, unless it says that a name is there, is not, or was changed."""
        from obstore.exceptions import AlreadyExistsError, BaseError, PreconditionError

        try:
            yield
        except FileNotFoundError as error:
            if _NO_BUCKET.search(str(error)):
                raise StoreError(f"{self.where}: {_reason(error)}") from error
            raise FileNotFoundError(f"{self.where}/{name} does not exist") from error
        except (AlreadyExistsError, PreconditionError):
            raise
        except (BaseError, NotImplementedError, ValueError) as error:
            raise StoreError(f"{self.where}{f'/{name}' if name else ''}: {_reason(error)}") from error


def bucket_store(url: str, options: Mapping[str, str]) -> BucketStore:
    """The objects below `url`; `options` go before the client's environment variables, and are named like them.

    Raises `StoreError` without the client, and for an address or options that it does not understand.
    """
    try:
        from obstore.exceptions import BaseError

        store: Any = import_module("obstore.store")  # its options have a type for each kind of store
    except ImportError as error:
        raise StoreError('an object store needs the extra store: python -m pip install "clearway[store]"') from error
    timeout, options = options.get("timeout", _TIMEOUT), {k: v for k, v in options.items() if k != "timeout"}
    client = {"timeout": timeout, "connect_timeout": _CONNECTING, "allow_http": _is_cleartext(options)}
    try:
        made = store.from_url(
            url,
            client_options=client,
            retry_config={"max_retries": _RETRIES, "retry_timeout": _RETRYING},
            **options,
        )
    except (BaseError, ValueError, TypeError) as error:
        raise StoreError(f"{url}: the client does not understand this ({_first_line(error)})") from error
    return BucketStore(made, url.rstrip("/"))


def status(error: BaseException | None) -> int | None:
    """The status code of the answer behind an error, where there was an answer."""
    found = _STATUS.search(str(error.__cause__ or error)) if error else None
    return int(found[1]) if found else None


def _is_cleartext(options: Mapping[str, str]) -> bool:
    """Whether the endpoint that somebody chose has no TLS."""
    named = [value for key, value in {**os.environ, **options}.items() if "endpoint" in key.lower()]
    return any(_CLEARTEXT.match(str(value)) for value in named)


def _entry(found: Any, name: str = "") -> Entry:
    changed = int(found["last_modified"].timestamp() * 10**9)
    return Entry(name or found["path"], found["size"], _version(found), changed)


def _version(found: Any) -> Version:
    return Version(found.get("e_tag"), found.get("version"))


def _reason(error: BaseException) -> str:
    if _NO_BUCKET.search(str(error)):
        return "there is no such bucket; make it, or correct the target"
    answered, code = _STATUS.search(str(error)), _CODE.search(str(error))
    said = " ".join([answered[1] if answered else "", code[1] if code else ""]).strip()
    for known, advice in _ADVICE.items():
        if answered and known(int(answered[1])):
            return f"the store answered {said}; {advice}"
    return f"{_first_line(error)}; run this again when the store can be reached: it goes on where it stopped"


def _first_line(error: BaseException) -> str:
    """Without the query of an address, which may be a signature."""
    return _QUERY.sub("?…", str(error).partition("\n")[0]).strip().rstrip(".:")


_ADVICE: Mapping[Callable[[int], bool], str] = {
    lambda answered: answered in (401, 403): "the credentials must be allowed to list, read and write objects there",
    lambda answered: answered in (408, 429) or answered >= 500: "run this again: it goes on where it stopped",
    lambda answered: answered in range(300, 400): "the region or the endpoint is not the bucket's",
    lambda answered: answered in range(400, 500): "the target, the region or the endpoint is wrong",
}
