"""A project that takes uploads, serves them, and sends private files to their owner: the user whom the cookie names."""

import json
import os
from pathlib import Path
from typing import Any

from tests.media.bad_input.site import media_of, private_of

HOME = Path(os.environ["BAD_INPUT_HOME"])

os.fsync = lambda descriptor: None  # thousands of files are made, and none has to outlive a crash

DEBUG = False
SECRET_KEY = "bad input"
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = ["clearway", "django.contrib.auth", "django.contrib.contenttypes"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "clearway.middleware.ClearwayMiddleware",
    "django.middleware.common.CommonMiddleware",
]
ROOT_URLCONF = "tests.media.bad_input.apps.urls"
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "srv" / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = media_of(HOME)
FILE_UPLOAD_TEMP_DIR = str(HOME / "temporary")
STORAGES: dict[str, Any] = {
    "default": {"BACKEND": "clearway.media.MediaStorage"},
    "private": {"BACKEND": "clearway.media.private.PrivateStorage"},
    "staticfiles": {"BACKEND": "clearway.storage.ReleaseStorage"},
}
CLEARWAY: dict[str, Any] = {
    "media": {"serve": True, "private": {"root": private_of(HOME), "road": os.environ.get("ROAD", "auto")}},
    "cache": None,
}
GATE = os.environ.get("GATE")
if GATE:
    FILE_UPLOAD_HANDLERS = ["clearway.media.UploadHandler"]
if GATE == "held":
    CLEARWAY["media"]["scanner"] = "tests.media.bad_input.apps.scanner.out_of_order"
if "BUCKET" in os.environ:
    described = {"storage": json.loads(os.environ["BUCKET"]), "road": "x-accel"}
    STORAGES["private"] = {"BACKEND": "clearway.media.private.PrivateBucket", "OPTIONS": described}
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
if "LINKS" in os.environ:
    INSTALLED_APPS.append("clearway.media.sharing")
    DATABASES["default"]["NAME"] = os.environ["LINKS"]
    TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
    ROOT_URLCONF = "tests.media.bad_input.apps.shared_urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
APPEND_SLASH = False
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"short": {"()": "tests.media.bad_input.apps.logs.Short"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "short"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
}
