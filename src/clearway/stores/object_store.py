"""The transport over an object store: S3 and what speaks like it, Google Cloud Storage, Azure Blob Storage.

The client is obstore (the extra `store`). Credentials and endpoint are those of its environment variables. Each body is
sent with its SHA-256 in the signature, so that S3 refuses one that arrived damaged.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from datetime import timedelta
from importlib import import_module
from time import sleep
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
_CONFLICT = 409  # another run writes this name at the same moment; in Azure also that it is there
_PAUSES = (0.1, 0.2, 0.4, 0.8)  # seconds after each such answer
_PAGE = 1000  # objects: what one answer of a store lists
_DELETES_AT_ONCE = 16
_NO_BATCH = (400, 405, 501)  # how stores answer to a request that they do not know
_TOO_MANY = 429
_SLOWING = (1.0, 2.0)  # seconds after each such answer: Google takes one write of a name a second
_STATUS = re.compile(r"status code: (\d{3})")
_CODE = re.compile(r"<Code>(\w+)</Code>|\(code: (\w+)\)")
_NO_BUCKET = re.compile(r"NoSuchBucket|ContainerNotFound|The specified bucket does not exist")
_NO_NAME = re.compile(r"Error parsing Path|invalid path|surrogates not allowed")
_NO_KEYS = re.compile(r"/latest/(?:api/token|meta-data)|metadata\.google\.internal|/metadata/identity")
_QUERY = re.compile(r"\?\S+")
_ENDPOINT = re.compile(r"endpoint|base_url\Z", re.IGNORECASE)  # in the name of an option
_CLEARTEXT = re.compile(r"http://", re.IGNORECASE)


class BucketStore:
    """Objects below a URL. `quotes_etags` is whether a condition names an entity tag as it was given.

    Some gateways only understand it without its quotes. `unbatched` makes a client that deletes with one request for
    each object, for stores that do not know the request for many.
    """

    def __init__(
        self,
        client: "Client",
        where: str,
        *,
        quotes_etags: bool = True,
        unbatched: "Callable[[], Client] | None" = None,
    ) -> None:
        self.where = where
        self.quotes_etags = quotes_etags
        self._client = client
        self._unbatched = unbatched

    def without_quotes(self) -> "BucketStore":
        """The same, for a gateway that compares an entity tag without its quotes."""
        return BucketStore(self._client, self.where, quotes_etags=False, unbatched=self._unbatched)

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

    def fields(self, name: str) -> Fields | None:
        import obstore

        with self._told(name):
            found = obstore.get(self._client, name, options={"head": True}).attributes
        return Fields(*(found.get(key, "") for key in ("Content-Type", "Cache-Control", "Content-Encoding")))

    def create(self, name: str, data: bytes, fields: Fields) -> Version | None:
        from obstore.exceptions import AlreadyExistsError

        for pause in _PAUSES:
            try:
                return self._put(name, data, fields, "create")
            except AlreadyExistsError as error:
                if status(error) != _CONFLICT or self.head(name):
                    return None
                conflict = error
            sleep(pause)
        raise StoreError(f"{self.where}/{name}: {_reason(conflict)}") from conflict

    def swap(self, name: str, data: bytes, fields: Fields, expected: Version) -> Version:
        from obstore.exceptions import AlreadyExistsError, PreconditionError

        try:
            return self._put(name, data, fields, self._condition(self._numbered(name, expected)))
        except (AlreadyExistsError, PreconditionError, FileNotFoundError) as error:
            raise ChangedError(f"{self.where}/{name}") from error

    def put(self, name: str, data: bytes, fields: Fields) -> Version:
        with self._told(name):
            return self._put(name, data, fields, "overwrite")

    def copy(self, source: str, target: str) -> None:
        import obstore

        with self._told(source):
            obstore.copy(self._client, source, target)

    def delete(self, names: Sequence[str]) -> None:
        try:
            self._delete(self._client, names)
        except FileNotFoundError:  # which ended it, at a store without batches
            self._delete_each(self._client, names)
        except StoreError as error:
            if self._unbatched is None or status(error) not in _NO_BATCH:
                raise
            self._delete_each(self._unbatched(), names)

    def flush(self) -> None:
        """A store answers when what it was given is durable."""

    def alone(self) -> AbstractContextManager[None]:
        """Conditions keep other runs away."""
        return nullcontext()

    def _put(self, name: str, data: bytes, fields: Fields, mode: Any) -> Version:
        for pause in _SLOWING:
            try:
                return self._put_once(name, data, fields, mode)
            except StoreError as error:
                if status(error) != _TOO_MANY:
                    raise
            sleep(pause)
        return self._put_once(name, data, fields, mode)

    def _put_once(self, name: str, data: bytes, fields: Fields, mode: Any) -> Version:
        import obstore
        from obstore.exceptions import AlreadyExistsError, PreconditionError

        attributes = {"Content-Type": fields.type, "Cache-Control": fields.caching, "Content-Encoding": fields.encoding}
        told = {key: value for key, value in attributes.items() if value}
        with self._told(name, passed=(AlreadyExistsError, PreconditionError)):
            done = obstore.put(self._client, name, data, attributes=told, mode=mode, use_multipart=False)
        return _version(done)

    def _delete(self, client: "Client", names: Sequence[str]) -> None:
        import obstore

        with self._told():
            obstore.delete(client, [*names])

    def _delete_each(self, client: "Client", names: Sequence[str]) -> None:
        def delete(name: str) -> None:
            with suppress(FileNotFoundError):
                self._delete(client, [name])

        with ThreadPoolExecutor(_DELETES_AT_ONCE) as pool:
            list(pool.map(delete, names))

    def _numbered(self, name: str, expected: Version) -> Version:
        """Google's condition names a generation, which its listings do not tell."""
        if expected.number is not None or not self.where.startswith("gs://"):
            return expected
        found = self.head(name)
        if found is None or found.version.etag != expected.etag:
            raise ChangedError(f"{self.where}/{name}")
        return found.version

    def _condition(self, expected: Version) -> dict[str, str]:
        etag = expected.etag if self.quotes_etags or not expected.etag else expected.etag.strip('"')
        wanted = {"e_tag": etag, "version": expected.number}
        return {key: value for key, value in wanted.items() if value is not None}

    @contextmanager
    def _told(self, name: str = "", passed: tuple[type[Exception], ...] = ()) -> Iterator[None]:
        """An error of the client as one of ours, but for those that are `passed`, and that an object is not there."""
        from obstore.exceptions import BaseError

        try:
            yield
        except passed:
            raise
        except FileNotFoundError as error:
            if _NO_BUCKET.search(str(error)):
                raise StoreError(f"{self.where}: {_reason(error)}") from error
            raise FileNotFoundError(f"{self.where}/{name} does not exist") from error
        except (BaseError, NotImplementedError, ValueError) as error:
            raise StoreError(f"{self.where}{f'/{name}' if name else ''}: {_reason(error)}") from error


