"""A real Ceph cluster on loopback, in memory: a monitor, three object stores (OSD), and the gateway that speaks S3.

The packages of Debian: radosgw, ceph-mon, ceph-osd, ceph-common. Every object is kept twice; one OSD may be stopped.
"""

import json
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from uuid import uuid4

import pytest
from tests.helpers.daemons import Daemon, free_ports, home, lacking, program
from tests.helpers.s3_endpoint import S3Endpoint

PROGRAMS = ("ceph-mon", "ceph-osd", "radosgw", "radosgw-admin", "ceph", "ceph-authtool", "monmaptool", "osdmaptool")
OSDS = (0, 1, 2)

_CLEAN = "Started/Primary/Active/Clean"
_SETTLED = (_CLEAN, "Started/ReplicaActive/RepNotRecovering")

CONF = """
[global]
fsid = {fsid}
mon_initial_members = a
mon_host = [v2:127.0.0.1:{v2}/0,v1:127.0.0.1:{v1}/0]
# A gateway does not work without cephx.
auth_cluster_required = cephx
auth_service_required = cephx
auth_client_required = cephx
auth_allow_insecure_global_id_reclaim = true
keyring = {home}/keyring
run_dir = {home}
pid_file =
admin_socket = {home}/$name.asok
log_file = {home}/$name.log
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
osd_pool_default_size = 2
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 4
osd_pool_default_pgp_num = 4
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
osd_objectstore = memstore
memstore_device_bytes = 1073741824
osd_memory_target = 939524096
osd_class_update_on_start = false
# Only a slow shutdown saves what was in memory.
osd_fast_shutdown = false
# An OSD that is killed is found out in seconds.
osd_heartbeat_interval = 1
osd_heartbeat_grace = 4
mon_osd_min_down_reporters = 1
mon_osd_adjust_heartbeat_grace = false
mon_max_pg_per_osd = 1000
paxos_propose_interval = 0.05
paxos_min_wait = 0.01
rgw_enable_usage_log = false
rgw_dns_name =
[mon]
mon_data = {home}/mon
mon_data_avail_crit = 1
mon_data_avail_warn = 2
[osd]
osd_data = {home}/osd.$id
"""


def missing() -> str | None:
    """What keeps this system from running it: the reason to skip a test."""
    absent = lacking(PROGRAMS)
    return f"needs radosgw, ceph-mon, ceph-osd and ceph-common ({', '.join(absent)})" if absent else None


