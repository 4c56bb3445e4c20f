"""A site with private files: what the file `denied` lists by line is sent to nobody. It lives in one module."""

import os

from django.conf import settings

HERE = os.path.dirname(os.path.abspath(__file__))
settings.configure(
    SECRET_KEY="every road",
    ALLOWED_HOSTS=["*"],
    INSTALLED_APPS=["clearway", "django.contrib.staticfiles"],
    MIDDLEWARE=["django.middleware.security.SecurityMiddleware", "clearway.middleware.ClearwayMiddleware"],
    ROOT_URLCONF=__name__,
    STATIC_URL="/static/",
    STORAGES={"private": {"BACKEND": "clearway.media.private.PrivateStorage"}},
    CLEARWAY={
        "media": {"private": {"root": os.path.join(HERE, "private"), "road": os.environ.get("ROAD", "auto")}},
        "cache": None,
    },
    LOGGING={"version": 1, "loggers": {"django.request": {"level": "CRITICAL"}}},
)

from django.core.asgi import get_asgi_application  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402

from clearway.asgi import Clearway  # noqa: E402
from clearway.media.private import private_files  # noqa: E402


def may(request, file):
    with open(os.path.join(HERE, "denied"), encoding="utf-8") as denied:
        return file.name not in denied.read().splitlines()


async def amay(request, file):
    return may(request, file)


def page(request):
    return HttpResponse('<video src="/private/film.webm" preload="metadata" muted></video>')


urlpatterns = [
    path("", page),
    path("private/<path:name>", private_files(amay if os.environ.get("VIEW") == "async" else may), name="private-file"),
]
by_wsgi = get_wsgi_application()
by_asgi = get_asgi_application()
by_clearway = Clearway(get_asgi_application())
