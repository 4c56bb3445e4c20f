"""`clearway.media.GuardedStorage`: the policies of `MediaStorage` around any other storage, such as a bucket."""

import mimetypes
import os
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

from django.core.files.storage import Storage, storages
from django.utils.deconstruct import deconstructible

from clearway.http.media_types import with_charset
from clearway.policy.file_names import safe_name
from clearway.policy.signatures import HEAD

from .create_only import create_with, is_s3
from .gate.scanned import is_clean
from .mismatch import check_content
from .naming import alternative, checked_path, naming
from .rolled_back import watch
from .setting import media_policy, type_of_name


@deconstructible(path="clearway.media.GuardedStorage")
class GuardedStorage(Storage):
    """Another storage, asked for everything; what is new has a safe name that is free, and is looked at before.

    storage   the other one, or how STORAGES would describe it: `{"BACKEND": …, "OPTIONS": {…}}`
    names, fan_out   as for `MediaStorage`

    Storages with the documented hook of django-storages, `get_object_parameters(name)`, store type, disposition and
    cache lifetime with each object. Two uploads of one name at the same moment are kept apart by S3, where it is asked
    to write what is not there only; where another storage overwrites, by `names="opaque"` alone.
    """

    def __init__(self, storage: Storage | Mapping[str, Any], names: str = "kept", fan_out: int = 0) -> None:
        self._inner: Any = storages.create_storage(dict(storage)) if isinstance(storage, Mapping) else storage
        self._naming = naming(names, fan_out)
        _carry(self._inner)
        self._create = create_with(self._inner)

    def __getattr__(self, name: str) -> Any:
        """What only the other storage has."""
        if name == "_inner":  # while it is copied or unpickled
            raise AttributeError(name)
        return getattr(self._inner, name)

    def get_valid_name(self, name: str) -> str:
        """What the other storage makes of the name that a person gave, made safe."""
        return safe_name(self._inner.get_valid_name(name))

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """A safe name that is free, whatever the other storage would overwrite."""
        room = max_length and max(max_length - self._naming.extra, 1)
        return super().get_available_name(checked_path(name), max_length=room)

    def get_alternative_name(self, file_root: str, file_ext: str) -> str:
        """Django's, within the length that file systems take."""
        return alternative(super().get_alternative_name(file_root, file_ext), file_root, file_ext)

    def is_name_available(self, name: str, max_length: int | None = None) -> bool:
        """In a directory of its own every name is free."""
        too_long = bool(max_length and len(name) > max_length)
        return not too_long and (bool(self._naming.extra) or not self._inner.exists(name))

    def _save(self, name: str, content: Any) -> str:
        name = checked_path(name)
        if content.seekable():
            check_content(type(self), name, _head(content))
        is_clean(content, _Again(content), holds=False)
        given = self._created(name, content, _digest(content) if self._naming.shares else "")
        if not self._naming.shares:  # what another upload may share is not this one's to delete
            watch(self, given)
        return given

    def _created(self, name: str, content: Any, digest: str) -> str:
        """Under the first name that nobody else took meanwhile."""
        while True:
            place = self._naming.place(name, digest)
            if self._naming.shares and self._inner.exists(place):
                return place
            try:
                return str(self._create(place, content))
            except FileExistsError:
                if not content.seekable():
                    raise
                name = name if self._naming.extra else self._another(name)

    def _another(self, name: str) -> str:
        folder, last = os.path.split(name)
        return self.get_available_name(os.path.join(folder, self.get_alternative_name(*os.path.splitext(last))))

    def _open(self, name: str, mode: str = "rb") -> Any:
        return self._inner.open(name, mode)

    def path(self, name: str) -> str:
        return str(self._inner.path(name))

    def delete(self, name: str) -> None:
        self._inner.delete(name)

    def exists(self, name: str) -> bool:
        return bool(self._inner.exists(name))

    def listdir(self, path: str) -> Any:
        return self._inner.listdir(path)

    def size(self, name: str) -> int:
        return int(self._inner.size(name))

    def url(self, name: str | None, *args: Any, **options: Any) -> str:
        """The other storage's, with whatever arguments it takes."""
        return str(self._inner.url(name, *args, **options))

    def get_accessed_time(self, name: str) -> Any:
        return self._inner.get_accessed_time(name)

    def get_created_time(self, name: str) -> Any:
        return self._inner.get_created_time(name)

    def get_modified_time(self, name: str) -> Any:
        return self._inner.get_modified_time(name)


def object_metadata(name: str) -> dict[str, str]:
    """The header fields with which an object in a bucket is to be stored, by the project's policy."""
    type_ = with_charset(type_of_name(name), "utf-8")
    return media_policy().metadata(type_, os.path.basename(name))


class _Again:
    """A content that is read again, and stays open."""

    def __init__(self, content: Any) -> None:
        self._content = content

    def reading(self) -> Any:
        return self._content


def _head(content: Any) -> bytes:
    content.seek(0)
    head = content.read(HEAD)
    content.seek(0)
    return head if isinstance(head, bytes) else str(head).encode()


def _digest(content: Any) -> str:
    digest = sha256()
    for chunk in content.chunks():
        digest.update(chunk if isinstance(chunk, bytes) else str(chunk).encode())
    return digest.hexdigest()


def _carry(inner: Any) -> None:
    """Let a storage of django-storages store the metadata with each object; a parameter that the project set stays."""
    own: Callable[[str], dict[str, Any]] | None = getattr(inner, "get_object_parameters", None)
    if own is None:
        return
    s3 = is_s3(inner)
    spell = _as_s3 if s3 else _as_others

    def parameters(name: str) -> dict[str, Any]:
        is_guessed = not s3 and mimetypes.guess_type(name)[1]  # which would have a browser unpack what it downloads
        told = {spell(key): value for key, value in object_metadata(name).items()}
        return {**told, **({"content_encoding": None} if is_guessed else {}), **own(name)}

    inner.get_object_parameters = parameters


def _as_s3(field: str) -> str:
    return field.replace("-", "")


def _as_others(field: str) -> str:
    return field.replace("-", "_").lower()
