"""A private file as a road sends it: what was found, under which validators, with which header fields."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from clearway.http.media_types import with_charset
from clearway.http.negotiation import IDENTITY
from clearway.http.resource import Resource, StoredFile, resource
from clearway.http.validators import format_date
from clearway.media.private_setting import Private
from clearway.media.setting import type_of_name
from clearway.policy.media import MediaPolicy


@dataclass(frozen=True)
class PrivateFile:
    """A file that was found after its permission was given.

    storage   the storage that has it
    name      its canonical name there: no empty part, no `.` or `..`, no backslash
    stored    where the octets are, and how many; `stored.below` is set for a file in a directory
    etag      a strong entity tag with its quotes, or "" where the storage knows none
    modified  seconds since 1970, or None
    policy, setting   the project's
    """

    storage: Any
    name: str
    stored: StoredFile
    etag: str
    modified: int | None
    policy: MediaPolicy
    setting: Private

    @property
    def path(self) -> str | None:
        """The absolute path; None for what is not in a directory."""
        return self.stored.path if self.stored.below is not None else None

    @property
    def size(self) -> int:
        """Octets."""
        return self.stored.size

    @property
    def download_name(self) -> str:
        """The last part of the name, which a person gave."""
        return self.name.rpartition("/")[2]

    @cached_property
    def media_type(self) -> str:
        """By the last extension alone, as everywhere for users' files."""
        return with_charset(type_of_name(self.name), "utf-8")

    @cached_property
    def headers(self) -> dict[str, str]:
        """What is sent with the content on every road: type, disposition, policy, and that no shared cache keeps it."""
        fields = self.policy.fields(self.media_type, self.download_name)
        return {"Content-Type": self.media_type, **fields, "Cache-Control": self.setting.cache_control}

    @cached_property
    def resource(self) -> Resource:
        """For `clearway.http.decision.decide`: ranges, conditions and HEAD are answered by that one rule."""
        fields = [*self.headers.items(), ("Accept-Ranges", "bytes")]
        if self.modified is not None:
            fields.append(("Last-Modified", format_date(self.modified)))
        return resource([(IDENTITY, self.stored, self.etag)], fields, self.modified)
