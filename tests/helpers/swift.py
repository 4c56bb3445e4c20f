"""OpenStack Swift with its S3 gateway on loopback: a proxy, and one server each of accounts, containers and objects.

The packages of Debian: swift-proxy, swift-account, swift-container, swift-object. It answers 501 to conditional writes.
"""

import getpass
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from tests.helpers.daemons import Daemon, free_ports, home, lacking, program
from tests.helpers.s3_endpoint import S3Endpoint

KINDS = ("account", "container", "object")
PAGE = 50  # objects in an answer that lists
PROGRAMS = (*(f"swift-{kind}-server" for kind in (*KINDS, "proxy")), "swift-ring-builder")

SWIFT = """
[swift-hash]
swift_hash_path_suffix = tests
swift_hash_path_prefix = tests
[storage-policy:0]
name = one
default = yes
"""
COMMON = """
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
swift_dir = {home}
devices = {home}/devices
user = {user}
workers = 0
mount_check = false
disable_fallocate = true
fallocate_reserve = 0
# By default they give up on each other after a second or less, and an object may then be in no listing.
conn_timeout = 20
node_timeout = 60
container_update_timeout = 60
"""
STORING = """
[pipeline:main]
pipeline = {kind}-server
[app:{kind}-server]
use = egg:swift#{kind}
"""
PROXY = """
[pipeline:main]
pipeline = catch_errors gatekeeper listing_formats cache s3api tempauth copy bulk slo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:tempauth]
use = egg:swift#tempauth
user_{account}_{name} = {secret} .admin
# Short pages, because it writes slowly.
[filter:s3api]
use = egg:swift#s3api
max_bucket_listing = {page}
# Wanted by tempauth, which keeps nothing there for S3: nobody listens.
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:9
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:copy]
use = egg:swift#copy
[filter:bulk]
use = egg:swift#bulk
[filter:slo]
use = egg:swift#slo
"""


def missing() -> str | None:
    """What keeps this system from running it: the reason to skip a test."""
    absent = lacking(PROGRAMS)
    return f"needs swift-proxy, -account, -container and -object ({', '.join(absent)})" if absent else None


@contextmanager
def running() -> Iterator[S3Endpoint]:
    """A new store with one copy of everything, for as long as it is needed."""
    with home("swift") as folder, ExitStack() as stack:
        ports = dict(zip((*KINDS, "proxy"), free_ports(4), strict=True))
        endpoint = S3Endpoint(f"http://127.0.0.1:{ports['proxy']}", "tests:publisher", "secretsecret")
        _configure(folder, ports, endpoint)
        runs = {kind: _server(kind, folder) for kind in ports}
        for run in runs.values():
            stack.callback(run.stop, patience=0)
        for kind, port in ports.items():
            runs[kind].await_port(port, patience=90)
        yield endpoint


def _configure(folder: Path, ports: dict[str, int], endpoint: S3Endpoint) -> None:
    (folder / "devices" / "d1").mkdir(parents=True)
    (folder / "swift.conf").write_text(SWIFT, encoding="utf-8")
    account, _, name = endpoint.key.partition(":")
    for kind, port in ports.items():
        own = STORING.format(kind=kind)
        if kind == "proxy":
            own = PROXY.format(account=account, name=name, secret=endpoint.secret, page=PAGE)
        text = COMMON.format(port=port, home=folder, user=getpass.getuser()) + own
        (folder / f"{kind}.conf").write_text(text, encoding="utf-8")
    for kind in KINDS:
        _ring(folder, kind, ports[kind])


def _server(kind: str, folder: Path) -> Daemon:
    words = [f"swift-{kind}-server", str(folder / f"{kind}.conf"), "--verbose"]
    return Daemon(words, folder / f"{kind}.log", cwd=folder)


def _ring(folder: Path, kind: str, port: int) -> None:
    """Where objects lie: all in one folder."""
    for words in (["create", "4", "1", "0"], ["add", f"r1z1-127.0.0.1:{port}/d1", "1"], ["rebalance"]):
        command = [program("swift-ring-builder") or "", f"{kind}.builder", *words]
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=60)


@pytest.fixture(scope="session")
def swift() -> Iterator[S3Endpoint]:
    """One store for all tests that ask for it; it comes from the conftest of tests/system."""
    why = missing()
    if why:
        pytest.skip(why)
    with running() as endpoint:
        yield endpoint
