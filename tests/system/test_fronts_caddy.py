"""Routes beside the real Caddy: random Caddyfiles, files, modes and requests; and the redirects to HTTPS."""

import http.client
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.system.fronts import opened
from tests.system.real_caddy import caddy, written
from tests.system.servers import free_port

from clearway.fronts.caddy.reading import read
from clearway.fronts.caddy.routing import route
from clearway.fronts.files import WorkerFiles
from clearway.fronts.permission import Worker
from clearway.fronts.road import Visit
from tools import front_caddy

REPOSITORY = Path(__file__).parents[2]

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only on Linux as root"),
    pytest.mark.skipif(front_caddy.program() is None, reason="needs caddy"),
]


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command], cwd=REPOSITORY, capture_output=True, text=True, check=False, env=os.environ
    )


def test_random_cases_go_where_caddy_takes_them() -> None:
    done = run("-W", "error", "-m", "tools.differ_fronts", "caddy", "--seed", "6", "--cases", "700", "--seconds", "12")
    assert done.returncode == 0, done.stdout + done.stderr
    share = re.search(r"unknown \((\d+\.\d+) %\)", done.stdout)
    assert share is not None, done.stdout
    assert float(share[1]) <= 1


# A router that overlooks something: what differs then must be seen, or the test above shows nothing.
WRONG = """
import sys
{change}
from tools import differ_fronts
sys.exit(differ_fronts.main(["caddy", "--seed", "6", "--cases", "400", "--failures", "1", "--no-shrinking"]))
"""
COMPILING = "from clearway.fronts.caddy import compiling\n"
CHANGES = {
    "the order of directives": f"{COMPILING}compiling._sorted = lambda values, _: values",
    "merged neighbours": f"{COMPILING}compiling.consolidated = tuple",
    "hidden files": "from clearway.fronts.caddy.serving import FileServer\nFileServer._hidden_names = lambda *_: ()",
    "encoded neighbours": "from clearway.fronts.caddy import serving\nserving.accepted = lambda *_: []",
    "the worker's rights": "from clearway.fronts.permission import Worker\nfrom tools import front_caddy\n"
    "front_caddy.worker = lambda: Worker(0, 0)",
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_router_that_overlooks_something_is_found_out(name: str) -> None:
    done = run("-c", WRONG.format(change=CHANGES[name]))
    assert done.returncode == 1, done.stdout + done.stderr
    assert " cases differ, 1 kinds" in done.stdout


# --- automatic HTTPS

SECURE = """
https://localhost:{tls} {{
	tls internal
	respond secure
}}
http://localhost {{
	respond plain
}}
https://other.test:{tls} {{
	tls internal
	respond other
}}
"""
REQUESTS = [
    ("plain", "localhost", "/a?b=c"),
    ("plain", "other.test", "/a%20b?c"),
    ("plain", "stranger.test", "/x"),
    ("secure", "localhost", "/x"),
]


@pytest.mark.parametrize("without", ["", "auto_https disable_redirects", "auto_https off"])
def test_the_redirects_to_https_are_those_of_caddy(without: str) -> None:
    with opened() as home:
        plain, tls = free_port(), free_port()
        ports = f"{{\n\tadmin off\n\tskip_install_trust\n\thttp_port {plain}\n\thttps_port {tls}\n\t{without}\n}}\n"
        main = written(home, SECURE.format(tls=tls), ports)
        configuration = read(str(main))
        files = WorkerFiles(Worker(65534, 65534))
        with caddy(main, plain):
            for kind, host, target in REQUESTS:
                port = plain if kind == "plain" else tls
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
                connection.request("GET", target, headers={"Host": f"{host}:{port}"})
                answer = connection.getresponse()
                found = (answer.status, answer.headers.get("Location"))
                connection.close()
                outcome = route(configuration, Visit("GET", "http", host, port, target), files).outcome
                assert (outcome.status, outcome.headers.get("location")) == found, (kind, host)
