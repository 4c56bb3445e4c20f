"""Where the soak publishes to: moto or a Ceph gateway behind our proxy, and a directory."""

import json
import stat
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from random import Random
from time import sleep
from typing import Any, Protocol

from tools.soak_publish_road import LATEST, TIMEOUT, Happening, Road, opened
from tools.soak_publish_run import Run

UMASKS = (-1, 0o077)
_MOTO = """
import logging, sys, threading
from moto.s3.responses import S3Response
from moto.server import ThreadedMotoServer
logging.disable()
put, lock = S3Response.put_object, threading.Lock()
def put_alone(response):
    with lock:  # moto looks at a condition and writes in two steps
        return put(response)
S3Response.put_object = put_alone
server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
server.stop()
"""


@dataclass(frozen=True)
class Conditions:
    """Of one run. `kill` is the number of the request, or of the call that changes the disk, at which it is killed.

    With `is_late`, what it asked for then still arrives at the store, when it is dead. `skew` (seconds) is how far its
    clock is ahead, `store_skew` how far the store's; `timeout` is how long it waits for an answer.
    """

    share: float = 0.0
    kill: int = 0
    is_after: bool = False
    is_late: bool = False
    at: Happening | None = None
    skew: float = 0.0
    store_skew: float = 0.0
    timeout: str = TIMEOUT
    fill: Sequence[Any] = ()


class Started:
    """A run and its road."""

    def __init__(self, run: Run, stack: ExitStack, road: Road | None = None) -> None:
        self.run, self.road = run, road
        self._stack = stack

    def end(self) -> int:
        """Wait; the exit code, negative for a signal."""
        try:
            return self.run.end()
        finally:
            self._stack.close()


class Store(Protocol):
    """`name` for people. `is_conditional` is whether it keeps two runs from overwriting each other by itself."""

    name: str
    is_conditional: bool
    counts: Counter[str]

    def target(self, prefix: str) -> str: ...

    def address(self, prefix: str) -> str: ...

    def start(self, words: list[str], chance: Random, wanted: Conditions) -> Started: ...

    def read(self, prefix: str, name: str) -> bytes | None: ...

    def create(self, prefix: str, name: str, data: bytes) -> bool:
        """As somebody else would; False where something is there."""

    def delete(self, prefix: str, name: str) -> None: ...

    def wrong(self, prefix: str) -> list[str]:
        """What of the objects is not as it should be, beside their contents."""


class Bucket:
    """`kind` is empty, or one of those that a `Road` makes of a store. `environ` has the client's keys."""

    def __init__(self, name: str, url: str, environ: dict[str, str], kind: str = "") -> None:
        self.name, self._kind, self._environ, self._host = name, kind, environ, url.removeprefix("http://")
        self.is_conditional = not kind
        self.counts: Counter[str] = Counter()
        self.client = _client(url, environ)
        self._bucket = f"soak-{kind or 'plain'}"
        self.client.create_bucket(Bucket=self._bucket)
        self.client.put_bucket_policy(Bucket=self._bucket, Policy=_policy(self._bucket))

    def target(self, prefix: str) -> str:
        return f"s3://{self._bucket}/{prefix}"

    def address(self, prefix: str) -> str:
        """For the reader: past the proxy."""
        return f"http://{self._host}/{self._bucket}/{prefix}"

    def start(self, words: list[str], chance: Random, wanted: Conditions) -> Started:
        stack = ExitStack()
        chances = Random(chance.random())
        road = stack.enter_context(
            opened(Road(self._host, chances, wanted.share, kind=self._kind, skew=wanted.store_skew, counts=self.counts))
        )
        plan = {"skew": wanted.skew, "timeout": wanted.timeout, "arriving": LATEST + 0.5}
        run = Run(words, self._environ | {"AWS_ENDPOINT_URL": road.url}, plan)
        road.happening = wanted.at or _killing(run, wanted, chance)
        return Started(run, stack, road)

    def read(self, prefix: str, name: str) -> bytes | None:
        try:
            found: bytes = self.client.get_object(Bucket=self._bucket, Key=f"{prefix}/{name}")["Body"].read()
        except self.client.exceptions.NoSuchKey:
            return None
        return found

    def create(self, prefix: str, name: str, data: bytes) -> bool:
        try:
            self.client.put_object(Bucket=self._bucket, Key=f"{prefix}/{name}", Body=data, IfNoneMatch="*")
        except self.client.exceptions.ClientError:
            return False
        return True

    def delete(self, prefix: str, name: str) -> None:
        self.client.delete_object(Bucket=self._bucket, Key=f"{prefix}/{name}")

    def wrong(self, prefix: str) -> list[str]:
        return []


