"""CW712: an ACL that new buckets refuse."""

from typing import Any

import pytest
from tests.doctor.checks.stores.buckets import OWNED, S3, STATIC, facts, kept
from tests.doctor.fake_facts import found

ACL = {"AWS_DEFAULT_ACL": "public-read"}


def test_it_fires_once() -> None:
    [finding] = found("CW712", facts(static=kept(STATIC), media=kept(S3), settings=ACL))
    assert (finding.cause, finding.level) == (None, "note")


@pytest.mark.parametrize(
    ("papers", "settings"),
    [
        ({}, {}),
        (OWNED, ACL),
        ({"own.json": OWNED["own.json"].replace("Enforced", "Preferred")}, ACL),
        ({}, ACL | {"AWS_S3_ENDPOINT_URL": "https://fra1.digitaloceanspaces.com"}),
        ({}, ACL | {"DEBUG": True}),
    ],
)
def test_it_is_silent(papers: dict[str, str], settings: dict[str, Any]) -> None:
    assert found("CW712", facts(papers, static=kept(STATIC), settings=settings)) == []
