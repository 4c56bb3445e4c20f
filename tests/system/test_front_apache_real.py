"""What only `clearway front apache` has: a snippet that is the inside of a virtual host."""

from pathlib import Path

import pytest
from tests.system.fronts import clearway, opened
from tests.system.real_apache import complaints, written
from tests.system.servers import free_port

pytestmark = [pytest.mark.system, pytest.mark.timeout(180)]


def test_the_snippet_is_the_inside_of_a_host(shop: Path) -> None:
    told = clearway(shop, "clearway", "front", "apache", "--snippet")
    with opened() as home:
        main = written(home, f"<VirtualHost *:80>\n{told}\n</VirtualHost>\n", free_port())
        assert complaints(main) == ""
