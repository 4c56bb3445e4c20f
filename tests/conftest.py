"""A minimal Django for the tests; each test overrides what it is about."""

import os

import django
import hypothesis
from django.conf import settings


def pytest_configure() -> None:
    # How long an example takes says nothing on a machine that does other things as well.
    calm = [hypothesis.HealthCheck.too_slow]
    hypothesis.settings.register_profile("calm", deadline=None, suppress_health_check=calm)
    hypothesis.settings.load_profile("calm")
    if settings.configured:
        return
    os.environ.setdefault("CLEARWAY_CACHE", "off")  # what one run remembers is not the business of another
    settings.configure(
        SECRET_KEY="tests",
        ALLOWED_HOSTS=["*"],
        INSTALLED_APPS=[
            "clearway",
            "clearway.media.sharing",
            "django.contrib.admin",
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "django.contrib.staticfiles",
        ],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        ROOT_URLCONF="tests.urls",
        STATIC_URL="/static/",
        TEMPLATES=[
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
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
        USE_TZ=True,
    )
    django.setup()
