"""`clearway.media.private.PrivateBucket`: private files in a bucket, or in any other storage of Django's."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import FileSystemStorage
from django.urls import reverse
from django.utils.deconstruct import deconstructible

from clearway.catalog.names import is_public
from clearway.http.resource import StoredFile
from clearway.media.guarded import GuardedStorage
from clearway.media.setting import media_policy, private_setting

from .files import PrivateFile
from .objects import AnyObjects, Objects
from .roads.bucket_accel import BucketAccel
from .roads.bucket_redirect import Redirect, Sign
from .roads.bucket_stream import BucketStream
from .roads.road import Road
from .s3_objects import S3Objects, is_s3

_CACHING = ("CacheControl", "cache_control")


@deconstructible(path="clearway.media.private.PrivateBucket")
class PrivateBucket(GuardedStorage):
    """Another storage, as for `GuardedStorage`, whose files `private_files` sends to whom a permission says.

    road   "stream": in process; "redirect": to a signed URL; "x-accel": nginx fetches the object; or a `Road`
    sign   `(file, window) -> URL`, where another than the storage's own is to be signed
    view   the name of the URL pattern of `private_files` that serves these files, whose argument is `name`

    Raises `ImproperlyConfigured`.
    """

    def __init__(
        self,
        storage: Any,
        names: str = "kept",
        fan_out: int = 0,
        *,
        road: str | Road = "stream",
        sign: Sign | None = None,
        view: str = "private-file",
    ) -> None:
        super().__init__(storage, names, fan_out)
        _check(self._inner)
        _forbid_sharing(self._inner)
        self._view, self._sign, self._road = view, sign, road
        self.road  # noqa: B018  what is wrong is said when the process starts

    def __eq__(self, other: object) -> bool:
        """Made in the same way: a field and a view then mean the same files."""
        return type(other) is type(self) and vars(other)["_constructor_args"] == vars(self)["_constructor_args"]

    def __hash__(self) -> int:
        return hash((type(self), self._view))

    def url(self, name: str | None, *args: Any, **options: Any) -> str:
        """The URL of the view. It is no secret: whoever asks for it is asked for the permission."""
        return reverse(self._view, kwargs={"name": str(name)})

    @cached_property
    def objects(self) -> Objects:
        """The storage as roads read it."""
        return S3Objects(self._inner) if is_s3(self._inner) else AnyObjects(self._inner)

    @cached_property
    def road(self) -> Road:
        if not isinstance(self._road, str):
            return self._road
        made: dict[str, Callable[[], Road]] = {
            "stream": lambda: BucketStream(self.objects),
            "redirect": lambda: Redirect(self._sign or self._s3.url),
            "x-accel": lambda: BucketAccel(self._sign or self._s3.bare_url),
        }
        if self._road not in made:
            raise ImproperlyConfigured(f"road must be one of {', '.join(made)}, or a Road, not {self._road!r}.")
        return made[self._road]()

    @property
    def _s3(self) -> S3Objects:
        """Objects that can be signed for. Raises `ImproperlyConfigured`."""
        if not isinstance(self.objects, S3Objects):
            raise ImproperlyConfigured(f"The road {self._road!r} needs sign=, or a storage of storages.backends.s3.")
        return self.objects

    def find(self, name: str) -> PrivateFile | None:
        """The file as it is now: one question to the storage."""
        found = self.objects.look(name) if is_public(name) else None
        if found is None:
            return None
        stored = StoredFile(name, found.size)
        return PrivateFile(self, name, stored, found.etag, found.modified, media_policy(), private_setting())


def _check(inner: Any) -> None:
    if isinstance(inner, FileSystemStorage):
        raise ImproperlyConfigured(
            "A directory has links and subdirectories: use clearway.media.private.PrivateStorage."
        )
    if getattr(inner, "gzip", False):
        raise ImproperlyConfigured("Private files are kept as they are: set gzip to False for their storage.")


def _forbid_sharing(inner: Any) -> None:
    """The bucket itself says what the view says of caches, whatever the policy for public files."""
    told = getattr(inner, "get_object_parameters", None)
    if told is None:
        return

    def parameters(name: str) -> Mapping[str, Any]:
        caching = private_setting().cache_control
        return {key: caching if key in _CACHING else value for key, value in told(name).items()}

    inner.get_object_parameters = parameters
