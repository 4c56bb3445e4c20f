"""The pure parts of what stands behind the Makefile: which cells, which Pythons, what a run amounted to."""

import sys
import zipfile
from pathlib import Path

import pytest
from tools.cells import MATRIX, Cell, on_ci, summary
from tools.environments import (
    PACKAGE,
    REQUIREMENTS,
    ROOT,
    WHEEL_INPUTS,
    CannotRunError,
    check_complete,
    clean_environ,
    digest,
    install_venv_support,
)
from tools.interpreters import Interpreter, candidates, newest_first, parse, probe
from tools.locking import refuse_addresses
from tools.results import Failure, Results, Skip
from tools.results import parse as parse_report
from tools.results import read as read_report
from tools.system_packages import PACKAGES, Package

REPORT = """
<testsuites><testsuite>
<testcase classname="tests.http.test_ranges" name="test_suffix" time="0.1"/>
<testcase classname="tests.http.test_ranges" name="test_noisy"><system-out>hello</system-out></testcase>
<testcase classname="tests.http.test_ranges" name="test_wrong"><failure message="assert 1 == 2"/></testcase>
<testcase classname="tests.http.test_ranges" name="test_broken"><error message="fixture"/></testcase>
<testcase classname="tests.system.test_nginx" name="test_head">
  <skipped type="pytest.skip" message="needs nginx">test_nginx.py:3: needs nginx</skipped></testcase>
<testcase classname="tests.build.test_encode" name="test_zstd">
  <skipped type="pytest.skip" message="only on Python 3.14"/></testcase>
<testcase classname="tests.build.test_encode" name="test_known">
  <skipped type="pytest.xfail" message="later"/></testcase>
<testcase classname="" name="tests.system.test_browser"><skipped type="pytest.skip"
  message="collection skipped">('/x/test_browser.py', 9, 'Skipped: needs chromium')</skipped></testcase>
</testsuite></testsuites>
"""


def test_a_cell_knows_its_name_and_its_requirements() -> None:
    cell = Cell("3.11", "5.2")
    assert (cell.name, cell.label) == ("py311-django52", "cell 3.11 / Django 5.2")
    assert cell.requirements == REQUIREMENTS / "py311-django52.txt"


def test_every_cell_has_pinned_requirements_for_its_django() -> None:
    for cell in MATRIX:
        assert f"\ndjango=={cell.django}." in cell.requirements.read_text(encoding="utf-8")


def test_every_pin_has_a_hash() -> None:
    for path in REQUIREMENTS.glob("*.txt"):
        text = path.read_text(encoding="utf-8").replace("\\\n", " ")
        assert [line for line in text.splitlines() if "==" in line and "--hash=sha256:" not in line] == []


def test_the_runs_are_counted_and_skips_are_named() -> None:
    found = parse_report(REPORT)
    assert found.passed == 2
    assert found.failures == (
        Failure("tests.http.test_ranges::test_wrong", "assert 1 == 2"),
        Failure("tests.http.test_ranges::test_broken", "fixture"),
    )
    assert found.not_run == [
        Skip("tests.system.test_nginx::test_head", "needs nginx"),
        Skip("tests.system.test_browser", "needs chromium"),
    ]
    assert found.line() == "2 passed, 2 failed, 3 skipped"


def test_no_report_is_no_test(tmp_path: Path) -> None:
    assert read_report(tmp_path / "junit.xml") == Results()


def test_the_summary_ends_with_the_totals() -> None:
    skipped = (Skip("tests.system.test_nginx::test_head", "needs nginx"),)
    outcomes = {"cell a": Results(3, (), skipped), "cell b": Results(2, (Failure("tests.a::b", "assert 1 == 2"),))}
    lines = summary(outcomes, [Cell("3.13", "6.1")], ["mypy"])
    assert "failed, cell b: tests.a::b: assert 1 == 2" in lines
    assert "not run, cell a: tests.system.test_nginx::test_head: needs nginx" in lines
    assert "cell 3.13 / Django 6.1: not run, no Python 3.13 here" in lines
    assert "problem: mypy" in lines
    assert lines[-1] == "5 passed, 1 failed, 1 skipped"


@pytest.mark.parametrize(("value", "expected"), [("true", True), ("1", True), ("", False), ("false", False)])
def test_ci_is_what_the_variable_says(monkeypatch: pytest.MonkeyPatch, value: str, expected: bool) -> None:
    monkeypatch.setenv("CI", value)
    assert on_ci() is expected


