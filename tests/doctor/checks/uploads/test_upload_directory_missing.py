"""FILE_UPLOAD_TEMP_DIR that cannot be used."""

from pathlib import Path
from typing import Any

import pytest
from tests.doctor.deployments import site
from tests.doctor.fake_facts import found


def test_it_fires_for_a_directory_that_is_not_there(tmp_path: Path) -> None:
    [finding] = found("CW611", site(settings={"FILE_UPLOAD_TEMP_DIR": str(tmp_path / "gone")}))
    assert finding.evidence[1] == f"{tmp_path / 'gone'} is not there"


def test_it_fires_for_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    [finding] = found("CW611", site(settings={"FILE_UPLOAD_TEMP_DIR": tmp_path / "file"}))
    assert "is no directory" in finding.evidence[1]


def test_it_fires_for_a_directory_that_nobody_may_write_to(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    [finding] = found("CW611", site(settings={"FILE_UPLOAD_TEMP_DIR": str(tmp_path)}))
    assert "nobody may write" in finding.evidence[1]


@pytest.mark.parametrize("given", [{}, {"FILE_UPLOAD_TEMP_DIR": None}, {"FILE_UPLOAD_TEMP_DIR": "/x", "DEBUG": True}])
def test_it_is_silent(given: dict[str, Any]) -> None:
    assert found("CW611", site(settings=given)) == []


def test_a_directory_that_is_there_is_right(tmp_path: Path) -> None:
    assert found("CW611", site(settings={"FILE_UPLOAD_TEMP_DIR": str(tmp_path)})) == []
