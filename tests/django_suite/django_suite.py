"""Runs Django's own `staticfiles_tests` with Clearway's storage in the place of Django's manifest storage.

    python django_suite.py <tests directory of Django's source distribution> <django | clearway>

The second argument says whose `collectstatic` drives the storage. Prints one JSON object with the ids of what failed.
Two kinds of expectations are substituted, and nothing else: see `django_expectations`.
"""

import importlib
import json
import os
import sys
import tempfile
import unittest
from io import StringIO
from typing import Any

import django
from django.conf import settings

APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sites",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.staticfiles",
    "staticfiles_tests",
]


def configure(folder: str) -> None:
    """As `runtests.py` of Django, for one package."""
    settings.configure(
        SECRET_KEY="django_tests_secret_key",
        ALLOWED_HOSTS=["testserver"],
        INSTALLED_APPS=APPS,
        ROOT_URLCONF="urls",
        STATIC_URL="static/",
        STATIC_ROOT=os.path.join(folder, "static"),
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [],
                "APP_DIRS": True,
                "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
            }
        ],
        MIDDLEWARE=[],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        USE_TZ=False,
        CLEARWAY={"encodings": [], "cache": None},
    )
    django.setup()


def substitute(command: str) -> None:
    """Our storage, and perhaps our command, under the names of Django's."""
    from django.contrib.staticfiles import storage
    from django.contrib.staticfiles.management.commands import collectstatic

    ours = importlib.import_module("clearway.management.commands.collectstatic")
    storage.ManifestStaticFilesStorage = ours.ReleaseStorage
    if command == "clearway":
        collectstatic.Command = ours.Command


def run(suite: unittest.TestSuite) -> dict[str, Any]:
    """The suite's outcome by test id."""
    result = unittest.TextTestRunner(stream=StringIO(), verbosity=0).run(suite)
    failed = {case.id(): trace for case, trace in [*result.failures, *result.errors]}
    skipped = {case.id(): reason for case, reason in result.skipped}
    return {"run": result.testsRun, "failed": failed, "skipped": skipped}


def main(tests: str, command: str) -> int:
    """Run, and print what failed; 1 if anything did."""
    sys.path[:0] = [tests, os.path.dirname(__file__)]
    with tempfile.TemporaryDirectory() as folder:
        configure(folder)
        from django.test.runner import DiscoverRunner
        from django.test.utils import setup_test_environment

        setup_test_environment(debug=False)
        expectations = importlib.import_module("django_expectations")
        substitute(command)
        expectations.substitute(tests, importlib.import_module("clearway.storage").ReleaseStorage)
        suite = DiscoverRunner(verbosity=0, parallel=0).build_suite(["staticfiles_tests"])
        outcome = run(suite)
    sys.stdout.write(json.dumps(outcome, indent=1))
    return 1 if outcome["failed"] else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
