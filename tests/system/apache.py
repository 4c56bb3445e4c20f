"""Apache with mod_wsgi, in front of a copy of the package: its processes are another user's when root starts them.

It has one process for connections: by itself, it starts another one whenever one thread of its three is busy at the
moment at which it looks, and whatever is counted over its processes jumps.
"""

import os
import shutil
import sys
from pathlib import Path

import asgiref
import django
import sqlparse
from tests.system.documents import blocks

import clearway

MODULES = Path("/usr/lib/apache2/modules")
PROGRAM = shutil.which("apache2", path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"]))
LOADED = ("mpm_event", "authz_core", "http2", "wsgi")
PACKAGES = (clearway, django, asgiref, sqlparse)
CONF = """
ServerRoot "{home}"
ServerName localhost
PidFile "{home}/apache.pid"
DefaultRuntimeDir "{home}"
ErrorLog /dev/stderr
LogLevel warn
{modules}
StartServers 1
ServerLimit 1
ThreadsPerChild 64
MaxRequestWorkers 64
MinSpareThreads 1
MaxSpareThreads 65
{user}
Protocols h2c http/1.1
WSGISocketPrefix "{home}/wsgi"
{site}
"""


def missing() -> str | None:
    """What keeps this system from running it."""
    if PROGRAM is None or not (MODULES / "mod_wsgi.so").exists():
        return "needs apache2 and libapache2-mod-wsgi-py3"
    if not (MODULES / f"mod_wsgi.so-{sys.version_info[0]}.{sys.version_info[1]}").exists():
        return "needs the Python that mod_wsgi was built for"
    return None


def command(home: Path, app: str) -> list[str]:
    """The command line for "module:application"."""
    module, _, name = app.partition(":")
    script, conf = home / f"{module}.wsgi", home / f"{module}.conf"
    script.write_text(f"from {module} import {name} as application\n", encoding="utf-8")
    modules = "\n".join(f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in LOADED)
    user = "User #65534\nGroup #65534" if os.geteuid() == 0 else ""
    conf.write_text(CONF.format(home=home, modules=modules, user=user, site=site(home, script)), encoding="utf-8")
    copy_packages(home / "packages")
    return [str(PROGRAM), "-f", str(conf), "-C", "Listen 127.0.0.1:{port}", "-D", "FOREGROUND"]


def site(home: Path, script: Path) -> str:
    """The directives of the documentation, with our paths, fewer threads, and another user where root starts them."""
    (told,) = blocks("docs/howto/servers.md", "apache")
    owner = " user=#65534 group=#65534" if os.geteuid() == 0 else ""
    ours = {
        "processes=2 threads=8": f"processes=1 threads=4{owner}",
        "python-home=/srv/mysite/.venv python-path=/srv/mysite": f"python-path={home}:{home}/packages",
        "/srv/mysite/mysite/wsgi.py": str(script),
        "/srv/mysite/mysite": str(home),
    }
    for theirs, replaced in ours.items():
        assert theirs in told
        told = told.replace(theirs, replaced)
    return told


def copy_packages(folder: Path) -> None:
    """The checkout may lie where only its owner may look."""
    for package in PACKAGES if not folder.exists() else ():
        origin = Path(package.__file__ or "").parent
        unused = shutil.ignore_patterns("*.mo", "*.po", "*.js", "__pycache__")
        shutil.copytree(origin, folder / package.__name__, ignore=unused)
