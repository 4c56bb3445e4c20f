"""Every test of this folder is asked of every store."""

from pathlib import Path

import pytest
from tests.helpers.object_server import object_server
from tests.system.stores.stands import KINDS, Stand, stand

from clearway.stores import lease

__all__ = ["object_server"]


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stand:
    found = stand(request.param, request, tmp_path)
    for name, value in found.environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(lease, "_SETTLES", 0.2)
    return found


@pytest.fixture
def bucket(store: Stand) -> Stand:
    """A store that speaks HTTP."""
    if not store.is_bucket:
        pytest.skip("only on stores with header fields")
    return store
