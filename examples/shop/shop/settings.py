"""Settings of the demo shop.

Clearway needs the places marked with an arrow; all the rest is what `startproject` writes.
"""

import os
from pathlib import Path

from shop.secret import kept_secret

BASE_DIR = Path(__file__).resolve().parent.parent

# Everything that the shop writes lies below one directory.
VAR = Path(os.environ.get("SHOP_VAR", BASE_DIR / "var"))
VAR.mkdir(parents=True, exist_ok=True)

DEBUG = os.environ.get("SHOP_DEBUG") == "1"
SECRET_KEY = kept_secret(VAR / "secret-key")
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]

INSTALLED_APPS = [
    "clearway",  # <- above staticfiles: its collectstatic and runserver take over
    "clearway.media.sharing",  # <- links to private files, which end
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "thirdparty.ratings",
    "catalogue",
    "gallery",
    "invoices",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "clearway.middleware.ClearwayMiddleware",  # <- right below SecurityMiddleware
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

STORAGES = {
    "default": {"BACKEND": "clearway.media.MediaStorage"},  # <- uploads: whole, with safe names and sane modes
    "private": {"BACKEND": "clearway.media.private.PrivateStorage"},  # <- files that not everybody may see
    "staticfiles": {"BACKEND": "clearway.storage.ReleaseStorage"},  # <- hashed names, variants, releases
}

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"

MEDIA_URL = "/media/"
MEDIA_ROOT = VAR / "media"

CLEARWAY = {
    "cache": VAR / "cache",  # the default is the user's cache directory, which builds of all projects share
    "media": {
        "serve": True,  # no web server stands before this shop
        "max_size": 20_000_000,
        "strip_location": True,
        "private": {"root": VAR / "private"},
    },
}

FILE_UPLOAD_HANDLERS = ["clearway.media.UploadHandler"]  # <- looks at what arrives, and stops at the limits

LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "invoices"

ROOT_URLCONF = "shop.urls"
WSGI_APPLICATION = "shop.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": VAR / "shop.sqlite3"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True
