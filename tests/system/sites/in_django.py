"""The same site in Django, behind the middleware; it lives in one module, settings included."""

import os

from django.conf import settings

HERE = os.path.dirname(os.path.abspath(__file__))
settings.configure(
    SECRET_KEY="every server",
    ALLOWED_HOSTS=["*"],
    INSTALLED_APPS=["clearway", "django.contrib.staticfiles"],
    MIDDLEWARE=["clearway.middleware.ClearwayMiddleware", "django.middleware.common.CommonMiddleware"],
    ROOT_URLCONF=__name__,
    STATIC_URL="/static/",
    STATIC_ROOT=os.path.join(HERE, "released"),
    CLEARWAY={"root": os.path.join(HERE, "www"), "cache": None},
    LOGGING={"version": 1, "loggers": {"django.request": {"level": "CRITICAL"}}},
)

from django.core.asgi import get_asgi_application  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.urls import re_path  # noqa: E402


def page(request):
    return HttpResponse(f"{request.path} and a body of {len(request.body)}", content_type="text/plain")


urlpatterns = [re_path("", page)]
by_wsgi = get_wsgi_application()
by_asgi = get_asgi_application()
