"""What several files of these tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.system.fronts import demo


@pytest.fixture(scope="session")
def shop() -> Iterator[Path]:
    """The collected demo; nothing changes it."""
    with demo() as home:
        yield home
