"""What a machine enforces, read from files that lie somewhere else."""

from pathlib import Path

import pytest
from tests.doctor.mandatory.test_refusal import AVC, KERNEL, PATH

from clearway.doctor.mandatory.system import Enforced, Roots, enforced

PROFILE = "/usr/sbin/nginx {\n  include <abstractions/web>\n}\n"


def machine(root: Path, files: dict[str, str]) -> Roots:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    return Roots(root / "proc", root / "selinux", root / "apparmor", root / "log")


def read(root: Path, files: dict[str, str], pid: int | None = 7) -> Enforced:
    return enforced(machine(root, files), pid, lambda _: "")


def test_selinux(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        {
            "selinux/enforce": "1",
            "selinux/booleans/httpd_use_nfs": "1 1",
            "selinux/booleans/httpd_enable_homedirs": "0 0",
            "proc/7/attr/current": "system_u:system_r:httpd_t:s0\0",
            "log/audit/audit.log": f"{AVC}\ntype=LOGIN msg=audit(1.1:1): x\n{PATH}\n",
        },
    )
    assert (found.enforcing, found.domain, found.profile) == (True, "httpd_t", "")
    assert found.booleans == {"httpd_use_nfs"}
    assert [(each.path, each.location.line) for each in found.refused] == [("/srv/shop/static/site.css", 1)]


def test_apparmor(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        {
            "proc/7/attr/apparmor/current": "/usr/sbin/nginx (enforce)\n",
            "apparmor/usr.sbin.nginx": PROFILE,
            "apparmor/abstractions/web": "/var/www/** r,\n",
            "log/kern.log": f"first\n{KERNEL}\n",
        },
    )
    assert found.profile == "/usr/sbin/nginx"
    assert found.hides("/srv/shop/site.css")
    assert not found.hides("/var/www/site.css")
    assert [each.location.line for each in found.refused] == [2]


@pytest.mark.parametrize(
    ("files", "pid"),
    [
        ({}, 7),
        ({"selinux/enforce": "0"}, None),
        ({"proc/7/attr/current": "unconfined\n"}, 7),
        ({"proc/7/attr/current": "/usr/sbin/nginx (complain)", "apparmor/usr.sbin.nginx": PROFILE}, 7),
        ({"proc/7/attr/current": "/usr/sbin/nginx (enforce)", "apparmor/usr.sbin.nginx": PROFILE}, None),
    ],
)
def test_where_nothing_is_enforced(files: dict[str, str], pid: int | None, tmp_path: Path) -> None:
    found = read(tmp_path, files, pid)
    assert not found.is_there
    assert not found.hides("/srv/shop/site.css")


def test_a_profile_whose_text_is_not_here_hides_nothing(tmp_path: Path) -> None:
    found = read(tmp_path, {"proc/7/attr/current": "snap.nginx.nginx (enforce)"})
    assert found.is_there
    assert not found.hides("/srv/shop/site.css")


def test_of_a_long_log_its_end_is_read(tmp_path: Path) -> None:
    found = read(tmp_path, {"log/syslog": f"{KERNEL}\n" + "x" * (1 << 20) + f"\n{KERNEL}\n"})
    assert [each.location.line for each in found.refused] == [3]
