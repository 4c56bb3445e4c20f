"""What a permission is asked about."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True)
class AskedFile:
    """A file by its storage and its canonical name. Whether it is there is looked at after the permission is given."""

    storage: Any
    name: str


Permission = Callable[[HttpRequest, AskedFile], bool | Awaitable[bool]]
"""Whether the file may be sent in answer to this request. It is asked for each, also for a range or a HEAD."""
