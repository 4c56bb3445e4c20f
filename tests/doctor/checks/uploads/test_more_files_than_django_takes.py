"""CW616: more files in a form than Django takes."""

from typing import Any

import pytest
from tests.doctor.fake_facts import Fake, found

NUMBER = "DATA_UPLOAD_MAX_NUMBER_FILES"


def site(media: Any, most: int | None = 100) -> Fake:
    return Fake(settings={"CLEARWAY": {"media": media}, NUMBER: most})


def test_it_fires() -> None:
    [finding] = found("CW616", site({"max_files": 150}))
    assert finding.message == "forms may send 150 files, and Django takes 100"
    assert finding.fix.summary == f"{NUMBER} = 150"


@pytest.mark.parametrize(
    ("media", "most"),
    [
        ({"max_files": 100}, 100),
        ({"max_files": 20}, 100),
        ({"max_files": None}, 100),
        ({"max_size": 5_000_000}, 100),
        ({"max_files": 150}, None),
        ({"max_files": "150"}, 100),
        (None, 100),
    ],
)
def test_it_is_silent(media: Any, most: int | None) -> None:
    assert found("CW616", site(media, most)) == []


def test_it_is_silent_without_clearway() -> None:
    assert found("CW616", Fake(settings={NUMBER: 1})) == []
