"""A site that takes uploads and serves them in process; it lives in one module, settings included."""

import os

from django.conf import settings

HERE = os.path.dirname(os.path.abspath(__file__))
os.umask(int(os.environ.get("UMASK", "077"), 8))
settings.configure(
    SECRET_KEY="every server",
    ALLOWED_HOSTS=["*"],
    INSTALLED_APPS=["clearway", "django.contrib.staticfiles"],
    MIDDLEWARE=["django.middleware.security.SecurityMiddleware", "clearway.middleware.ClearwayMiddleware"],
    ROOT_URLCONF=__name__,
    STATIC_URL="/static/",
    MEDIA_URL="/media/",
    MEDIA_ROOT=os.path.join(HERE, "media"),
    FILE_UPLOAD_TEMP_DIR=os.path.join(HERE, "temporary"),
    STORAGES={"default": {"BACKEND": "clearway.media.MediaStorage"}},
    CLEARWAY={"media": {"serve": True}, "cache": None},
    LOGGING={"version": 1, "loggers": {"django.request": {"level": "CRITICAL"}}},
)

from django.core.asgi import get_asgi_application  # noqa: E402
from django.core.files.storage import default_storage  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpResponse, HttpResponseNotFound  # noqa: E402
from django.urls import path, re_path  # noqa: E402
from django.views.decorators.csrf import csrf_exempt  # noqa: E402


@csrf_exempt
def upload(request):
    given = request.FILES["file"]
    return HttpResponse(default_storage.save(request.GET.get("to", "") + given.name, given), content_type="text/plain")


def page(request):
    return HttpResponse('<video src="/media/film.webm" preload="metadata" muted></video><img src="/media/photo.png">')


def nothing(request):
    return HttpResponseNotFound("nothing here", content_type="text/plain")


urlpatterns = [path("", page), path("upload", upload), re_path("", nothing)]
by_wsgi = get_wsgi_application()
by_asgi = get_asgi_application()
