"""Who reads for a front: the user, the groups and the capabilities of its worker process."""

import os
from dataclasses import dataclass
from pathlib import Path

from clearway.fronts import ids, sandbox

_READ_SEARCH, _OVERRIDE = 1 << 2, 1 << 1  # linux/capability.h
_EVERY_ID = (range(1 << 32),)


class UnknownWorkerError(LookupError):
    """There is no such user, group or process, or it cannot be looked at."""


@dataclass(frozen=True)
class Capabilities:
    """What stands above modes and lists (capabilities(7)).

    `search` is CAP_DAC_READ_SEARCH, `override` CAP_DAC_OVERRIDE. In a user namespace they hold only for files whose
    owner and group have an id in it: `uids` and `gids`, as they are numbered here (user_namespaces(7)).
    """

    search: bool = False
    override: bool = False
    uids: tuple[range, ...] = _EVERY_ID
    gids: tuple[range, ...] = _EVERY_ID

    def over(self, status: os.stat_result) -> bool:
        """Whether they hold for a file at all."""
        return any(status.st_uid in each for each in self.uids) and any(status.st_gid in each for each in self.gids)


NONE = Capabilities()
ALL = Capabilities(search=True, override=True)


@dataclass(frozen=True)
class Worker:
    """The process that opens the files.

    `root` is where its tree can be read from here: `/`, or `/proc/PID/root` of a process with mounts of its own.
    Without `capabilities` it has those that the kernel gives its user: all for root, else none.
    """

    uid: int
    gid: int
    groups: tuple[int, ...] = ()
    root: str = "/"
    pid: int | None = None
    capabilities: Capabilities | None = None

    @property
    def name(self) -> str:
        return ids.user(self.uid)

    @property
    def powers(self) -> Capabilities:
        if self.capabilities is None:
            return ALL if self.uid == 0 else NONE
        return self.capabilities

    def is_in(self, gid: int) -> bool:
        """Whether a group is its own or one of its supplementary groups."""
        return gid == self.gid or gid in self.groups

    @classmethod
    def named(cls, user: str, group: str | None = None) -> "Worker":
        """A user of this system with the groups of the database, and the primary one unless another is named.

        Numbers are taken as they are. nginx's `user x;` means the group x: name it. Raises UnknownWorkerError.
        """
        uid, primary = _user(user)
        gid = primary if group is None else _group(group)
        return cls(uid, gid, _memberships(user, gid))

    @classmethod
    def of_process(cls, pid: int) -> "Worker":
        """A live process, from /proc (proc_pid_status(5)). Raises UnknownWorkerError."""
        try:
            text = Path(f"/proc/{pid}/status").read_text("utf-8", "replace")
            fields = dict(line.split(":", 1) for line in text.splitlines() if ":" in line)
            uid, gid = (int(fields[name].split()[3]) for name in ("Uid", "Gid"))
            groups = tuple(int(each) for each in fields["Groups"].split())
            powers = _capabilities(pid, int(fields["CapEff"], 16))
        except (OSError, KeyError, ValueError, IndexError) as error:
            raise UnknownWorkerError(f"process {pid} cannot be looked at: {error}") from error
        return cls(uid, gid, groups, sandbox.root_of(pid), pid, powers)


def _capabilities(pid: int, effective: int) -> Capabilities:
    uids, gids = (sandbox.ids_of(pid, name) for name in ("uid_map", "gid_map"))
    return Capabilities(bool(effective & _READ_SEARCH), bool(effective & _OVERRIDE), uids, gids)


def _user(name: str) -> tuple[int, int]:
    """(uid, primary gid); a number that the database does not know is its own group."""
    try:
        import pwd

        found = pwd.getpwuid(int(name)) if name.isdecimal() else pwd.getpwnam(name)
    except (ImportError, KeyError):
        if name.isdecimal():
            return int(name), int(name)
        raise UnknownWorkerError(f"there is no user {name!r} here") from None
    return found.pw_uid, found.pw_gid


def _group(name: str) -> int:
    if name.isdecimal():
        return int(name)
    try:
        import grp

        return grp.getgrnam(name).gr_gid
    except (ImportError, KeyError):
        raise UnknownWorkerError(f"there is no group {name!r} here") from None


def _memberships(user: str, gid: int) -> tuple[int, ...]:
    """Those that initgroups(3) would give."""
    if not hasattr(os, "getgrouplist"):
        return (gid,)
    name = ids.user(int(user)) if user.isdecimal() else user
    return tuple(sorted(set(os.getgrouplist(name, gid))))
