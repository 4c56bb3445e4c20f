"""What only `clearway front caddy` has: forms that its own reader takes."""

from pathlib import Path

import pytest
from tests.system.fronts import clearway, opened
from tests.system.real_caddy import complaints, written
from tests.system.servers import free_port

pytestmark = [pytest.mark.system, pytest.mark.timeout(180)]


@pytest.mark.parametrize("words", [["--snippet"], ["--docker"], ["--certificate", "/c.pem", "--key", "/k.pem"]])
def test_every_form_can_be_read(shop: Path, words: list[str]) -> None:
    told = clearway(shop, "clearway", "front", "caddy", *words)
    assert ("handle_path /static/*" in told) and ("tls /c.pem /k.pem" in told) == ("--key" in words)
    if words == ["--snippet"]:
        with opened() as home:
            assert complaints(written(home, f":{free_port()} {{\n{told}\n}}\n")) == ""
