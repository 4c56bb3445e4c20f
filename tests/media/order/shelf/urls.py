"""Views that upload, and change their minds."""

from typing import Any

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path

from .models import Book


def _new(request: HttpRequest, code: str | None = None) -> Book:
    book = Book(code=code)
    book.cover = ContentFile(b"cover", request.GET.get("name", "cover.txt"))  # type: ignore[assignment]
    return book


def committed(request: HttpRequest) -> HttpResponse:
    with transaction.atomic():
        _new(request).save()
    return HttpResponse("kept")


def failing(request: HttpRequest) -> HttpResponse:
    with transaction.atomic():
        _new(request).save()
        raise RuntimeError("failed")


def savepoint(request: HttpRequest) -> HttpResponse:
    with transaction.atomic():
        _new(request).save()
        try:
            with transaction.atomic():
                _new(request).save()
                raise IntegrityError
        except IntegrityError:
            return HttpResponse("half")


def retrying(request: HttpRequest) -> HttpResponse:
    """The file is uploaded with the first attempt, and not once more with the second."""
    Book.objects.create(code="taken")
    book = _new(request, "taken")
    try:
        with transaction.atomic():
            book.save()
    except IntegrityError:
        book.code = "free"
    with transaction.atomic():
        book.save()
    return HttpResponse(book.cover.name)


async def asynchronous(request: HttpRequest) -> Any:
    from asgiref.sync import sync_to_async

    return await sync_to_async(savepoint)(request)


urlpatterns = [path(f"{view.__name__}/", view) for view in (committed, failing, savepoint, retrying, asynchronous)]
