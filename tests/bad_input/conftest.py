"""One tree and one process of each server for the whole corpus."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from tests.bad_input.servers import SERVERS, Running, serving
from tests.bad_input.site import Site, make_site


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    if sys.platform != "linux":
        pytest.skip("only on Linux")
    with TemporaryDirectory() as name:
        yield make_site(Path(name))


@pytest.fixture(scope="session")
def start(site: Site) -> Iterator[Callable[[str], Running]]:
    """A server by its name, started when it is first asked for."""
    started: dict[str, Running] = {}
    with ExitStack() as stack:

        def get(name: str) -> Running:
            if name not in started:
                started[name] = stack.enter_context(serving(name, site))
            return started[name]

        yield get


@pytest.fixture(params=SERVERS)
def server(request: pytest.FixtureRequest, start: Callable[[str], Running]) -> Running:
    return start(request.param)
