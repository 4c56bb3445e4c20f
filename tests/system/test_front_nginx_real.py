"""What only `clearway front nginx` has: a snippet in two parts, forms by version, a probe over HTTPS."""

import json
import re
from pathlib import Path

import pytest
from tests.system.certificate import write_certificate
from tests.system.fronts import clearway, opened
from tests.system.real_nginx import complaints, nginx, written
from tests.system.servers import free_port

pytestmark = [pytest.mark.system, pytest.mark.timeout(180)]


def test_the_snippet_is_the_same_in_two_parts(shop: Path) -> None:
    told = clearway(shop, "clearway", "front", "nginx", "--snippet")
    _, outer, inner = re.split(r"^# ---- .*$", told, flags=re.MULTILINE)
    with opened() as home:
        main = written(home, f"{outer}\nserver {{ listen 127.0.0.1:{free_port()}; {inner} }}\n")
        assert complaints(main) == ""


def test_https_is_answered_and_probed_with_a_certificate_that_nobody_trusts(shop: Path) -> None:
    with opened() as home:
        chain, key, port = home / "chain.pem", home / "key.pem", free_port()
        write_certificate(chain, key)
        told = clearway(shop, "clearway", "front", "nginx", "--certificate", str(chain), "--key", str(key))
        moved = re.sub(r"listen \[::\]:.*;", "", told).replace("listen 80;", f"listen 127.0.0.1:{free_port()};")
        main = written(home, moved.replace("listen 443 ", f"listen 127.0.0.1:{port} "))
        assert complaints(main) == ""
        with nginx(main, port):
            url = f"https://127.0.0.1:{port}/static/admin/css/base.css"
            (road,) = clearway(
                shop, "clearway", "trace", "--nginx", str(main), "--probe", url, "--format=json"
            ).splitlines()
    last = json.loads(road)["steps"][-1]["decision"]
    assert "answers the same" in last
    assert "certificate is not trusted" in last


@pytest.mark.parametrize("version", ["1.18.0", "1.25.1", "1.29.4"])
def test_only_what_a_version_knows_is_written(shop: Path, version: str) -> None:
    words = ["clearway", "front", "nginx", "--nginx-version", version, "--certificate", "/c.pem", "--key", "/k.pem"]
    told = clearway(shop, *words)
    assert ("http2 on;" in told) == (version != "1.18.0")
    assert ("ssl http2;" in told) == (version == "1.18.0")
    assert ("early_hints" in told) == (version == "1.29.4")
