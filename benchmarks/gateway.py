"""The gateway of a real Ceph cluster as a store to publish to; its log says what it was asked."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import sleep

import boto3
from tests.helpers.ceph import Ceph, missing
from tests.helpers.daemons import home

from .bucket import kind

_ASKED = re.compile(r'"([A-Z]+) /[^ ?"]*\??([^ "]*) HTTP/1\.1" \d')
_WRITTEN_SECONDS = 0.3  # the log may be behind


@dataclass
class Gateway:
    """The cluster and its log."""

    cluster: Ceph
    log: Path
    _read: int = field(default=0, repr=False)

    @property
    def url(self) -> str:
        return self.cluster.url

    @property
    def keys(self) -> tuple[str, str]:
        """What requests are signed with."""
        return self.cluster.key, self.cluster.secret

    def make(self, name: str) -> None:
        """An empty bucket."""
        key, secret = self.keys
        client = boto3.client(
            "s3", endpoint_url=self.url, aws_access_key_id=key, aws_secret_access_key=secret, region_name="us-east-1"
        )
        client.create_bucket(Bucket=name)
        client.put_object(Bucket=name, Key="first", Body=b"")  # a new cluster makes its pools with the first object
        client.delete_object(Bucket=name, Key="first")
        self.counts()

    def counts(self) -> Mapping[str, int]:
        """Requests by kind since the last call."""
        sleep(_WRITTEN_SECONDS)
        with self.log.open("r", encoding="utf-8", errors="replace") as lines:
            lines.seek(self._read)
            found = Counter(kind(*asked.groups()) for asked in map(_ASKED.search, lines) if asked)
            self._read = self.log.stat().st_size
        return found


@contextmanager
def gateway() -> Iterator[Gateway]:
    """A cluster of its own, in memory, until the block ends. Raises `RuntimeError` where it cannot run."""
    if why := missing():
        raise RuntimeError(f"a cluster {why}")
    with home("cephbench") as folder:
        cluster = Ceph(folder)
        try:
            yield Gateway(cluster, folder / "client.admin.log")
        finally:
            cluster.stop()
