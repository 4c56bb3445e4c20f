"""Runs Django's own tests of file storage and uploads with Clearway's storage in the place of Django's.

    python django_files.py <tests directory of Django's source distribution> <django | clearway>

The second argument says whose storage is tested. Prints one JSON object: what failed by test id, and how many ran.
"""

import json
import os
import sys
import tempfile
import unittest
from io import StringIO
from typing import Any

import django
from django.conf import settings

SUITES = ["file_storage", "file_uploads", "model_fields.test_filefield"]


def configure(folder: str) -> None:
    """As `runtests.py` of Django, for three packages."""
    settings.configure(
        SECRET_KEY="django_tests_secret_key",
        ALLOWED_HOSTS=["testserver"],
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", *(name.split(".")[0] for name in SUITES)],
        ROOT_URLCONF="urls",
        MEDIA_ROOT=os.path.join(folder, "media"),
        MEDIA_URL="/media/",
        STATIC_URL="static/",
        MIDDLEWARE=[],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        USE_TZ=False,
        FORMS_URLFIELD_ASSUME_HTTPS=True,
    )


def substitute() -> None:
    """Our storage under the names of Django's."""
    from django.core.files import storage
    from django.core.files.storage import filesystem

    from clearway.media import MediaStorage

    storage.FileSystemStorage = filesystem.FileSystemStorage = MediaStorage  # type: ignore[misc]


def run(suite: unittest.TestSuite) -> dict[str, Any]:
    """The suite's outcome by test id."""
    result = unittest.TextTestRunner(stream=StringIO(), verbosity=0).run(suite)
    failed = {case.id(): trace for case, trace in [*result.failures, *result.errors]}
    skipped = {case.id(): reason for case, reason in result.skipped}
    return {"run": result.testsRun, "failed": failed, "skipped": skipped}


def main(tests: str, storage: str) -> int:
    """Run, and print the outcome."""
    sys.path.insert(0, tests)
    with tempfile.TemporaryDirectory() as folder:
        tempfile.tempdir = folder
        configure(folder)
        if storage == "clearway":
            substitute()
        django.setup()
        from django.test.runner import DiscoverRunner
        from django.test.utils import setup_test_environment

        setup_test_environment(debug=False)
        runner = DiscoverRunner(verbosity=0, interactive=False)
        suite = runner.build_suite(SUITES)
        databases = runner.setup_databases()
        outcome = run(suite)
        runner.teardown_databases(databases)
    sys.stdout.write(json.dumps(outcome, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
