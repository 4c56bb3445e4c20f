"""One tree and one process of each server for the whole corpus."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from tests.bad_input.servers import Running, started
from tests.bad_input.site import Site
from tests.media.bad_input.servers import SERVERS, SETTINGS
from tests.media.bad_input.site import make_site


@pytest.fixture(scope="session")
def media_site() -> Iterator[Site]:
    if sys.platform != "linux":
        pytest.skip("only on Linux")
    with TemporaryDirectory() as name:
        yield make_site(Path(name))


@pytest.fixture(scope="session")
def running_servers(media_site: Site) -> Iterator[dict[str, Running]]:
    """By name, each started when it is first asked for."""
    with ExitStack() as stack:

        class Started(dict[str, Running]):
            def __missing__(self, name: str) -> Running:
                self[name] = stack.enter_context(started(name, SERVERS[name], media_site, SETTINGS))
                return self[name]

        yield Started()


@pytest.fixture(params=SERVERS)
def server(request: pytest.FixtureRequest, running_servers: dict[str, Running]) -> Running:
    return running_servers[request.param]
