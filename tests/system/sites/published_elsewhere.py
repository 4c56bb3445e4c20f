"""A site whose pages name static files and which has none: all that it knows comes with its environment."""

import json
import os
from typing import Any

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

settings.configure(
    SECRET_KEY="tests",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["clearway", "django.contrib.staticfiles"],
    MIDDLEWARE=["clearway.middleware.ClearwayMiddleware"],
    STATIC_URL=os.environ["SITE_STATIC_URL"],
    STATIC_ROOT=os.environ.get("SITE_STATIC_ROOT"),
    STATICFILES_DIRS=[os.environ["SITE_SOURCES"]] if "SITE_SOURCES" in os.environ else [],
    STORAGES={"staticfiles": {"BACKEND": "clearway.storage.ReleaseStorage"}},
    CLEARWAY={"levels": "fast", **json.loads(os.environ.get("SITE_CLEARWAY", "{}"))},
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
)
django.setup()


def page(request: HttpRequest) -> HttpResponse:
    found = engines["django"].from_string("{% load static %}{% static 'css/site.css' %} {% static 'js/app.js' %}")
    return HttpResponse(found.render({}, request))


urlpatterns: list[Any] = [path("", page)]
application = WSGIHandler()
