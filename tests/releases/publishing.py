"""Publishing as the command does it, and a reader that takes a target at its word."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from clearway.catalog import layout
from clearway.catalog.release import Release
from clearway.cli import main
from clearway.http.negotiation import SUFFIXES
from clearway.stores.transport import Transport


def publish(capsys: pytest.CaptureFixture[str], root: Path, target: str, *words: str, code: int = 0) -> dict[str, Any]:
    """Run the command, and read what it prints."""
    assert main(["publish", "--root", str(root), target, "--apply", "--format", "json", *words]) == code
    read: dict[str, Any] = json.loads(capsys.readouterr().out)
    return read


def missing(transport: Transport) -> list[str]:
    """What the release that is current in a target promises, and is not there as its record says."""
    try:
        id_ = transport.read(f"{layout.FOLDER}/{layout.CURRENT}")[0].decode().strip()
    except FileNotFoundError:
        return []
    record = transport.read(f"{layout.FOLDER}/{layout.record(id_)}")[0]
    wanted = {}
    for asset in Release.from_bytes(record).assets.values():
        wanted[asset.name] = asset.sha256
        wanted |= {asset.name + SUFFIXES[coding]: each.sha256 for coding, each in asset.variants.items()}
    return [name for name, digest in wanted.items() if not is_there(transport, name, digest)]


def is_there(transport: Transport, name: str, digest: str) -> bool:
    try:
        return sha256(transport.read(name)[0]).hexdigest() == digest
    except FileNotFoundError:
        return False


def current(transport: Transport) -> str:
    return transport.read(f"{layout.FOLDER}/{layout.CURRENT}")[0].decode().strip()
