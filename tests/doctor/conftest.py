"""One process for all cases of the corpus that a worker runs."""

from collections.abc import Iterator

import pytest
from tests.doctor.forks import Forks


@pytest.fixture(scope="session")
def forks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forks]:
    made = Forks(tmp_path_factory.mktemp("forks"))
    yield made
    made.close()
