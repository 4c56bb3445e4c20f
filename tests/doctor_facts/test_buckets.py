"""The class of a storage and what it sets, from the object and from the source."""

from pathlib import Path

import pytest
from django.core.files.storage import Storage

from clearway.doctor_facts.buckets import attributes_of, kinds_of, written

SOURCE = """
from storages.backends.s3boto3 import S3Boto3Storage as Base
from django.conf import settings
from . import mixins


class Files(Base):
    bucket_name = "shop"
    location = settings.STATIC_URL
    default_acl: str = "private"
    signer = make()


class Static(mixins.Public, Files):
    default_acl = "public-read"
"""
MIXINS = "class Public:\n    querystring_auth = False\n    default_acl = 'x'\n"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    folder = tmp_path / "a_shop_with_buckets"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "files.py").write_text(SOURCE)
    (folder / "mixins.py").write_text(MIXINS)
    monkeypatch.syspath_prepend(tmp_path)
    return "a_shop_with_buckets.files"


def test_a_class_whose_base_is_not_installed_is_read(package: str) -> None:
    kinds, given = written(f"{package}.Static")
    assert kinds[0] == f"{package}.Static"
    assert "storages.backends.s3boto3.S3Boto3Storage" in kinds
    assert given["default_acl"] == "public-read"
    assert given["querystring_auth"] is False
    assert given["bucket_name"] == "shop"
    assert "signer" not in given


@pytest.mark.parametrize("backend", ["", "Storage", "no.such.module.Storage", "a_shop_with_buckets.files.Nothing"])
def test_what_cannot_be_found_has_no_attributes(package: str, backend: str) -> None:
    assert written(backend)[1] == {}


def test_an_object_has_the_attributes_of_its_class_and_its_own() -> None:
    class Files(Storage):
        location = "a"
        default_acl = None

        def __init__(self) -> None:
            self.location = "b"
            self._hidden = "c"
            self.client = object()

    assert attributes_of(Files())["location"] == "b"
    assert {"default_acl", "location"} <= set(attributes_of(Files()))
    assert not {"_hidden", "client"} & set(attributes_of(Files()))
    assert kinds_of(Files())[-1] == "django.core.files.storage.base.Storage"
