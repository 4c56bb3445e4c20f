"""nginx sends the file, out of an internal location (X-Accel-Redirect), and answers ranges and conditions."""

import os
from dataclasses import dataclass
from pathlib import PurePath
from urllib.parse import quote

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from clearway.media.private.files import PrivateFile


@dataclass(frozen=True)
class XAccel:
    """`internal` is the path of the location, `root` the directory of its `alias`."""

    internal: str
    root: str
    name: str = "x-accel"

    def respond(self, request: HttpRequest, file: PrivateFile) -> HttpResponseBase:
        """An empty answer with what nginx keeps and what its `$upstream_http_` variables hold."""
        target = self.internal + _encoded(f"{self._folder(file)}{file.name}")
        return HttpResponse(headers={**file.headers, "X-Accel-Redirect": target})

    def _folder(self, file: PrivateFile) -> str:
        """From the alias to the storage. Raises `ImproperlyConfigured`."""
        place = PurePath(file.storage.location)
        if not place.is_relative_to(self.root):
            raise ImproperlyConfigured(f"{place} is not below {self.root}, which nginx's {self.internal} stands for.")
        folder = place.relative_to(self.root).as_posix()
        return "" if folder == "." else f"{folder}/"


def _encoded(path: str) -> str:
    """nginx decodes the value once: nothing is left in it that could be read as anything but this path."""
    return quote(os.fsencode(path), safe="/")


def x_accel(internal: str, root: str | os.PathLike[str]) -> XAccel:
    """The road by the setting."""
    return XAccel(internal, os.path.abspath(root))
