"""Uploads through Django's entrance for ASGI: in pieces, with a length that is not theirs."""

import asyncio
from typing import Any

import pytest
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest, JsonResponse
from django.test import override_settings
from django.test.client import MULTIPART_CONTENT
from django.urls import path
from tests.media.gate.test_validator import Upload
from tests.media.gate.uploads import HANDLER, body, part
from tests.policy.inspection.pictures import picture, png

PNG = picture("PNG")


async def form_view(request: HttpRequest) -> JsonResponse:
    form = Upload(files=request.FILES)
    if form.is_valid():
        return JsonResponse({"size": len(form.cleaned_data["file"].read())})
    return JsonResponse(form.errors.get_json_data())


def bare_view(request: HttpRequest) -> JsonResponse:
    """Without a form: whoever reads a refused file."""
    return JsonResponse({"size": len(request.FILES["file"].read())})


urlpatterns = [path("form/", form_view), path("bare/", bare_view)]


async def post(where: str, *pieces: bytes, length: str) -> tuple[int, bytes]:
    """The status and the body of an answer."""
    fields = [(b"content-type", MULTIPART_CONTENT.encode()), (b"content-length", length.encode())]
    scope = {"type": "http", "method": "POST", "path": where, "query_string": b"", "headers": fields}
    sent: list[dict[str, Any]] = []
    waiting = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    waiting.append({"type": "http.request", "body": b"", "more_body": False})

    async def receive() -> dict[str, Any]:
        return waiting.pop(0) if waiting else await asyncio.Future()

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await ASGIHandler()(scope, receive, send)
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])


@pytest.mark.parametrize("length", ["1", "99999999"])
@pytest.mark.parametrize(
    ("where", "content", "status", "shown"),
    [
        ("/form/", PNG, 200, b'{"size": %d}' % len(PNG)),
        ("/form/", png(60000, 60000), 200, b'"code": "too_many_pixels"'),
        ("/form/", PNG + bytes(300_000), 200, b'"code": "too_large"'),
        ("/bare/", PNG, 200, b'{"size": %d}' % len(PNG)),
        ("/bare/", PNG + bytes(300_000), 400, b""),
    ],
)
def test_the_length_that_a_request_says_changes_nothing(
    length: str, where: str, content: bytes, status: int, shown: bytes
) -> None:
    data = body(part("file", "a.png", content))
    pieces = [data[place : place + 10_007] for place in range(0, len(data), 10_007)]
    clearway = {"media": {"max_size": 200_000}}
    with override_settings(ROOT_URLCONF=__name__, FILE_UPLOAD_HANDLERS=HANDLER, CLEARWAY=clearway, MIDDLEWARE=[]):
        answer = asyncio.run(post(where, *pieces, length=length))
    assert answer[0] == status
    assert shown in answer[1]
