"""A Django project whose STATIC_ROOT is that tree: settings, URL patterns and both entries in one module."""

import os
from pathlib import Path

SERVED = Path(os.environ["BAD_INPUT_HOME"]) / "srv"

DEBUG = False
SECRET_KEY = "bad input"
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = ["clearway", "django.contrib.staticfiles"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "clearway.middleware.ClearwayMiddleware",
    "django.middleware.common.CommonMiddleware",
]
ROOT_URLCONF = "tests.bad_input.apps.project"
STATIC_URL = "/static/"
STATIC_ROOT = SERVED / "app"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "clearway.storage.ReleaseStorage"},
}
CLEARWAY = {"root": [SERVED / "www"], "cache": None}
USE_TZ = True

urlpatterns: list[object] = []
