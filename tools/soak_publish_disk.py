"""The soak against a directory on a small disk, which is full, or read-only, while a release is published."""

import shutil
import subprocess
from pathlib import Path

from tools.soak_publish_campaign import DIFFERS, FINE, REFUSED, Campaign
from tools.soak_publish_stores import Folder
from tools.soak_publish_troubles import OF_A_DIRECTORY

SIZE = "3m"


class SmallDisk(Folder):
    """`parent` is where it is mounted."""

    def __init__(self, parent: Path) -> None:
        super().__init__(parent)
        self.name, self.parent = "a directory on a small disk", parent

    def target(self, prefix: str) -> str:
        for earlier in self.parent.glob("target-*"):  # there is no room for many
            if earlier.name != prefix:
                shutil.rmtree(earlier)
        return super().target(prefix)


def filled(campaign: Campaign, root: Path) -> None:
    """The disk is full from some call on."""
    chance, ballast = campaign.chance, _disk(campaign).parent / "ballast"
    wanted = campaign.ordinary(fill=(chance.randint(1, chance.choice((30, 300))), str(ballast)))
    code = campaign.ended(campaign.start(campaign.words("publish", root), wanted), FINE, REFUSED)
    is_full = ballast.exists()
    ballast.unlink(missing_ok=True)
    campaign.count("times the disk was full", is_full)
    campaign.count("of them, runs that it stopped", is_full and code == REFUSED)


def read_only(campaign: Campaign, root: Path) -> None:
    """Nothing can be written: it says so."""
    disk = _disk(campaign).parent
    _remount(disk, "ro")
    try:
        campaign.ended(campaign.start(campaign.words("publish", root)), FINE, REFUSED, DIFFERS)
    finally:
        _remount(disk, "rw")
    campaign.count("runs on a disk that is read-only")


OF_A_DISK = (*OF_A_DIRECTORY, filled, filled, filled, read_only)


def _disk(campaign: Campaign) -> SmallDisk:
    assert isinstance(campaign.store, SmallDisk)
    return campaign.store


def _remount(disk: Path, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", str(disk)], check=True)


def with_a_disk(command: list[str], home: str) -> int:
    """Run a command in a mount namespace where a small disk is mounted at `home`, and which ends with it."""
    script = f'mount -t tmpfs -o size={SIZE} tmpfs "$1" && shift && exec "$@"'
    return subprocess.run(["unshare", "-m", "sh", "-c", script, "sh", home, *command], check=False).returncode
