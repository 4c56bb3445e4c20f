"""One process for all cases of the corpus that a worker runs, and a place for each."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.doctor.forks import Forks


@pytest.fixture(scope="session")
def forks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forks]:
    made = Forks(tmp_path_factory.mktemp("forks"))
    yield made
    made.close()


@pytest.fixture
def place() -> Iterator[Path]:
    """A directory that everybody may reach, which nobody may below `tmp_path`."""
    with tempfile.TemporaryDirectory() as made:
        Path(made).chmod(0o755)
        yield Path(made).resolve()
