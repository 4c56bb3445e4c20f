"""URLs of the test project."""

from django.http import HttpRequest, HttpResponse
from django.urls import path


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("hello from Django")


urlpatterns = [path("hello", hello)]
