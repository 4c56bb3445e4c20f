"""`make demo` as a person sees it: the screen, the pages it names, its curl, and how it ends."""

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from tests.system.servers import free_port

REPOSITORY = Path(__file__).parents[2]
DEMO = [sys.executable, str(REPOSITORY / "tools" / "demo.py")]

pytestmark = pytest.mark.system


def environment(port: int, folder: Path) -> dict[str, str]:
    own = {"PORT": str(port), "SHOP_VAR": str(folder), "PYTHONPATH": "", "PYTHONDEVMODE": ""}
    return {name: value for name, value in {**os.environ, **own}.items() if value}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The running demo and everything that it printed until it waits."""
    folder = tmp_path_factory.mktemp("demo")
    environ = environment(free_port(), folder)
    with subprocess.Popen(DEMO, env=environ, cwd=folder, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        printed = ""
        for line in process.stdout:
            printed += line
            if "Stop with" in line:
                break
        yield process, printed
        if process.poll() is None:
            process.terminate()


def test_the_pages_that_the_demo_names_answer(demo: tuple[subprocess.Popen[str], str]) -> None:
    named = re.findall(r"the [a-z]+ |a product", demo[1])
    pages = re.findall(r"(http://\S+/)(?:\s|$)", demo[1])
    assert named
    assert len(pages) >= 3
    for page in pages:
        with urlopen(page, timeout=20) as answer:
            assert answer.status == 200


def test_the_curl_of_the_demo_shows_a_hashed_brotli_immutable_answer(demo: tuple[subprocess.Popen[str], str]) -> None:
    command = re.search(r"curl .*?\n.*?\n", demo[1])
    assert command
    words = shlex.split(command[0].replace("\\\n", " "))
    printed = subprocess.run(words, capture_output=True, text=True, check=True, timeout=20).stdout.lower()
    assert re.search(r"\.[0-9a-f]{12}\.css$", words[-1])
    assert "content-encoding: br" in printed
    assert "immutable" in printed
    assert "200 ok" in printed


def test_the_second_curl_shows_a_part_of_the_film(demo: tuple[subprocess.Popen[str], str]) -> None:
    command = re.findall(r"curl [^\n\\]+\n", demo[1])[-1]
    printed = subprocess.run(
        shlex.split(command), capture_output=True, text=True, check=True, timeout=20
    ).stdout.lower()
    assert "206 partial content" in printed
    assert "content-range: bytes 0-1/" in printed
    assert "content-security-policy" in printed


def test_a_port_in_use_is_named_with_the_way_out(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            DEMO, env=environment(port, tmp_path), capture_output=True, text=True, timeout=60, check=False
        )
    assert done.returncode == 2
    assert f"port {port} is in use" in done.stderr
    assert "make demo PORT=" in done.stderr


def test_the_demo_ends_cleanly(tmp_path: Path) -> None:
    with subprocess.Popen(
        DEMO,
        env=environment(free_port(), tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert any("Stop with" in line for line in process.stdout)
        is_job = signal.getsignal(signal.SIGINT) is signal.SIG_IGN  # of a shell, in the background
        process.send_signal(signal.SIGTERM if is_job else signal.SIGINT)
        try:
            rest, errors = process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            process.terminate()
            raise
    assert process.returncode == 0
    assert "Traceback" not in rest + errors
