"""Which road the files of a directory take."""

from functools import lru_cache

from django.core.exceptions import ImproperlyConfigured

from clearway.media.private_setting import Private

from .pathsend import PathSend
from .road import Road
from .stream import Stream
from .x_accel import x_accel
from .x_sendfile import XSendfile


@lru_cache(8)
def road_on_disk(setting: Private) -> Road:
    """By the setting alone: no request can ask for another. Raises `ImproperlyConfigured`."""
    if setting.road == "x-accel":
        if setting.root is None:
            raise ImproperlyConfigured('The road "x-accel" needs CLEARWAY["media"]["private"]["root"].')
        return x_accel(setting.internal, setting.root)
    if setting.road == "x-sendfile":
        return XSendfile()
    return Stream() if setting.road == "stream" else PathSend()
