"""What a live process sees of the disk: its root, its mounts, its ids; and the judges beside modes and lists."""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

# Their servers, or programs, say who may read; the mode is not all of it.
FOREIGN = frozenset({"nfs", "nfs4", "cifs", "smb3", "9p", "afs", "ceph", "glusterfs", "lustre", "vboxsf", "prl_fs"})
_ESCAPE = re.compile(r"\\([0-7]{3})")


@dataclass(frozen=True)
class Mount:
    """A line of mountinfo (proc_pid_mountinfo(5)): what is mounted where, and whether nothing may be written there."""

    device: str
    source_root: str
    point: str
    kind: str
    read_only: bool

    def covers(self, path: str) -> bool:
        return self.point == "/" or path == self.point or path.startswith(self.point + "/")


def mounts(pid: int | None = None) -> tuple[Mount, ...]:
    """Those that a process sees, ourselves without a number; none where the system does not say."""
    try:
        text = os.fsdecode(Path(f"/proc/{pid or 'self'}/mountinfo").read_bytes())
    except OSError:
        return ()
    return tuple(_mount(line) for line in text.split("\n") if " - " in line)


def _mount(line: str) -> Mount:
    before, after = (part.split(" ") for part in line.split(" - ", 1))
    kind, options = after[0], after[-1].split(",")
    is_read_only = "ro" in before[5].split(",") or "ro" in options
    return Mount(before[2], _plain(before[3]), _plain(before[4]), kind, is_read_only)


def _plain(written: str) -> str:
    """Blanks and backslashes are octal in mountinfo."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 8)), written)


def covering(found: Iterable[Mount], path: str) -> Mount | None:
    """The mount that a path lies on: the deepest, of several at one point the last."""
    best = None
    for each in found:
        if each.covers(path) and (best is None or len(each.point) >= len(best.point)):
            best = each
    return best


def root_of(pid: int) -> str:
    """Where the tree of a process can be read: `/` where it is our own, or where we may not tell."""
    own, its = "/proc/self/", f"/proc/{pid}/"
    try:
        same = all(_target(own + name) == _target(its + name) for name in ("ns/mnt", "root"))
        os.stat(f"{its}root/")  # noqa: PTH116 - a Path would lose the slash that enters it
    except OSError:
        return "/"
    return "/" if same else f"{its}root"


def _target(link: str) -> str:
    return str(Path(link).readlink())


def ids_of(pid: int, name: str) -> tuple[range, ...]:
    """Of `uid_map` or `gid_map`: the ids of this namespace that exist in that of the process."""
    lines = Path(f"/proc/{pid}/{name}").read_text("ascii").splitlines()
    rows = [[int(word) for word in line.split()] for line in lines]
    return tuple(range(outside, outside + count) for _, outside, count in rows)


def unseen_mount(pid: int, paths: Iterable[str]) -> str:
    """One sentence where a process may see another mount at a path than we do; empty where there is none."""
    ours, its = mounts(), mounts(pid)
    if ours == its or not its:
        return ""
    for path in paths:
        here, there = covering(ours, path), covering(its, path)
        if here is not None and there is not None and _identity(here) != _identity(there):
            return (
                f"process {pid} sees {path} through a mount of its own, {there.kind} on {there.point}, "
                "which cannot be read from here without more rights"
            )
    return ""


def _identity(mount: Mount) -> tuple[str, str, str]:
    return mount.device, mount.source_root, mount.point


def confinement(pid: int | None) -> str:
    """The AppArmor profile of a process, if one binds it; empty without."""
    for name in ("attr/apparmor/current", "attr/current"):
        profile = _read(f"/proc/{pid}/{name}") if pid is not None else ""
        if profile.endswith("(enforce)"):
            return profile.removesuffix("(enforce)").strip()
    return ""


def is_selinux_enforcing() -> bool:
    return _read("/sys/fs/selinux/enforce") == "1"


def label(path: str) -> str:
    """The SELinux label of a file; empty without."""
    try:
        return os.fsdecode(os.getxattr(path, "security.selinux", follow_symlinks=False)).rstrip("\0")
    except (OSError, AttributeError):
        return ""


def _read(path: str) -> str:
    try:
        return Path(path).read_text("utf-8", "replace").strip("\n\0 ")
    except OSError:
        return ""
