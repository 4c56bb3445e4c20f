"""What several files of these tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.helpers.azurite import azurite
from tests.helpers.ceph import ceph
from tests.helpers.gcs_stand_in import google
from tests.helpers.rclone import rclone
from tests.helpers.swift import swift
from tests.system.fronts import demo

__all__ = ["azurite", "ceph", "google", "rclone", "shop", "swift"]


@pytest.fixture(scope="session")
def shop() -> Iterator[Path]:
    """The collected demo; nothing changes it."""
    with demo() as home:
        yield home
