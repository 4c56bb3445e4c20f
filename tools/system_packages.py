"""What the tests and benchmarks need beside Python: one list, what each is for, and its installation.

Installed with apt-get when we are root or sudo asks no password; otherwise only named.
INSTALL=no switches it off.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

# Servers live where the PATH of an ordinary user does not look.
SEARCH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/local/sbin", "/usr/sbin", "/sbin"])


@dataclass(frozen=True)
class Package:
    name: str
    proof: str  # a program, or a file (absolute path) for what brings no program
    purpose: str

    def present(self) -> bool:
        if self.proof.startswith("/"):
            return Path(self.proof).exists()
        return shutil.which(self.proof, path=SEARCH) is not None


PACKAGES = (
    Package("nginx", "nginx", "the front that most projects have: routes, permissions, speed beside it"),
    Package(
        "libnginx-mod-http-brotli-static",
        "/usr/lib/nginx/modules/ngx_http_brotli_static_module.so",
        "nginx that answers the .br files beside ours",
    ),
    Package("apache2", "apache2", "the front of many older projects"),
    Package("libapache2-mod-wsgi-py3", "/usr/lib/apache2/modules/mod_wsgi.so", "Django inside Apache"),
    Package("libapache2-mod-xsendfile", "/usr/lib/apache2/modules/mod_xsendfile.so", "private files handed to Apache"),
    Package("clamav-daemon", "clamd", "a real scanner of uploads"),
    Package("caddy", "caddy", "the front that gets its certificates by itself"),
    Package("chromium", "chromium", "a real browser: what arrives, decodes, runs and stays cached"),
    Package("systemd", "systemd-analyze", "says whether it takes the units that `clearway init` writes"),
    Package("acl", "setfacl", "files that another user may read, or may not"),
    Package("wrk", "wrk", "load for the benchmarks"),
    Package("varnish", "varnishd", "a cache in front of a bucket, as a CDN is"),
    Package("radosgw", "radosgw", "a distributed store with the gateway that speaks S3"),
    Package("ceph-mon", "ceph-mon", "the monitor of that store"),
    Package("ceph-osd", "ceph-osd", "what keeps its objects"),
    Package("ceph-common", "ceph-authtool", "its keys and maps"),
    Package("swift-proxy", "swift-proxy-server", "a store with an S3 gateway that refuses conditions"),
    Package("swift-account", "swift-account-server", "the accounts of that store"),
    Package("swift-container", "swift-container-server", "its buckets"),
    Package("swift-object", "swift-object-server", "its objects"),
    Package("nodejs", "node", "Acorn, the second opinion on references in JavaScript"),
    Package("npm", "npm", "installs Acorn, the scripts it is asked about, and Azurite"),
)


def missing() -> list[Package]:
    return [package for package in PACKAGES if not package.present()]


def ensure() -> list[Package]:
    """Install what is missing where that is allowed; return what is still missing."""
    absent = missing()
    prefix = privilege()
    if absent and prefix is not None and os.environ.get("INSTALL") != "no":
        say("system packages: installing " + ", ".join(package.name for package in absent))
        apt(prefix, [package.name for package in absent])
        absent = missing()
    for package in absent:
        say(f"system package missing: {package.name} ({package.purpose})")
    return absent


def privilege() -> list[str] | None:
    """The words before apt-get, or None where we may not or there is no apt-get."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return []
    sudo = ["sudo", "-n"]
    return sudo if shutil.which("sudo") and succeeds([*sudo, "true"]) else None


def apt(prefix: list[str], names: list[str]) -> None:
    """One by one, so that a name unknown to this distribution does not take the others with it."""
    command = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
    if not succeeds([*command, "update"]):
        say("apt-get update failed; trying with the lists at hand")
    for name in names:
        if not succeeds([*command, "install", "-y", "--no-install-recommends", name]):
            say(f"apt-get could not install {name}")


def succeeds(command: list[str]) -> bool:
    return subprocess.run(command, stdout=sys.stderr, check=False).returncode == 0


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
