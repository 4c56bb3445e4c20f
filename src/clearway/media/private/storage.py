"""`clearway.media.private.PrivateStorage`: users' files that are sent to whom a permission says, and to nobody else."""

import os
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse
from django.utils.deconstruct import deconstructible
from django.utils.functional import cached_property

from clearway.catalog.beneath import open_beneath
from clearway.catalog.names import is_public
from clearway.catalog.reading import not_future, tag_of
from clearway.http.resource import StoredFile
from clearway.media.private_setting import Private
from clearway.media.setting import media_policy, private_setting
from clearway.media.storage import MediaStorage
from clearway.policy.media import MediaPolicy

from .files import PrivateFile
from .roads.disk import road_on_disk
from .roads.road import Road
from .root import checked_root


@deconstructible(path="clearway.media.private.PrivateStorage")
class PrivateStorage(MediaStorage):
    """`MediaStorage`, with its arguments, in a directory that nothing public serves.

    location  a directory; `CLEARWAY["media"]["private"]["root"]` where there is none, or below it
    view      the name of the URL pattern of `private_files` that serves these files, whose argument is `name`

    Raises `ImproperlyConfigured` where the directory and MEDIA_ROOT or STATIC_ROOT lie in each other.
    """

    def __init__(
        self, location: str | os.PathLike[str] | None = None, *args: Any, view: str = "private-file", **options: Any
    ) -> None:
        super().__init__(location, *args, **options)
        self._given, self._view = location, view
        self.location  # noqa: B018  what is wrong is said when the process starts, not to the first visitor

    def __eq__(self, other: object) -> bool:
        """Made in the same way: a field and a view then mean the same files."""
        return type(other) is type(self) and vars(other)["_constructor_args"] == vars(self)["_constructor_args"]

    def __hash__(self) -> int:
        return hash((type(self), self._view))

    @cached_property
    def setting(self) -> Private:
        """That of the project."""
        return private_setting()

    @cached_property
    def policy(self) -> MediaPolicy:
        """That of the project."""
        return media_policy()

    def _clear_cached_properties(self, setting: Any, **options: Any) -> None:
        """Django's receiver of a setting that a test changes."""
        super()._clear_cached_properties(setting, **options)
        if setting == "CLEARWAY":
            for name in ("setting", "policy"):
                vars(self).pop(name, None)

    @property
    def base_location(self) -> Any:
        given = self.setting.root if self._given is None else self._given
        if given is None:
            raise ImproperlyConfigured('Private files need a directory: set CLEARWAY["media"]["private"]["root"].')
        return given

    @property
    def location(self) -> str:  # Django's is cached, and so is the check of this one
        return checked_root(self.base_location)

    @property
    def road(self) -> Road:
        return road_on_disk(self.setting)

    def url(self, name: str | None) -> str:
        """The URL of the view. It is no secret: whoever asks for it is asked for the permission."""
        return reverse(self._view, kwargs={"name": str(name)})

    def find(self, name: str) -> PrivateFile | None:
        """The file as it is now. No link is followed; what is hidden or no regular file is not there."""
        if not is_public(name):
            return None
        root = os.path.realpath(self.location)
        try:
            with open_beneath(root, name) as opened:
                status = os.fstat(opened.fileno())
        except (OSError, ValueError):
            return None
        stored = StoredFile(os.path.join(root, name), status.st_size, None, status.st_mtime_ns, root)
        modified = not_future(status.st_mtime_ns // 1_000_000_000)
        modified = modified if modified and modified > 0 else None
        return PrivateFile(self, name, stored, tag_of(stored), modified, self.policy, self.setting)
