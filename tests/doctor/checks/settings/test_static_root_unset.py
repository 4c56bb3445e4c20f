"""STATIC_ROOT is not set."""

from typing import Any

import pytest
from tests.doctor.deployments import BUCKET
from tests.doctor.fake_facts import LOCAL, Fake, found


@pytest.mark.parametrize("root", [None, ""])
def test_it_fires(root: Any) -> None:
    [finding] = found("CW104", Fake(settings={"STATIC_ROOT": root}, static_storage=LOCAL))
    assert finding.evidence == (f"STATIC_ROOT = {root!r}",)


@pytest.mark.parametrize(
    ("given", "storage"),
    [
        ({}, LOCAL),
        ({"STATIC_ROOT": None}, BUCKET),
        ({"STATIC_ROOT": None, "DEBUG": True}, LOCAL),
        ({"STATIC_ROOT": None, "INSTALLED_APPS": ["catalogue"]}, LOCAL),
    ],
)
def test_it_is_silent(given: dict[str, Any], storage: Any) -> None:
    assert found("CW104", Fake(settings=given, static_storage=storage)) == []
