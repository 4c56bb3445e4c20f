"""The Caddy of the distribution with a configuration in a directory of its own."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.system.servers import stop, wait_until_listening

PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/bin", "/usr/local/bin"])
OPTIONS = "{\n\tadmin off\n\tauto_https off\n\tskip_install_trust\n}\n"


def program() -> str:
    found = shutil.which("caddy", path=PATH)
    if found is None:
        pytest.skip("needs caddy")
    return found


def written(home: Path, site: str, options: str = OPTIONS) -> Path:
    """A Caddyfile of global options and a site."""
    main = home / "Caddyfile"
    main.write_text(options + site, encoding="utf-8")
    return main


def listening(text: str, port: int) -> str:
    """A site on a port of this machine, whatever its addresses were."""
    return re.sub(r"^(?!\t|#|\}|\{).+ \{$", f":{port} {{", text, count=1, flags=re.MULTILINE)


def placed(home: Path, text: str, port: int) -> Path:
    """The Caddyfile around a written site, for a port."""
    return written(home, listening(text, port))


def _as_nobody(home: Path) -> dict[str, Any]:
    """Its own files lie beside the Caddyfile; root gives up its rights."""
    own = home / "own"
    own.mkdir(exist_ok=True)
    own.chmod(0o777)
    environ = {**os.environ, "HOME": str(own), "XDG_DATA_HOME": str(own), "XDG_CONFIG_HOME": str(own)}
    nobody = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
    return {"env": environ, **nobody}


def complaints(main: Path) -> str:
    """What `caddy validate` says against it; empty for nothing."""
    words = [program(), "validate", "--config", str(main), "--adapter", "caddyfile"]
    done = subprocess.run(words, capture_output=True, text=True, check=False, **_as_nobody(main.parent))
    return "" if done.returncode == 0 else done.stderr


@contextmanager
def caddy(main: Path, port: int) -> Iterator[int]:
    """Run until the block ends, as nobody where root starts it."""
    log = main.with_name("start.log")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [program(), "run", "--config", str(main), "--adapter", "caddyfile"],
            stdout=output,
            stderr=output,
            cwd=main.parent,
            start_new_session=True,
            **_as_nobody(main.parent),
        )
    try:
        wait_until_listening(process, port, log)
        yield port
    finally:
        stop(process)
