"""May a worker do this to one file or directory: the kernel's order of owner, list, group and others.

The source is Linux's acl_permission_check, posix_acl_permission and generic_permission (fs/namei.c, fs/posix_acl.c).
The first class that fits decides; there is no falling through to a later one.
"""

import os
import stat
from dataclasses import dataclass

from clearway.fronts import acl, ids
from clearway.fronts.acl import Entry, Tag, bits
from clearway.fronts.worker import Worker

READ, WRITE, SEARCH = 4, 2, 1


@dataclass(frozen=True)
class Right:
    """Whether it is granted, and which class decided: `owner`, `group`, `others`, or an entry of the access list."""

    granted: bool
    by: str
    permissions: int
    entry: Entry | None = None
    mask: int | None = None


def right(worker: Worker, status: os.stat_result, path: str, wanted: int) -> Right:
    """For the bits READ, WRITE and SEARCH together. `path` is no link; it is asked for its list where that counts."""
    found = _by_class(worker, status, path, wanted)
    if found.granted or not _overridden(worker, status, wanted):
        return found
    return Right(True, "capability", 7)


def _by_class(worker: Worker, status: os.stat_result, path: str, wanted: int) -> Right:
    mode = stat.S_IMODE(status.st_mode)
    if worker.uid == status.st_uid:
        return _granting("owner", mode >> 6 & 7, wanted)
    # With a list the group bits show its mask; where they are all zero the kernel does not ask the list at all.
    if mode & stat.S_IRWXG and (entries := acl.of(path)):
        return _by_list(worker, status, entries, wanted)
    if worker.is_in(status.st_gid):
        return _granting("group", mode >> 3 & 7, wanted)
    return _granting("others", mode & 7, wanted)


def _granting(by: str, permissions: int, wanted: int) -> Right:
    return Right(permissions & wanted == wanted, by, permissions)


def _by_list(worker: Worker, status: os.stat_result, entries: tuple[Entry, ...], wanted: int) -> Right:
    mask = next((each.permissions for each in entries if each.tag == Tag.MASK), None)
    mine = [each for each in entries if each.tag == Tag.USER and each.id == worker.uid]
    groups = mine or [each for each in entries if _is_of_group(each, worker, status)]
    if not groups:
        other = next((each.permissions for each in entries if each.tag == Tag.OTHER), 0)
        return _granting("others", other, wanted)
    # Any one of the groups' entries that has all that is wanted; else the first is shown.
    entry = next((each for each in groups if each.permissions & wanted == wanted), groups[0])
    left = entry.permissions & (7 if mask is None else mask)
    return Right(left & wanted == wanted, "list", left, entry, mask)


def _is_of_group(entry: Entry, worker: Worker, status: os.stat_result) -> bool:
    if entry.tag == Tag.OWNING_GROUP:
        return worker.is_in(status.st_gid)
    return entry.tag == Tag.GROUP and worker.is_in(entry.id)


def _overridden(worker: Worker, status: os.stat_result, wanted: int) -> bool:
    powers = worker.powers
    if not (powers.search or powers.override) or not powers.over(status):
        return False
    if stat.S_ISDIR(status.st_mode):
        return powers.override or not wanted & WRITE
    if wanted == READ and powers.search:
        return True
    return powers.override and (not wanted & SEARCH or bool(status.st_mode & 0o111))


def proof(status: os.stat_result) -> str:
    """Mode and owner: `mode 0750, owner deploy:staff`."""
    return f"mode {stat.S_IMODE(status.st_mode):04o}, owner {ids.user(status.st_uid)}:{ids.group(status.st_gid)}"


def because(found: Right, worker: Worker, status: os.stat_result) -> str:
    """Why a right is not granted, in words."""
    group = ids.group(status.st_gid)
    if found.by == "owner":
        return f"{worker.name} is the owner, whose bits are {bits(found.permissions)}; no other class is asked"
    if found.by == "group":
        return f"{worker.name} is in the group {group}, whose bits are {bits(found.permissions)}; others are not asked"
    if found.entry is None:
        return f"{worker.name} is neither the owner nor in the group {group}; others have {bits(found.permissions)}"
    limit = "" if found.mask is None else f" under the mask {bits(found.mask)}"
    return f"the access list's entry {found.entry}{limit} leaves {bits(found.permissions)}"
