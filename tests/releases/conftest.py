"""One object server for all tests of this folder, and places to publish to."""

from pathlib import Path

import pytest
from tests.helpers.object_server import ObjectServer, object_server

from clearway.stores import capabilities, lease

__all__ = ["object_server"]


@pytest.fixture
def credentials(object_server: ObjectServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the environment, and nobody else asks the server: there is nothing to wait for."""
    for name, value in object_server.environ().items():
        monkeypatch.setenv(name, value)
    for module, name in ((capabilities, "_PATIENCE"), (lease, "_SETTLES")):
        monkeypatch.setattr(module, name, 0)


@pytest.fixture(params=["bucket", "directory"])
def url(request: pytest.FixtureRequest, object_server: ObjectServer, tmp_path: Path) -> str:
    """A target that nobody published to yet."""
    return f"{object_server.new_bucket()}/live" if request.param == "bucket" else str(tmp_path / "target")
