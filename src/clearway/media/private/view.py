"""`private_files`: the view that asks the permission, finds the file, and sends it by the storage's road."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from asgiref.sync import sync_to_async
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.core.files.storage import storages
from django.db.transaction import non_atomic_requests
from django.http import Http404, HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase

from clearway.catalog.names import is_public
from clearway.media.responses import Sealable
from clearway.serve.event_loop import in_thread

from .asked import AskedFile, Permission
from .denial import not_found, unkept
from .field import by_field
from .signals import atell, tell
from .store import PrivateStore
from .verdict import averdict, is_async, verdict

View = Callable[..., Any]
Denied = Callable[[HttpRequest], HttpResponseBase]
METHODS = ("GET", "HEAD")
_ATTEMPTS = 3
_NO = (PermissionDenied, Http404, ObjectDoesNotExist)  # what a permission may raise for False


def private_files(
    permission: Permission = by_field, storage: str | PrivateStore = "private", denied: Denied = not_found
) -> View:
    """A view for `path("private/<path:name>", private_files(…), name="private-file")`.

    permission  `(request, file) -> bool`, also asynchronous: the view is then asynchronous too; by default that of the
                `PrivateFileField` of the row that names the file
    storage     an alias in STORAGES, or a storage with `find` and `road`
    denied      what is answered where the permission is not given, and where there is no such file: `not_found`,
                `forbidden`, `to_login`, or `(request) -> response`
    """
    answers = _Answers(permission, storage, denied)

    async def aview(request: HttpRequest, name: str) -> HttpResponseBase:
        return await answers.aanswer(request, name)

    def view(request: HttpRequest, name: str) -> HttpResponseBase:
        return answers.answer(request, name)

    return non_atomic_requests(aview if is_async(permission) else view)


@dataclass
class _Access:
    """One request, and what becomes of it."""

    request: HttpRequest
    name: str
    storage: Any
    allowed: bool = False
    road: str = ""
    status: int = 500  # of an error that the permission or a road raises

    def sent(self) -> HttpResponseBase | None:
        """The file by its road; None where there is none. One that is replaced meanwhile is there all the same."""
        for _ in range(_ATTEMPTS):
            file = self.storage.find(self.name) if self.allowed else None
            if file is None:
                return None
            with suppress(FileNotFoundError):
                road = self.storage.road
                response: HttpResponseBase = road.respond(self.request, file)
                if isinstance(response, Sealable):
                    response.seal()
                self.road = road.name
                return response
        return None

    def ended(self, response: HttpResponseBase) -> HttpResponseBase:
        self.status = response.status_code
        return response


@dataclass(frozen=True)
class _Answers:
    permission: Permission
    storage: str | PrivateStore
    denied: Denied

    def answer(self, request: HttpRequest, name: str) -> HttpResponseBase:
        access = self._access(request, name)
        try:
            if request.method not in METHODS:
                return access.ended(HttpResponseNotAllowed(METHODS))
            access.allowed = is_public(name) and self._permits(access)
            return access.ended(access.sent() or unkept(self.denied(request)))
        finally:
            tell(type(access.storage), **vars(access))

    async def aanswer(self, request: HttpRequest, name: str) -> HttpResponseBase:
        access = self._access(request, name)
        try:
            if request.method not in METHODS:
                return access.ended(HttpResponseNotAllowed(METHODS))
            access.allowed = is_public(name) and await self._apermits(access)
            sent = await in_thread(access.sent)
            return access.ended(sent or unkept(await sync_to_async(self.denied)(request)))
        finally:
            await atell(type(access.storage), **vars(access))

    def _access(self, request: HttpRequest, name: str) -> _Access:
        storage = storages[self.storage] if isinstance(self.storage, str) else self.storage
        return _Access(request, name, storage)

    def _permits(self, access: _Access) -> bool:
        try:
            return verdict(self.permission(access.request, AskedFile(access.storage, access.name)))
        except _NO:
            return False

    async def _apermits(self, access: _Access) -> bool:
        try:
            return await averdict(self.permission(access.request, AskedFile(access.storage, access.name)))
        except _NO:
            return False
