"""Copies of the demo as deploys lay it out: a directory for each version of the code, a link to the one that runs."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

REPOSITORY = Path(__file__).parents[3]
BASE = "catalogue/templates/catalogue/base.html"
SETTINGS = "shop/settings.py"
TOLD = 'import json\nCLEARWAY["release"] = json.loads((VAR.parent / "release.json").read_text())\n'


@dataclass(frozen=True)
class Version:
    """One version of the code: a directory, which commands run in."""

    path: Path
    name: str
    environ: dict[str, str]

    def append(self, name: str, text: str) -> None:
        """At the end of a file, which may be new."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text((path.read_text(encoding="utf-8") if path.exists() else "") + text, encoding="utf-8")

    def replace(self, name: str, old: str, new: str) -> None:
        path = self.path / name
        text = path.read_text(encoding="utf-8")
        assert old in text, (name, old)
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def release(self, *words: str, **more: str) -> "subprocess.Popen[str]":
        """`clearway release` has been started, with `more` in its environment."""
        program, pipe = str(Path(sys.executable).with_name("clearway")), subprocess.PIPE
        command, environ = [program, "release", "--format", "json", *words], self.environ | more
        return subprocess.Popen(command, cwd=self.path, env=environ, stdout=pipe, stderr=pipe, text=True)

    def manage(self, *words: str) -> str:
        """Run `manage.py`, which has to succeed; what it prints."""
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(command, cwd=self.path, env=self.environ, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@dataclass
class Shop:
    """The project in `home`: `versions` of its code, `current`, a link to one of them, and `var`, its files."""

    home: Path
    environ: dict[str, str] = field(default_factory=dict)

    @property
    def link(self) -> Path:
        return self.home / "current"

    @property
    def static(self) -> Path:
        return self.home / "var" / "static"

    @property
    def release(self) -> str:
        """The id of the release that is current on the disk."""
        return (self.static / ".clearway" / "current").read_text().strip()

    @property
    def current(self) -> Version:
        """The version that the link leads to."""
        path = self.link.resolve()
        return Version(path, path.name, self.surroundings())

    def surroundings(self) -> dict[str, str]:
        """The environment of every process of the shop."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO", "CLEARWAY"))}
        own = {"SHOP_VAR": str(self.home / "var"), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": ""}
        return kept | own | self.environ

    def version(self, name: str) -> Version:
        """Another one, made from the current one: a new style sheet, script and template; pages say its name."""
        path = self.home / "versions" / name
        shutil.copytree(self.link.resolve(), path, ignore=shutil.ignore_patterns("__pycache__"))
        made = Version(path, name, self.surroundings())
        made.append("catalogue/static/catalogue/css/tokens.css", f"\n.release-{name} {{ color: teal }}\n")
        made.append("catalogue/static/catalogue/js/main.js", f'\nwindow.shopRelease = "{name}";\n')
        made.append(f"catalogue/static/catalogue/only/{name}.css", f".only-{name} {{ color: teal }}\n")
        link = f"""<link rel="stylesheet" href="{{% static 'catalogue/only/{name}.css' %}}">"""
        made.replace(BASE, "</head>", f'<meta name="release" content="{name}">{link}\n</head>')
        return made

    def tell(self, **routine: Any) -> None:
        """`CLEARWAY["release"]` of every version: hooks move the link, beside what is given."""
        move = f"sh {self.home / 'switch.sh'}"
        switch = {"run": move, "undo": f"{move} back"}
        told = {
            **routine,
            "hooks": {"before_reload": switch, "after_verify": f"{move} done", **routine.get("hooks", {})},
        }
        (self.home / "release.json").write_text(json.dumps(told), encoding="utf-8")


@contextmanager
def prepared() -> Iterator[Path]:
    """The demo, with its database and one release; copies of it are quicker than another one."""
    with TemporaryDirectory(prefix="clearway-") as name:
        shop = Shop(Path(name))
        code = shop.home / "versions" / "zero"
        shutil.copytree(REPOSITORY / "examples" / "shop", code, ignore=shutil.ignore_patterns("var", "__pycache__"))
        shop.link.symlink_to(code)
        shop.tell()
        shop.current.append(SETTINGS, TOLD)
        shop.current.manage("migrate", "--noinput", "-v0")
        shop.current.manage("collectstatic", "--noinput", "-v0")
        yield shop.home


@contextmanager
def copied(source: Path) -> Iterator[Shop]:
    """A shop of one's own, where every user may enter, with a release of its own after the first one."""
    with TemporaryDirectory(prefix="clearway-") as name:
        shop = Shop(Path(name, "site"))
        shutil.copytree(source, shop.home, symlinks=True)
        shop.link.unlink()
        shop.link.symlink_to(shop.home / "versions" / "zero")
        for path in (Path(name), shop.home, shop.home / "var", shop.static):
            path.chmod(0o755)
        first = shop.version("first")
        first.manage("collectstatic", "--noinput", "-v0")
        shop.link.unlink()
        shop.link.symlink_to(first.path)
        yield shop
