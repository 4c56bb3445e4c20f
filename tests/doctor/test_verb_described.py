"""`clearway doctor --url --method --header --body-size`: what is refused, and that nothing is sent."""

import json
import shutil
import socket
from pathlib import Path

import pytest
from tests.doctor.corpus import BASE
from tests.doctor.forks import Forks

URL = "http://shop.example/"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--header", "Host"], "not 'Name: value': 'Host'"),
        (["--header", "A b: c"], "not 'Name: value': 'A b: c'"),
        (["--header", "A: b\nC: d"], "the value of A holds a control character"),
        (["--method", "GET /"], "not a method: 'GET /'"),
        (["--body-size", "much"], "not a number of octets: 'much'; 20m is 20 megabytes"),
        (["--body-size", "-5"], "not a number of octets"),
        (["--method", "HEAD", "--body-size", "5"], "HEAD has no body: --method names another for --body-size"),
        (["--header", "Content-Length: 4", "--body-size", "5"], "Content-Length is 4, and --body-size 5"),
        (["--header", "Host: a b"], "not a host: 'a b'"),
    ],
)
def test_what_makes_no_request_is_wrong_usage(words: list[str], why: str, tmp_path: Path, forks: Forks) -> None:
    done = forks.run(["clearway", "doctor", *words], tmp_path)
    assert (done.code, done.out) == (2, "")
    assert why in done.err
    assert "Traceback" not in done.err


def test_a_post_is_never_sent(tmp_path: Path, forks: Forks) -> None:
    shutil.copytree(BASE, tmp_path / "shop")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        done = forks.run(
            ["clearway", "doctor", "--format", "json", "--url", url, "--method", "POST", "--body-size", "9"],
            tmp_path / "shop",
        )
        with pytest.raises(BlockingIOError):
            server.accept()
    report = json.loads(done.out)
    live = [each["reason"] for each in report["checks"] if "never sent" in each["reason"]]
    assert set(live) <= {"POST is never sent, only predicted"}


def test_without_a_described_request_its_checks_are_skipped(tmp_path: Path, forks: Forks) -> None:
    shutil.copytree(BASE, tmp_path / "shop")
    done = forks.run(["clearway", "doctor", "--format", "json", "--only", "CW614"], tmp_path / "shop")
    (check,) = json.loads(done.out)["checks"]
    assert check["status"] == "skipped"
    assert check["reason"].startswith("no failing request was described")
