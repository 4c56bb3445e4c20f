"""Lines of logs, as kernels, auditd, nginx and httpd write them."""

import pytest

from clearway.doctor.mandatory.refusal import Refusal, refusals
from clearway.fronts.road import Location

AVC = (
    'type=AVC msg=audit(1763629211.331:842): avc:  denied  { read } for  pid=1207 comm="nginx" name="site.css" '
    'dev="dm-0" ino=67312214 scontext=system_u:system_r:httpd_t:s0 '
    "tcontext=unconfined_u:object_r:user_home_t:s0 tclass=file permissive=0"
)
PATH = 'type=PATH msg=audit(1763629211.331:842): item=0 name="/srv/shop/static/site.css" inode=67312214 mode=0100644'
KERNEL = (
    "Nov 20 09:00:11 web1 kernel: [ 8123.112233] audit: type=1400 audit(1763629211.331:67): "
    'apparmor="DENIED" operation="open" class="file" profile="/usr/sbin/nginx" name="/srv/shop/static/site.css" '
    'pid=1207 comm="nginx" requested_mask="r" denied_mask="r" fsuid=33 ouid=1000'
)
NGINX = (
    '2026/11/20 09:00:11 [error] 1207#1207: *3 open() "/srv/shop/static/site.css" failed (13: Permission denied), '
    'client: 203.0.113.9, server: shop.example, request: "GET /static/site.css HTTP/1.1", host: "shop.example"'
)
HTTPD = "[core:error] [pid 12] (13)Permission denied: [client 203.0.113.9:1] AH00132: may not access /srv/x.css"
UPSTREAM = (
    "connect() to 127.0.0.1:8000 failed (13: Permission denied) while connecting to upstream, client: 203.0.113.9"
)


def read(*lines: str) -> list[Refusal]:
    return list(refusals((line, Location("log", number)) for number, line in enumerate(lines, 1)))


def test_selinux_names_the_file_in_a_record_beside() -> None:
    [found] = read(AVC, PATH)
    assert (found.by, found.program, found.path) == ("SELinux", "nginx", "/srv/shop/static/site.css")
    assert (found.subject, found.label, found.kind, found.rights) == ("httpd_t", "user_home_t", "file", "read")


def test_without_that_record_a_name_is_left() -> None:
    assert [each.path for each in read(AVC)] == ["site.css"]


@pytest.mark.parametrize(
    ("name", "path"),
    [('path="/srv/a b"', "/srv/a b"), ("path=2F7372762F61", "/srv/a"), ("path=/srv/plain", "/srv/plain")],
)
def test_names_with_blanks_are_in_hexadecimal(name: str, path: str) -> None:
    assert [each.path for each in read(AVC.replace('name="site.css"', name))] == [path]


def test_apparmor_names_profile_and_path() -> None:
    [found] = read(KERNEL)
    assert (found.by, found.program, found.subject) == ("AppArmor", "nginx", "/usr/sbin/nginx")
    assert (found.path, found.rights) == ("/srv/shop/static/site.css", "r")


@pytest.mark.parametrize(("line", "path"), [(NGINX, "/srv/shop/static/site.css"), (HTTPD, "/srv/x.css")])
def test_an_error_log_does_not_say_who(line: str, path: str) -> None:
    assert [(each.by, each.path) for each in read(line)] == [("", path)]


def test_no_mode_refuses_a_connection() -> None:
    [found] = read(UPSTREAM)
    assert (found.by, found.is_of_socket) == ("SELinux", True)
    assert read(UPSTREAM, UPSTREAM.replace("13: Permission denied", "111: Connection refused")) == []
    assert read("connect() to unix:/run/shop.sock failed (13: Permission denied) while connecting") == []


@pytest.mark.parametrize(
    "line",
    [
        AVC.replace("permissive=0", "permissive=1"),
        AVC.replace("denied", "granted"),
        KERNEL.replace("DENIED", "ALLOWED"),
        NGINX.replace("13: Permission denied", "2: No such file or directory"),
        "",
    ],
)
def test_what_is_no_refusal(line: str) -> None:
    assert read(line) == []
