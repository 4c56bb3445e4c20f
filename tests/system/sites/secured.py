"""The site in Django below SecurityMiddleware, with everything that it can add."""

import os

from django.conf import settings

HERE = os.path.dirname(os.path.abspath(__file__))
settings.configure(
    SECRET_KEY="every server",
    ALLOWED_HOSTS=["*"],
    INSTALLED_APPS=["clearway", "django.contrib.staticfiles"],
    MIDDLEWARE=os.environ["MIDDLEWARE"].split(),
    ROOT_URLCONF=__name__,
    STATIC_URL="/static/",
    STATIC_ROOT=os.path.join(HERE, "released"),
    CLEARWAY={"root": os.path.join(HERE, "www"), "cache": None},
    LOGGING={"version": 1, "disable_existing_loggers": False},
    SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https") if os.environ.get("PROXY") else None,
    SECURE_SSL_REDIRECT=True,
    SECURE_REDIRECT_EXEMPT=[r"^robots"],
    SECURE_HSTS_SECONDS=60,
)

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.urls import re_path  # noqa: E402


def page(request):
    return HttpResponse(request.path, content_type="text/plain")


urlpatterns = [re_path("", page)]
by_wsgi = get_wsgi_application()
