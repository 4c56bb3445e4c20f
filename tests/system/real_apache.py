"""The Apache of the distribution with virtual hosts in a directory of its own."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.system.servers import stop, wait_until_listening

from tools import front_apache

# As Debian's configuration for mod_mime has them: languages and types that a variant must not take on.
MAIN = """
ServerRoot "{home}"
ServerName localhost
Listen 127.0.0.1:{port}
PidFile {home}/apache.pid
DefaultRuntimeDir {home}
ErrorLog {home}/error.log
LogLevel warn
{modules}
{user}
TypesConfig /etc/mime.types
AddType application/x-gzip .gz .tgz
AddLanguage br .br
<Directory />
    Require all denied
</Directory>
Include {home}/site.conf
"""
LOADED = ("mpm_event", "autoindex", *front_apache.LOADED[1:])
SENDFILE = Path(front_apache.MODULES) / "mod_xsendfile.so"


def program() -> str:
    found = front_apache.program()
    if found is None:
        pytest.skip("needs apache2")
    return found


def written(home: Path, site: str, port: int) -> Path:
    """The main file around a site; its workers are nobody where root starts them."""
    user = "User #65534\nGroup #65534" if os.geteuid() == 0 else ""
    names = dict.fromkeys(each for each in LOADED if each != "wsgi")
    names |= {"xsendfile": None} if SENDFILE.exists() else {}
    modules = "\n".join(f"LoadModule {name}_module {front_apache.MODULES}/mod_{name}.so" for name in names)
    (home / "site.conf").write_text(site, encoding="utf-8")
    main = home / "httpd.conf"
    main.write_text(MAIN.format(user=user, home=home, port=port, modules=modules), encoding="utf-8")
    return main


def placed(home: Path, text: str, port: int) -> Path:
    """The main file around written virtual hosts, for a port."""
    return written(home, text.replace("<VirtualHost *:80>", f"<VirtualHost *:{port}>"), port)


def complaints(main: Path) -> str:
    """What the server's own test says beside that all is well; empty for nothing."""
    done = subprocess.run([program(), "-t", "-f", str(main)], capture_output=True, text=True, check=False)
    return (done.stdout + done.stderr).replace("Syntax OK\n", "")


@contextmanager
def apache(main: Path, port: int) -> Iterator[int]:
    """Run until the block ends."""
    log = main.with_name("start.log")
    with log.open("wb") as output:
        words = [program(), "-f", str(main), "-D", "FOREGROUND"]
        process = subprocess.Popen(words, stdout=output, stderr=output, start_new_session=True)
    try:
        wait_until_listening(process, port, log)
        yield port
    finally:
        stop(process)