def test_the_answer_of_an_interpreter() -> None:
    found = parse("3 12 1 cpython /opt/my python/bin/python\n")
    assert found == Interpreter(Path("/opt/my python/bin/python"), "3.12.1")
    assert found.minor == "3.12"
    assert parse("3 11 13 pypy /opt/pypy/bin/pypy3") is None
    assert parse("pyenv: python3.12: command not found") is None


def test_the_newest_final_patch_comes_first(tmp_path: Path) -> None:
    for name in ("3.12.1", "3.12.10", "3.12.9", "3.12-dev", "3.12.11t", "3.1.2", "3.11.7"):
        (tmp_path / name).mkdir()
    found = newest_first(tmp_path, r"(3\.12\.\d+)")
    assert [path.name for path in found] == ["3.12.10", "3.12.9", "3.12.1"]
    assert newest_first(tmp_path / "nowhere", "(.*)") == []


def test_a_python_is_looked_for_on_path_then_pyenv_then_uv(tmp_path: Path) -> None:
    (tmp_path / ".pyenv" / "versions" / "3.12.4").mkdir(parents=True)
    (tmp_path / "uv" / "cpython-3.12.8-linux-x86_64-gnu").mkdir(parents=True)
    environ = {"PATH": "/first:/second", "HOME": str(tmp_path), "UV_PYTHON_INSTALL_DIR": str(tmp_path / "uv")}
    assert list(candidates("3.12", environ)) == [
        Path(sys.executable),
        Path("/first/python3.12"),
        Path("/second/python3.12"),
        tmp_path / ".pyenv/versions/3.12.4/bin/python",
        tmp_path / "uv/cpython-3.12.8-linux-x86_64-gnu/bin/python3.12",
    ]


def test_a_file_that_does_not_start_is_no_python(tmp_path: Path) -> None:
    shim = tmp_path / "python3.12"
    shim.write_text("#!/bin/sh\nexit 127\n")
    shim.chmod(0o755)
    assert probe(shim) is None
    assert probe(tmp_path / "absent") is None


def test_the_digest_follows_contents_names_and_words(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("django==5.2")
    before = digest([path], ["3.11.7"])
    path.touch()
    assert digest([path], ["3.11.7"]) == before
    assert digest([path], ["3.11.8"]) != before
    assert digest([path.rename(tmp_path / "b.txt")], ["3.11.7"]) != before
    (tmp_path / "b.txt").write_text("django==6.0")
    assert digest([tmp_path / "b.txt"], ["3.11.7"]) != before


def test_a_wheel_without_a_source_file_is_refused(tmp_path: Path) -> None:
    built = tmp_path / "clearway.whl"
    with zipfile.ZipFile(built, "w") as archive:
        archive.writestr("clearway/__init__.py", "")
    check_complete(built, [PACKAGE / "__init__.py"])
    with pytest.raises(CannotRunError, match=r"lacks 1 files \(src/clearway/build/emit.py"):
        check_complete(built, [PACKAGE / "__init__.py", PACKAGE / "build" / "emit.py"])


def test_a_python_without_ensurepip_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INSTALL", "no")
    monkeypatch.setattr("tools.environments.has_ensurepip", lambda interpreter: False)
    with pytest.raises(CannotRunError, match=r"python3\.12-venv"):
        install_venv_support(Interpreter(Path("/usr/bin/python3.12"), "3.12.1"))


def test_another_tree_does_not_come_in_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "src")
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "shop.settings")
    environ = clean_environ(PYTHONDEVMODE="1")
    assert environ["PYTHONDEVMODE"] == "1"
    assert not {"PYTHONPATH", "DJANGO_SETTINGS_MODULE"} & set(environ)


def test_an_address_in_a_requirement_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "demo.txt"
    path.write_text("django==5.2.19 \\\n    --hash=sha256:00\n")
    refuse_addresses(path)
    path.write_text("--index" + "-url https://mirror.example/simple\ndjango==5.2.19\n")
    with pytest.raises(CannotRunError, match="names a registry"):
        refuse_addresses(path)


def test_a_package_is_proven_by_a_program_or_by_a_file(tmp_path: Path) -> None:
    assert Package("python", Path(sys.executable).as_posix(), "").present()
    assert Package("shell", "sh", "").present()
    assert not Package("module", str(tmp_path / "module.so"), "").present()
    assert not Package("server", "a-server-nobody-has", "").present()
    assert all(package.purpose for package in PACKAGES)


def test_the_suite_sees_the_files_that_decide_the_wheel() -> None:
    assert all((ROOT / name).exists() for name in WHEEL_INPUTS)
