"""Upload and private files."""

import json
from contextlib import suppress

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.urls import path, re_path, register_converter
from django.urls.converters import PathConverter
from django.views.decorators.csrf import csrf_exempt

from clearway.media.private import AskedFile, private_files


@csrf_exempt
def upload(request: HttpRequest) -> HttpResponse:
    """Keep every file that is not refused; their places, as JSON."""
    places = []
    for file in [file for name in request.FILES for file in request.FILES.getlist(name)]:
        with suppress(SuspiciousFileOperation):
            places.append(default_storage.save(str(file.name), file))
    return HttpResponse(json.dumps(places))


def is_owner(request: HttpRequest, file: AskedFile) -> bool:
    """The first directory is the user's."""
    return file.name.partition("/")[0] == request.COOKIES.get("user")


def nothing(request: HttpRequest) -> HttpResponse:
    text = "" if request.method == "HEAD" else "nothing here\n"
    return HttpResponseNotFound(text, content_type="text/plain")


class AnyPath(PathConverter):
    """Also with newlines, which Django's takes for the end."""

    regex = r"(?:.|\n)+"


register_converter(AnyPath, "anything")
urlpatterns = [
    path("upload", upload),
    path("private/<anything:name>", private_files(is_owner), name="private-file"),
    re_path("", nothing),
]
handler404 = "tests.media.bad_input.apps.urls.missing"


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    return nothing(request)