def bucket_store(
    url: str, options: Mapping[str, str], retries: int = _RETRIES, retrying: timedelta = _RETRYING
) -> BucketStore:
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
    retry = {"max_retries": retries, "retry_timeout": retrying}

    def made(**more: bool) -> "Client":
        return store.from_url(url, client_options=client, retry_config=retry, **options, **more)  # type: ignore[no-any-return]

    try:
        first = made()
    except (BaseError, ValueError, TypeError) as error:
        raise StoreError(f"{url}: the client does not understand this ({_first_line(error)})") from error
    is_s3 = url.lower().startswith("s3:")
    return BucketStore(first, url.rstrip("/"), unbatched=(lambda: made(disable_bulk_delete=True)) if is_s3 else None)


def status(error: BaseException | None) -> int | None:
    """The status code of the answer behind an error, where there was an answer."""
    found = _STATUS.search(str(error.__cause__ or error)) if error else None
    return int(found[1]) if found else None


def _is_cleartext(options: Mapping[str, str]) -> bool:
    """Whether the endpoint that somebody chose has no TLS."""
    named = [value for key, value in {**os.environ, **options}.items() if _ENDPOINT.search(key)]
    return any(_CLEARTEXT.match(str(value)) for value in named)


def _entry(found: Any, name: str = "") -> Entry:
    changed = int(found["last_modified"].timestamp() * 10**9)
    return Entry(name or found["path"], found["size"], _version(found), changed)


def _version(found: Any) -> Version:
    """With the quotes that belong to an entity tag (RFC 9110, 8.8.3), which some leave out in their listings."""
    etag = found.get("e_tag")
    return Version(f'"{etag}"' if etag and not etag.endswith('"') else etag, found.get("version"))


def _reason(error: BaseException) -> str:
    if _NO_BUCKET.search(str(error)):
        return "there is no such bucket; make it, or correct the target"
    if _NO_NAME.search(str(error)):
        advice = "the client knows no such name: rename the file, remove the object, or publish below another prefix"
        return f"{_first_line(error)}; {advice}"
    if _NO_KEYS.search(str(error)):
        return "there are no credentials, and this machine has no role: set the store's environment variables"
    answered, code = _STATUS.search(str(error)), _CODE.search(str(error))
    if code and code[1] == "RequestTimeTooSkewed":
        return f"the clock of this machine is wrong: the store answered {code[1]}"
    named = (code[1] or code[2]) if code else ""
    said = " ".join([answered[1] if answered else "", named]).strip()
    if named == "AccessDenied" and not answered:
        return f"the store answered {said}; {_RIGHTS}"
    for known, advice in _ADVICE.items():
        if answered and known(int(answered[1])):
            return f"the store answered {said}; {advice}"
    return f"{_first_line(error)}; run this again when the store can be reached: it goes on where it stopped"


def _first_line(error: BaseException) -> str:
    """Without the query of an address, which may be a signature."""
    return _QUERY.sub("?…", str(error).partition("\n")[0]).strip().rstrip(".:")


_RIGHTS = "the credentials must be allowed to list, read, write and delete objects there"
_ADVICE: Mapping[Callable[[int], bool], str] = {
    lambda answered: answered in (401, 403): _RIGHTS,
    lambda answered: answered in (408, 409, 429) or answered >= 500: "run this again: it goes on where it stopped",
    lambda answered: answered in range(300, 400): "the region or the endpoint is not the bucket's",
    lambda answered: answered in range(400, 500): "the target, the region or the endpoint is wrong",
}
