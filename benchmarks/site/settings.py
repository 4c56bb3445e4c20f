"""Settings of the benchmark site. BENCH_STACK chooses who serves static files, BENCH_ROOT is STATIC_ROOT."""

import os

STACK = os.environ.get("BENCH_STACK", "none")
SERVING = {
    "none": (None, "django.contrib.staticfiles.storage.StaticFilesStorage"),
    "manifest": (None, "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"),
    "clearway": ("clearway.middleware.ClearwayMiddleware", "clearway.storage.ReleaseStorage"),
    "whitenoise": (
        "whitenoise.middleware.WhiteNoiseMiddleware",
        "whitenoise.storage.CompressedManifestStaticFilesStorage",
    ),
    "servestatic": (
        "servestatic.middleware.ServeStaticMiddleware",
        "servestatic.storage.CompressedManifestStaticFilesStorage",
    ),
}
MIDDLEWARE_OF_STACK, STORAGE = SERVING[STACK]

SECRET_KEY = "benchmarks"
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "benchmarks.site.urls"
USE_TZ = True
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
INSTALLED_APPS = [
    *(["clearway"] if STACK == "clearway" else []),
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # the wrappers stand in front of Django, where a second copy inside would do nothing but cost
    *([MIDDLEWARE_OF_STACK] if MIDDLEWARE_OF_STACK and not os.environ.get("BENCH_WRAPPED") else []),
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
STATIC_URL = "/static/"
CLEARWAY = {
    "encodings": os.environ.get("BENCH_ENCODINGS", "gzip br zstd").split(),
    **({"levels": os.environ["BENCH_LEVELS"]} if "BENCH_LEVELS" in os.environ else {}),
}
STATIC_ROOT = os.environ.get("BENCH_ROOT")
STATICFILES_DIRS = [path for path in [os.environ.get("BENCH_SOURCE")] if path]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": STORAGE},
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"null": {"class": "logging.NullHandler"}},
    "loggers": {"django": {"handlers": ["null"], "propagate": False}},
}
