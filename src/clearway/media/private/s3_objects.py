"""The objects of django-storages' `S3Storage`: ranged requests, and signed URLs with its own credentials."""

import logging
import os
import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from clearway.stores.signing.objects import Bucket
from clearway.stores.signing.s3 import Credentials, presigned
from clearway.stores.signing.window import Window

from .files import PrivateFile
from .objects import Found, Part

logger = logging.getLogger("clearway.media.private")
_STRONG_TAG = re.compile(r'"[\x21\x23-\x7e]*"')
_LONGEST = 1024  # octets of a key
_GONE = frozenset({404, 412, 416})  # 416: it became shorter


def is_s3(storage: Any) -> bool:
    """Whether a storage is that of django-storages, or a class made of it."""
    return any(base.__module__.startswith("storages.backends.s3") for base in type(storage).__mro__)


class S3Objects:
    """See `Objects`. `url` signs what the road asks for."""

    def __init__(self, storage: Any) -> None:
        self._storage = storage
        self._made: tuple[int, Any] = (0, None)

    def key(self, name: str) -> str:
        """The key of the object, with the location of the storage."""
        return str(self._storage._normalize_name(name))

    def look(self, name: str) -> Found | None:
        said = self._asked("head_object", name, {}) if _is_key(self.key(name)) else None
        if said is None:
            return None
        tag = said.get("ETag", "")
        modified = int(said["LastModified"].timestamp())
        return Found(said["ContentLength"], tag if _STRONG_TAG.fullmatch(tag) else f'"{modified:x}"', modified)

    def read(self, name: str, start: int, count: int, etag: str) -> Part:
        wanted = {"Range": f"bytes={start}-{start + count - 1}", "IfMatch": etag}
        said = self._asked("get_object", name, wanted)
        if said is None:
            raise FileNotFoundError(f"{name} is not what it was")
        return Part(said["Body"], count)

    def url(self, file: PrivateFile, time: Window) -> str:
        """A presigned URL at which the store answers with the type, disposition and lifetime of the policy."""
        said = {name: file.headers[name] for name in ("Content-Type", "Content-Disposition", "Cache-Control")}
        return self._presigned(file, time, said)

    def bare_url(self, file: PrivateFile, time: Window) -> str:
        """For a front that says these fields itself: with a long name they would not fit into its buffer."""
        return self._presigned(file, time, {})

    def _presigned(self, file: PrivateFile, time: Window, fields: Mapping[str, str]) -> str:
        kept = self._credentials.get_frozen_credentials()
        credentials = Credentials(kept.access_key, kept.secret_key, kept.token)
        return presigned(self._bucket, self._region, credentials, self.key(file.name), time, fields)

    def _asked(self, what: str, name: str, more: Mapping[str, str]) -> Any:
        """What the store says; None for what is not there."""
        key, client = self.key(name), self._client
        parameters = {"Bucket": self._storage.bucket_name, "Key": key, **self._encryption(key), **more}
        try:
            return getattr(client, what)(**parameters)
        except client.exceptions.ClientError as error:
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
            if status == 403:  # also said of what is not there, to who may not list
                logger.warning("the bucket %s does not let %s be read", self._storage.bucket_name, ascii(name))
            if status == 403 or status in _GONE:
                return None
            raise

    def _encryption(self, key: str) -> dict[str, str]:
        """The customer's keys, without which such an object cannot be read."""
        own = self._storage.get_object_parameters(key)
        return {name: value for name, value in own.items() if name.startswith("SSECustomer")}

    @cached_property
    def _credentials(self) -> Any:
        """Those of the storage, which renew themselves. Raises `ImproperlyConfigured`."""
        found = self._storage._create_session().get_credentials()
        if found is None:
            raise ImproperlyConfigured(f"There are no credentials for the bucket {self._storage.bucket_name}.")
        return found

    @property
    def _client(self) -> Any:
        """One for all threads, as boto3's clients may be. The storage makes one in each, and each costs much memory."""
        process, client = self._made
        if process != os.getpid():  # connections are not shared with what was forked
            client = self._storage.connection.meta.client
            self._made = (os.getpid(), client)
        return client

    @property
    def _region(self) -> str:
        region = self._client.meta.region_name
        return region if region and region != "aws-global" else "us-east-1"

    @cached_property
    def _bucket(self) -> Bucket:
        """Where botocore itself would ask: it has many rules for that."""
        parameters = {"Bucket": self._storage.bucket_name, "Key": "x"}
        url = self._client.generate_presigned_url("get_object", Params=parameters)
        return Bucket(url.partition("?")[0].removesuffix("/x"))


def _is_key(text: str) -> bool:
    """Whether an object can have it. To the store a longer one is an error, not a miss."""
    try:
        return len(text.encode()) <= _LONGEST
    except UnicodeEncodeError:
        return False
