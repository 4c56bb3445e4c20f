"""What `clearway init --deploy` writes, judged by who reads it: systemd, the schemas of the services, and a shell.

No container engine and no systemd runs here: the commands inside are run as they stand.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest
from tests.system.servers import running

pytest.importorskip("tokenize_rt", reason="needs tokenize-rt, of the extra init")

pytestmark = [pytest.mark.system, pytest.mark.timeout(180)]

CLEARWAY = (sys.executable, "-c", "from clearway.cli import main; raise SystemExit(main())")
EDITS = {
    "DEBUG = True": "DEBUG = False",
    "ALLOWED_HOSTS = []": "ALLOWED_HOSTS = ['127.0.0.1']\nMEDIA_URL = 'media/'\nMEDIA_ROOT = BASE_DIR / 'uploads'",
    "from pathlib import Path": "import os\nfrom pathlib import Path\nSECRET_KEY = os.environ['SHOP_SECRET']",
}
SCHEMAS = {
    "compose.yaml": "vendor.compose-spec",
    ".github/workflows/deploy.yml": "vendor.github-workflows",
    ".gitlab-ci.yml": "vendor.gitlab-ci",
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new project with all of it."""
    home = tmp_path_factory.mktemp("shop")
    (home / ".git").mkdir()
    run(home, sys.executable, "-m", "django", "startproject", "shop", ".")
    settings = home / "shop" / "settings.py"
    text = re.sub(r"(?m)^SECRET_KEY = .*\n", "", settings.read_text(encoding="utf-8"))
    for before, after in EDITS.items():
        text = text.replace(before, after, 1)
    settings.write_text(text, encoding="utf-8")
    (home / "requirements.txt").write_text("Django\ngunicorn\n", encoding="utf-8")
    run(home, *CLEARWAY, "init", "--yes", "--deploy", "systemd,docker,compose,github,gitlab,procfile")
    return home


def run(home: Path, *words: str, **variables: str) -> str:
    done = subprocess.run(words, cwd=home, env=environ(**variables), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def environ(**variables: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO", "PYTHON"))}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return {**kept, "PATH": path, "SHOP_SECRET": "known", "PYTHONDONTWRITEBYTECODE": "1", **variables}


def copy(home: Path, to: Path) -> Path:
    """What a build sees of the repository."""
    ignored = (home / ".dockerignore").read_text(encoding="utf-8").splitlines()
    shutil.copytree(home, to, ignore=shutil.ignore_patterns(*(name.removeprefix("**/") for name in ignored)))
    return to


def dockerfile(home: Path) -> list[str]:
    return (home / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ").splitlines()


def test_a_second_run_has_nothing_to_do(home: Path) -> None:
    said = run(home, *CLEARWAY, "init", "--deploy", "systemd,docker,compose,github,gitlab,procfile")
    assert said.endswith("clearway: nothing to change\n")


def test_the_doctor_finds_nothing_wrong_with_them(home: Path) -> None:
    assert "nothing is wrong" in run(home, *CLEARWAY, "doctor")


@pytest.mark.parametrize("file", SCHEMAS)
def test_a_file_is_what_the_schema_of_its_service_says(home: Path, file: str) -> None:
    checker = Path(sys.executable).with_name("check-jsonschema")
    run(home, str(checker), "--builtin-schema", SCHEMAS[file], file)


def test_systemd_takes_the_units(home: Path, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("needs systemd-analyze")
    for unit in (home / "deploy").iterdir():
        text = unit.read_text(encoding="utf-8").replace("/srv/shop/.venv/bin/gunicorn", "/bin/true")
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    units = [str(path) for path in sorted(tmp_path.iterdir())]
    assert [Path(unit).suffix for unit in units] == [".service", ".socket"]
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_the_image_collects_without_secrets_and_serves(home: Path, tmp_path: Path) -> None:
    app, cache = copy(home, tmp_path / "app"), tmp_path / "cache"
    (collecting,) = [line for line in dockerfile(home) if "collectstatic" in line]
    command = re.sub(r"--mount=\S+", "", collecting.removeprefix("RUN ")).replace("/var/cache/clearway", str(cache))
    environment = {name: value for name, value in environ().items() if name != "SHOP_SECRET"}
    subprocess.run(["sh", "-c", command], cwd=app, env=environment, check=True, capture_output=True)
    assert any(cache.rglob("*"))
    (start,) = [json.loads(line.removeprefix("CMD ")) for line in dockerfile(home) if line.startswith("CMD ")]
    serves(app, start, tmp_path / "log")


def test_the_process_of_the_procfile_serves(home: Path, tmp_path: Path) -> None:
    app = copy(home, tmp_path / "app")
    run(app, sys.executable, "manage.py", "collectstatic", "--noinput", CLEARWAY_CACHE="off")
    line = (home / "Procfile").read_text(encoding="utf-8").removeprefix("web: ").strip()
    serves(app, shlex.split(line), tmp_path / "log")


@pytest.mark.parametrize("file", [".github/workflows/deploy.yml", ".gitlab-ci.yml"])
def test_the_commands_of_a_pipeline_run(home: Path, tmp_path: Path, file: str) -> None:
    app = copy(home, tmp_path / "app")
    lines = (home / file).read_text(encoding="utf-8").splitlines()
    commands = [line.strip().removeprefix("- ").removeprefix("run: ") for line in lines if "python manage.py" in line]
    assert len(commands) == 2
    for command in commands:
        run(app, "sh", "-c", command, CLEARWAY_CACHE=str(tmp_path / "cache"))


def test_what_is_there_stays(home: Path, tmp_path: Path) -> None:
    app = copy(home, tmp_path / "app")
    (app / "Procfile").write_text("web: mine\n", encoding="utf-8")
    command = (*CLEARWAY, "init", "--yes", "--deploy", "procfile")
    done = subprocess.run(command, cwd=app, env=environ(), capture_output=True, text=True, check=False)
    assert (done.returncode, "by hand   Procfile" in done.stdout) == (1, True)
    assert (app / "Procfile").read_text(encoding="utf-8") == "web: mine\n"


def serves(app: Path, words: list[str], log: Path) -> None:
    """The server starts, and the admin's page has its styles."""
    command = [re.sub(r"0\.0\.0\.0:(8000|\$PORT)", "127.0.0.1:{port}", word) for word in words]
    with running([*command, "--no-control-socket"], cwd=app, environ=environ(), log=log) as server:
        with urlopen(f"{server.url}/admin/login/") as page:
            href = page.read().decode().partition('<link rel="stylesheet" href="')[2].partition('"')[0]
        with urlopen(server.url + href) as css:
            assert "immutable" in css.headers["Cache-Control"]
