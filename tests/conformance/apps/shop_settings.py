"""A small Django project with Clearway as its middleware and storage."""

import os
from pathlib import Path

HOME = Path(os.environ["CONFORMANCE_HOME"])

DEBUG = False
SECRET_KEY = "conformance"
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = ["clearway", "django.contrib.staticfiles"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "clearway.middleware.ClearwayMiddleware",
    "django.middleware.common.CommonMiddleware",
]
ROOT_URLCONF = "tests.conformance.apps.shop_urls"
WSGI_APPLICATION = "tests.conformance.apps.shop_wsgi.application"
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "collected" / "static"
STATICFILES_DIRS = [HOME / "source"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "clearway.storage.ReleaseStorage"},
}
USE_TZ = True
