"""Writing an object only where there is none: what S3 does on condition (RFC 9110 §13.1.2, `If-None-Match: *`)."""

from collections.abc import Callable, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

Create = Callable[[str, Any], str]
"""Saves a content under a name and gives the name. Raises `FileExistsError` where the store finds it taken."""

_WRITES = ("PutObject", "CompleteMultipartUpload")
_TAKEN = (409, 412)  # a conflict of two at the same moment, and an object that is there
_UNKNOWN = 501  # a store that has no conditions


def create_with(inner: Any) -> Create:
    """On condition for the S3 storage of django-storages; as the storage does it for any other."""
    return S3Create(inner) if is_s3(inner) else inner.save


def is_s3(inner: object) -> bool:
    """Whether a storage is that of django-storages for S3, or a subclass."""
    return any(base.__name__ == "S3Storage" for base in type(inner).__mro__)


class S3Create:
    """The storage's own `save`, whose requests get the condition on their way out."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self._keys: list[str] = []  # of what is being created
        self._has_conditions = True

    def __call__(self, name: str, content: Any) -> str:
        if not self._has_conditions or not hasattr(self._inner, "bucket"):
            return str(self._inner.save(name, content))
        refused: type[Exception] = import_module("botocore.exceptions").ClientError
        try:
            with self._on_condition(name):
                return str(self._inner.save(name, content))
        except refused as error:
            answered = vars(error)["response"].get("ResponseMetadata", {}).get("HTTPStatusCode")
            if answered in _TAKEN:
                raise FileExistsError(f"{name} exists.") from error
            if answered != _UNKNOWN:
                raise
        self._has_conditions = False
        return str(self._inner.save(name, content))

    @contextmanager
    def _on_condition(self, name: str) -> "Iterator[None]":
        client = self._inner.bucket.meta.client
        for operation in _WRITES:
            known = client.meta.service_model.operation_model(operation).input_shape.members
            if "IfNoneMatch" in known:
                event = f"provide-client-params.s3.{operation}"
                client.meta.events.register(event, self._add, unique_id=f"clearway-{id(self)}-{operation}")
        key = self._inner._normalize_name(name)
        self._keys.append(key)
        try:
            yield
        finally:
            self._keys.remove(key)

    def _add(self, params: Mapping[str, Any], **_: Any) -> dict[str, Any] | None:
        return {**params, "IfNoneMatch": "*"} if params.get("Key") in self._keys else None
