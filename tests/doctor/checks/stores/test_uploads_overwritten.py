"""CW711: uploads that replace each other."""

from typing import Any

import pytest
from tests.doctor.checks.stores.buckets import AZURE, S3, facts, kept
from tests.doctor.fake_facts import found

from clearway.doctor.facts import Storage

FIELDS = ("shop.Photo.image",)


@pytest.mark.parametrize(("storage", "settings"), [(kept(S3), {}), (kept(AZURE), {"AZURE_OVERWRITE_FILES": True})])
def test_it_fires(storage: Storage, settings: dict[str, Any]) -> None:
    [finding] = found("CW711", facts(media=storage, settings=settings, file_fields=FIELDS))
    assert (finding.cause, finding.level) == (None, "note")


@pytest.mark.parametrize(
    ("storage", "settings", "fields"),
    [
        (kept(S3), {}, ()),
        (kept(S3), {"AWS_S3_FILE_OVERWRITE": False}, FIELDS),
        (kept(S3, file_overwrite=False), {}, FIELDS),
        (kept(AZURE), {}, FIELDS),
        (kept(S3), {"DEBUG": True}, FIELDS),
    ],
)
def test_it_is_silent(storage: Storage, settings: dict[str, Any], fields: tuple[str, ...]) -> None:
    assert found("CW711", facts(media=storage, settings=settings, file_fields=fields)) == []
