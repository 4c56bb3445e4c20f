"""A site with private files in a bucket and with share links; what `denied` lists is sent to nobody."""

import json
import os

import django
from django.conf import settings

HERE = os.path.dirname(os.path.abspath(__file__))
settings.configure(
    SECRET_KEY="in a bucket",
    ALLOWED_HOSTS=["*"],
    INSTALLED_APPS=["clearway", "clearway.media.sharing", "django.contrib.auth", "django.contrib.contenttypes"],
    MIDDLEWARE=["django.middleware.security.SecurityMiddleware"],
    ROOT_URLCONF=__name__,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.path.join(HERE, "db.sqlite3")}},
    USE_TZ=True,
    STORAGES={
        "private": {
            "BACKEND": "clearway.media.private.PrivateBucket",
            "OPTIONS": {"storage": json.loads(os.environ["BUCKET"]), "road": os.environ["ROAD"]},
        }
    },
    CLEARWAY={"cache": None},
    LOGGING={"version": 1, "loggers": {"django.request": {"level": "CRITICAL"}}},
)
django.setup()

from django.core.asgi import get_asgi_application  # noqa: E402
from django.core.files.storage import storages  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.urls import include, path  # noqa: E402

from clearway.media.private import AskedFile, private_files  # noqa: E402
from clearway.media.sharing import create_link  # noqa: E402
from clearway.media.sharing.models import ShareLink  # noqa: E402

call_command("migrate", verbosity=0)


def may(request, file):
    with open(os.path.join(HERE, "denied"), encoding="utf-8") as denied:
        return file.name not in denied.read().splitlines()


def link(request, name):
    return HttpResponse(create_link(AskedFile(storages["private"], name)).get_absolute_url())


def revoke(request):
    return HttpResponse(str(ShareLink.objects.all().revoke()))


urlpatterns = [
    path("private/<path:name>", private_files(may), name="private-file"),
    path("share/", include("clearway.media.sharing.urls")),
    path("link/<path:name>", link),
    path("revoke", revoke),
]
by_wsgi = get_wsgi_application()
by_asgi = get_asgi_application()
