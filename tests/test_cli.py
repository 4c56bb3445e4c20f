"""The command `clearway`, from the shell, from manage.py and from `call_command`."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from django.core.management import call_command

from clearway import __version__
from clearway.cli import main

REPOSITORY = Path(__file__).parents[1]
VERSION = f"clearway {__version__}\n"
MANAGE = """
import os, sys
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", *sys.argv[1:]])
"""
SETTINGS = 'INSTALLED_APPS = ["clearway", "django.contrib.staticfiles"]\nSECRET_KEY = "x"\n'


@pytest.mark.parametrize(("arguments", "code"), [(["--version"], 0), (["--help"], 0), (["bogus"], 2), (["--bogus"], 2)])
def test_exit_codes(arguments: Sequence[str], code: int, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        main(arguments)
    assert raised.value.code == code
    out, err = capsys.readouterr()
    assert (bool(out), bool(err)) == (code == 0, code != 0)  # stdout carries the result, stderr the rest


def test_version_goes_to_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == VERSION


def test_without_arguments_it_prints_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert "usage: clearway" in capsys.readouterr().out


def test_a_django_that_is_too_old_is_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A project may bring its own, before the one that was installed with Clearway."""
    monkeypatch.setattr("django.VERSION", (3, 2, 25, "final", 0))
    assert main(["doctor"]) == 2
    out, err = capsys.readouterr()
    assert (out, "Clearway needs Django 5.2 or newer" in err) == ("", True)


def test_the_usage_names_the_command_as_it_was_typed(capsys: pytest.CaptureFixture[str]) -> None:
    main([], prog="manage.py clearway")
    assert "usage: manage.py clearway" in capsys.readouterr().out


def run(*command: str, cwd: Path = REPOSITORY) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    return subprocess.run(command, cwd=cwd, env=environ, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("project")
    (home / "manage.py").write_text(MANAGE)
    (home / "cli_settings.py").write_text(SETTINGS)
    (home / "broken_settings.py").write_text(SETTINGS + 'CLEARWAY = {"nonsense": 1}\n')
    return home


def test_the_installed_script_needs_no_settings() -> None:
    script = Path(sys.executable).with_name("clearway")
    done = run(str(script), "--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, VERSION, "")


def test_a_thread_that_the_project_started_does_not_keep_the_command(project: Path) -> None:
    thread = "from threading import Thread\nfrom time import sleep\nThread(target=sleep, args=(300,)).start()\n"
    (project / "thread_settings.py").write_text(SETTINGS + thread)
    script = Path(sys.executable).with_name("clearway")
    done = run(str(script), "front", "nginx", "--settings=thread_settings", "--pythonpath=.", cwd=project)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.rstrip().endswith("}")


@pytest.mark.parametrize("settings", ["cli_settings", "broken_settings"])
def test_manage_py_runs_the_same_command_whatever_the_checks_say(project: Path, settings: str) -> None:
    code = MANAGE.replace("import os, sys", f"import os, sys\nos.environ['DJANGO_SETTINGS_MODULE'] = '{settings}'")
    done = run(sys.executable, "-c", code, "clearway", "--version", cwd=project)
    assert (done.returncode, done.stdout, done.stderr) == (0, VERSION, "")


def test_manage_py_exits_with_the_codes_of_clearway(project: Path) -> None:
    code = MANAGE.replace("import os, sys", "import os, sys\nos.environ['DJANGO_SETTINGS_MODULE'] = 'cli_settings'")
    done = run(sys.executable, "-c", code, "clearway", "--bogus", cwd=project)
    assert (done.returncode, done.stdout) == (2, "")
    assert "usage: manage.py clearway" in done.stderr


def test_manage_py_takes_settings_after_the_verb(project: Path) -> None:
    done = run(sys.executable, "manage.py", "clearway", "--settings=cli_settings", cwd=project)
    assert (done.returncode, done.stderr) == (0, "")
    assert "usage: manage.py clearway" in done.stdout


def test_call_command_runs_the_same_command(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("clearway")
    assert "usage: manage.py clearway" in capsys.readouterr().out


def test_call_command_knows_the_version_of_clearway(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        call_command("clearway", "--version")
    assert (raised.value.code, capsys.readouterr().out) == (0, VERSION)


def test_call_command_refuses_an_unknown_argument() -> None:
    with pytest.raises(SystemExit) as raised:
        call_command("clearway", "bogus")
    assert raised.value.code == 2