def _killing(run: Run, wanted: Conditions, chance: Random) -> Happening | None:
    if not wanted.kill:
        return None
    pause = chance.uniform(0.1, LATEST)

    def strike() -> bool:
        run.kill()
        sleep(pause if wanted.is_late else 0)
        return wanted.is_late

    return Happening(wanted.kill, wanted.is_after, strike)


def _client(url: str, environ: dict[str, str]) -> Any:
    boto3: Any = import_module("boto3")
    return boto3.client(
        "s3",
        endpoint_url=url,
        region_name=environ["AWS_REGION"],
        aws_access_key_id=environ["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environ["AWS_SECRET_ACCESS_KEY"],
    )


def _policy(bucket: str) -> str:
    """Anybody may read, as the visitors of a site do."""
    right = {"Effect": "Allow", "Principal": "*", "Action": ["s3:*"], "Resource": [f"arn:aws:s3:::{bucket}/*"]}
    return json.dumps({"Version": "2012-10-17", "Statement": [right]})


@contextmanager
def moto() -> Iterator[Callable[[str], Bucket]]:
    """A server of moto in a process of its own; gives what makes a store of one kind in it."""
    words = [sys.executable, "-c", _MOTO]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdin and process.stdout
        try:
            url = f"http://127.0.0.1:{int(process.stdout.readline())}"
            environ = {"AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s", "AWS_REGION": "us-east-1"}
            yield lambda kind: Bucket(f"moto{f' that {_KINDS[kind]}' if kind else ''}", url, environ, kind)
        finally:
            process.stdin.close()
            process.wait()


_KINDS = {"overwrites": "answers 200 to conditions and overwrites", "unknown": "refuses conditions"}


class Folder:
    """A directory, its parent given; with `no_locks` as on a network file system whose folders cannot be locked."""

    is_conditional = True

    def __init__(self, parent: Path, *, no_locks: bool = False) -> None:
        self.name = "a directory" + (" without locks" if no_locks else "")
        self._parent, self._no_locks = parent, no_locks
        self.counts: Counter[str] = Counter()

    def target(self, prefix: str) -> str:
        return str(self._parent / prefix)

    address = target

    def start(self, words: list[str], chance: Random, wanted: Conditions) -> Started:
        plan = {"skew": wanted.skew, "no_locks": self._no_locks, "fill": list(wanted.fill)}
        kill = [wanted.kill, wanted.is_after] if wanted.kill else None
        return Started(Run(words, None, plan | {"kill": kill}, chance.choice(UMASKS)), ExitStack())

    def read(self, prefix: str, name: str) -> bytes | None:
        path = self._parent / prefix / name
        return path.read_bytes() if path.exists() else None

    def create(self, prefix: str, name: str, data: bytes) -> bool:
        path = self._parent / prefix / name
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with path.open("xb") as file:
                file.write(data)
        except FileExistsError:
            return False
        return True

    def delete(self, prefix: str, name: str) -> None:
        (self._parent / prefix / name).unlink()

    def wrong(self, prefix: str) -> list[str]:
        """Modes that are not those of a release, whatever the umask; what a kill left is passed over."""
        paths = [path for path in (self._parent / prefix).rglob("*") if ".clearway-" not in str(path)]
        modes = {path: stat.S_IMODE(path.stat().st_mode) for path in paths}
        return [
            f"{path} has mode {mode:o}" for path, mode in modes.items() if mode != (0o755 if path.is_dir() else 0o644)
        ]
