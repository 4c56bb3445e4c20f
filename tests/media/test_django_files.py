"""Django's own tests of file storage and uploads, from its source distribution, with Clearway's storage.

On every cell: what Django tests differs from version to version.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.django_suite.test_django_suite import source

RUNNER = Path(__file__).with_name("django_files.py")
SECONDS = 200

# By the last part of a test's id: why the storage does not what it expects.
ARGUED = {
    "test_deconstruction": "a migration names clearway.media.MediaStorage",
    "test_makedirs_race_handling": "its errors are planted in os.makedirs, which is not called",
    "test_first_character_dot": "a hidden file is never served: .test is kept as _.test",
    "test_file_upload_default_permissions": "without a setting files are 0644, whatever the umask",
    "test_file_upload_directory_default_permissions": "without a setting directories are 0755, whatever the umask",
}
# Where an earlier test of the same run was rolled back: to delete its upload, every field is asked for its storage.
BY_ORDER = "test_lazy_object_is_not_evaluated_before_manual_access"
# Django 5.2 alone: a class attribute that it deprecates, and that allow_overwrite replaces.
DEPRECATED = "OverwritingStorageOSOpenFlags"


@pytest.mark.timeout(2 * SECONDS)
def test_djangos_tests_of_file_storage_pass() -> None:
    tree = source()
    if tree is None:
        pytest.skip("needs the Django source distribution")
    ours, django = outcome(tree, "clearway"), outcome(tree, "django")
    assert ours["run"] == django["run"] >= 200
    failed = {test: trace for test, trace in ours["failed"].items() if test not in django["failed"]}
    failed = {test: trace for test, trace in failed.items() if name_of(test) != BY_ORDER}
    assert {
        test: trace for test, trace in failed.items() if DEPRECATED not in test and name_of(test) not in ARGUED
    } == {}
    assert {name_of(test) for test in failed if DEPRECATED not in test} == set(ARGUED)


def outcome(tree: Path, storage: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, str(RUNNER), str(tree / "tests"), storage],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        check=False,
    )
    assert done.stdout, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def name_of(test: str) -> str:
    return test.partition(" ")[0].rpartition(".")[2]