class Ceph(S3Endpoint):
    """A cluster that runs from its making until `stop`. `url` is the endpoint of S3."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._stack = ExitStack()
        self._osds: dict[int, Daemon] = {}
        self._v2, self._v1, self._port = free_ports(3)
        super().__init__(f"http://127.0.0.1:{self._port}", "AKIATEST", "secretsecret")
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    @property
    def pids(self) -> dict[str, int]:
        """Of everything that runs: `mon`, `osd.0` to `osd.2`, `gateway`."""
        named = {"mon": self._mon, **{f"osd.{n}": each for n, each in self._osds.items()}, "gateway": self._gateway}
        return {name: each.pid for name, each in named.items() if each.is_running}

    def stop_osd(self, number: int) -> None:
        """Shut an OSD down; it keeps what it has, and tells the monitor."""
        self._osds[number].stop(patience=20)

    def start_osd(self, number: int) -> None:
        """Start an OSD again, and wait until the cluster has it, and every object is there twice if all run."""
        self._run_osd(number)
        running = [each for each, daemon in self._osds.items() if daemon.is_running]
        if len(running) == len(OSDS):
            self.await_recovery()
        else:
            self._await_osds(len(running))

    def await_recovery(self) -> None:
        """Wait until every object is there twice: an OSD may have the only copy of what was written meanwhile.

        There is no manager to ask. It is over when nothing is on its way in two looks at the newest map.
        """
        self._await_osds(len(OSDS))
        end, seen, newest = monotonic() + 60, 0, json.loads(self._tool("ceph", "osd", "stat", "-f", "json"))["epoch"]
        while seen < 2:
            if monotonic() > end:
                raise RuntimeError("the placement groups do not get clean")
            seen = seen + 1 if self._is_clean(newest) else 0
            sleep(0.2)

    def stop(self) -> None:
        self._stack.close()

    def _start(self) -> None:
        self._prepare()
        self._mon = self._daemon("ceph-mon", "-i", "a")
        for number in OSDS:
            self._run_osd(number)
        self._await_osds(len(OSDS))
        endpoint = f"beast endpoint=127.0.0.1:{self._port}"
        self._make_user()
        self._gateway = self._daemon("radosgw", "-n", "client.admin", "--rgw-frontends", endpoint)
        self._gateway.await_port(self._port)

    def _prepare(self) -> None:
        """The files of a cluster that was never started: its map has the OSDs already, and the monitor their keys."""
        home, fsid = self._home, str(uuid4())
        (home / "ceph.conf").write_text(CONF.format(home=home, fsid=fsid, v1=self._v1, v2=self._v2), encoding="utf-8")
        where = f"[v2:127.0.0.1:{self._v2},v1:127.0.0.1:{self._v1}]"
        self._tool("monmaptool", "--create", "--fsid", fsid, "--addv", "a", where, "monmap")
        self._tool("osdmaptool", "osdmap", "--createsimple", str(len(OSDS)))
        self._keys()
        self._tool("ceph-mon", "--mkfs", "-i", "a", "--monmap", "monmap", "--osdmap", "osdmap", "--keyring", "keyring")
        making = [self._osd_made(number, fsid) for number in OSDS]
        assert all(each.wait(60) == 0 for each in making), "ceph-osd --mkfs failed"

    def _keys(self) -> None:
        everything = ["--cap", "mon", "allow *", "--cap", "osd", "allow *", "--cap", "mgr", "allow *"]
        self._tool("ceph-authtool", "-C", "keyring", "--gen-key", "-n", "mon.", "--cap", "mon", "allow *")
        self._tool("ceph-authtool", "keyring", "--gen-key", "-n", "client.admin", *everything)
        for number in OSDS:
            rights = ["--cap", "mon", "allow profile osd", "--cap", "osd", "allow *"]
            self._tool("ceph-authtool", "keyring", "--gen-key", "-n", f"osd.{number}", *rights)

    def _osd_made(self, number: int, fsid: str) -> "subprocess.Popen[bytes]":
        (self._home / f"osd.{number}").mkdir()
        words = ["--mkfs", "-i", str(number), "--osd-uuid", str(uuid4()), "--fsid", fsid, "--no-mon-config"]
        return subprocess.Popen(
            self._words("ceph-osd", *words), cwd=self._home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def _run_osd(self, number: int) -> None:
        self._osds[number] = self._daemon("ceph-osd", "-i", str(number))

    def _await_osds(self, wanted: int) -> None:
        end = monotonic() + 60
        while monotonic() < end:
            found = json.loads(self._tool("ceph", "--connect-timeout", "20", "osd", "stat", "-f", "json"))
            if found["num_up_osds"] == wanted:
                return
            sleep(0.1)
        raise RuntimeError(f"OSDs do not come up: {found}")

    def _is_clean(self, newest: int) -> bool:
        if any(self._asked(number, "status")["newest_map"] < newest for number in OSDS):
            return False
        states = [pg["currently"] for number in OSDS for pg in self._asked(number, "dump_pgstate_history")["pgs"]]
        return all(state in _SETTLED for state in states) and _CLEAN in states

    def _asked(self, number: int, question: str) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self._tool("ceph", "daemon", f"osd.{number}", question))
        return answer

    def _make_user(self) -> None:
        keys = ["--access-key", self.key, "--secret-key", self.secret]
        self._tool("radosgw-admin", "user", "create", "--uid", "tests", "--display-name", "tests", *keys)

    def _daemon(self, name: str, *words: str) -> Daemon:
        run = Daemon(self._words(name, "-f", *words), self._home / f"{name}.out", cwd=self._home)
        self._stack.callback(lambda: run.stop(patience=0))
        return run

    def _tool(self, name: str, *words: str) -> str:
        done = subprocess.run(
            self._words(name, *words), cwd=self._home, capture_output=True, text=True, timeout=60, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{name} {' '.join(words)}: {done.stderr[-500:]}")
        return done.stdout

    def _words(self, name: str, *words: str) -> Sequence[str]:
        return [program(name) or name, "-c", str(self._home / "ceph.conf"), *words]


@contextmanager
def running() -> Iterator[Ceph]:
    """A new cluster, for as long as it is needed."""
    with home("ceph") as folder:
        cluster = Ceph(folder)
        try:
            yield cluster
        finally:
            cluster.stop()


@pytest.fixture(scope="session")
def ceph() -> Iterator[Ceph]:
    """One cluster for all tests that ask for it; it comes from the conftest of tests/system.

    Who stops an OSD starts it again.
    """
    why = missing()
    if why:
        pytest.skip(why)
    with running() as cluster:
        yield cluster
