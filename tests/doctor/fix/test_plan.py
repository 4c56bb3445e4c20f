"""What a fix would write, and why others are left."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from tests.doctor.fix.surroundings import around
from tests.doctor.reports import finding

from clearway.doctor.finding import Finding, Fix, Level, Safety
from clearway.doctor.fix.applying import apply, shown
from clearway.doctor.fix.outcome import Outcome, Status
from clearway.doctor.fix.plan import plan
from clearway.doctor.fix.server import Server
from clearway.doctor.report import Report, Told
from clearway.editing.diff import diff
from clearway.editing.edit import Edit

SAFE, BOTH = {Safety.SAFE}, {Safety.SAFE, Safety.UNSAFE}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    monkeypatch.chdir(root)
    (root / "settings.py").write_bytes(b"A = 1\r\nB = 2\r\nC = 3\r\n")
    return root


def edited(path: Path, old: bytes, new: bytes) -> str:
    return diff([Edit.of(path, path.read_bytes().replace(old, new))])


def cause(number: int, *, text: str = "", commands: Iterable[str] = (), safety: Safety = Safety.SAFE) -> Finding:
    return finding(f"CW{number}", "a-cause", message=f"cause {number}", fix=Fix("mend", safety, text, tuple(commands)))


def report(*findings: Finding) -> Report:
    return Report([Told(each) for each in findings], ())


def fates(outcomes: Iterable[Outcome]) -> list[tuple[str, str]]:
    return [(each.finding.id, each.status.value) for each in outcomes]


def test_changes_of_one_file_are_written_together(project: Path) -> None:
    file = project / "settings.py"
    one, other = cause(1, text=edited(file, b"A = 1", b"A = 10")), cause(2, text=edited(file, b"C = 3", b"C = 30"))
    done = apply(plan(report(one, other), SAFE, around(project), None), around(project)).outcomes()
    assert file.read_bytes() == b"A = 10\r\nB = 2\r\nC = 30\r\n"
    assert fates(done) == [("CW1", "applied"), ("CW2", "applied")]
    assert {path for each in done for path in each.backups} == {f"{file}.clearway-backup"}
    assert Path(f"{file}.clearway-backup").read_bytes() == b"A = 1\r\nB = 2\r\nC = 3\r\n"


def test_the_later_of_two_that_touch_the_same_line_waits(project: Path) -> None:
    file = project / "settings.py"
    one, other = (cause(number, text=edited(file, b"A = 1", b"A = %d0" % number)) for number in (1, 2))
    done = apply(plan(report(one, other), SAFE, around(project), None), around(project)).outcomes()
    assert fates(done) == [("CW1", "applied"), ("CW2", "skipped")]
    assert "another fix changes too" in done[1].reason
    assert file.read_bytes().startswith(b"A = 10\r\n")


@pytest.mark.parametrize(
    ("safety", "wanted", "status"),
    [
        (Safety.SAFE, SAFE, "applied"),
        (Safety.UNSAFE, SAFE, "skipped"),
        (Safety.UNSAFE, BOTH, "applied"),
        (Safety.MANUAL, BOTH, "skipped"),
    ],
)
def test_only_what_was_asked_for_is_done(project: Path, safety: Safety, wanted: set[Safety], status: str) -> None:
    file = project / "settings.py"
    made = plan(report(cause(1, text=edited(file, b"1", b"9"), safety=safety)), wanted, around(project), None)
    assert fates(apply(made, around(project)).outcomes()) == [("CW1", status)]
    assert (b"9" in file.read_bytes()) == (status == "applied")


def test_what_follows_and_advice_are_left_alone(project: Path) -> None:
    file = project / "settings.py"
    text = edited(file, b"1", b"9")
    advice = finding("CW3", "advice", Level.NOTE, fix=Fix("mend", Safety.SAFE, text))
    whole = Report([Told(cause(1)), Told(cause(2, text=text), follows=True), Told(advice)], ())
    assert [row.finding.id for row in plan(whole, SAFE, around(project), None).rows] == ["CW1"]


def test_showing_changes_nothing(project: Path) -> None:
    file = project / "settings.py"
    before = file.read_bytes()
    (done,) = shown(plan(report(cause(1, text=edited(file, b"1", b"9"))), SAFE, around(project), None))
    assert (done.status, done.files, file.read_bytes()) == (Status.SHOWN, [str(file)], before)
    assert [path.name for path in project.iterdir()] == ["settings.py"]


def test_a_file_of_somebody_else_is_left(project: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.html"
    other.write_text("a\n")
    (row,) = plan(report(cause(1, text=edited(other, b"a", b"b"))), SAFE, around(project), None).rows
    assert "does not belong to the project" in row.reason


def test_a_link_out_of_the_project_is_no_way_out(project: Path, tmp_path: Path) -> None:
    (tmp_path / "other.py").write_text("a = 1\n")
    (project / "link.py").symlink_to(tmp_path / "other.py")
    (row,) = plan(report(cause(1, text=edited(project / "link.py", b"1", b"2"))), SAFE, around(project), None).rows
    assert "does not belong to the project" in row.reason


@pytest.mark.parametrize(("before", "new", "said"), [(b"A = (\n", b"B", "is not"), (b"A = 1\n", b"=", "would not be")])
def test_what_is_no_python_is_left(project: Path, before: bytes, new: bytes, said: str) -> None:
    file = project / "broken.py"
    file.write_bytes(before)
    (row,) = plan(report(cause(1, text=edited(file, b"A", new))), SAFE, around(project), None).rows
    assert f"{said} Python" in row.reason


def test_a_file_that_changed_since_it_was_read_is_left(project: Path) -> None:
    file = project / "settings.py"
    text = edited(file, b"1", b"9")
    file.write_bytes(b"A = 2\r\n")
    (row,) = plan(report(cause(1, text=text)), SAFE, around(project), None).rows
    assert "is not as the diff has it" in row.reason


def test_settings_that_cannot_be_imported_any_more_are_taken_back(project: Path) -> None:
    file = project / "settings.py"
    before = file.read_bytes()
    looks = iter(["", "NameError: name 'BASE_DIR' is not defined"])
    place = around(project, imports=lambda: next(looks))
    made = plan(report(cause(1, text=edited(file, b"1", b"BASE_DIR"))), SAFE, place, None)
    (done,) = apply(made, place).outcomes()
    assert (done.status, file.read_bytes()) == (Status.FAILED, before)
    assert "BASE_DIR" in done.reason
    assert [path.name for path in project.iterdir()] == ["settings.py"]


def test_what_did_not_help_is_taken_back(project: Path) -> None:
    file = project / "settings.py"
    before = file.read_bytes()
    applied = apply(plan(report(cause(1, text=edited(file, b"1", b"9"))), SAFE, around(project), None), around(project))
    applied.take_back(lambda _: True)
    (done,) = applied.outcomes()
    assert (done.status, file.read_bytes()) == (Status.FAILED, before)
    assert "did not help" in done.reason


def test_what_helped_one_of_two_stays(project: Path) -> None:
    file = project / "settings.py"
    both = [cause(1, text=edited(file, b"1", b"9")), cause(2, text=edited(file, b"3", b"8"))]
    applied = apply(plan(report(*both), SAFE, around(project), None), around(project))
    applied.take_back(lambda found: found.id == "CW1")
    assert fates(applied.outcomes()) == [("CW1", "applied"), ("CW2", "applied")]


def test_collectstatic_runs_once_and_after_the_edits(project: Path) -> None:
    file, seen = project / "settings.py", list[bytes]()
    place = around(project, collect=lambda _: seen.append(file.read_bytes()) or "")  # type: ignore[func-returns-value]
    collect = "python manage.py collectstatic --noinput"
    causes = cause(1, commands=[collect]), cause(2, text=edited(file, b"1", b"9"), commands=[collect])
    done = apply(plan(report(*causes), SAFE, place, None), place).outcomes()
    assert fates(done) == [("CW1", "applied"), ("CW2", "applied")]
    assert seen == [b"A = 9\r\nB = 2\r\nC = 3\r\n"]


def test_a_command_that_fails_is_said_and_keeps_nothing_from_being_done(project: Path) -> None:
    file = project / "settings.py"
    place = around(project, collect=lambda _: "no space left")
    causes = cause(1, commands=["python manage.py collectstatic --noinput"]), cause(2, text=edited(file, b"1", b"9"))
    done = apply(plan(report(*causes), SAFE, place, None), place).outcomes()
    assert fates(done) == [("CW1", "failed"), ("CW2", "applied")]
    assert done[0].reason == "collectstatic failed: no space left"


def test_commands_that_are_not_known_are_printed_and_not_run(project: Path) -> None:
    (row,) = plan(report(cause(1, commands=[f"touch {project}/made"])), SAFE, around(project), None).rows
    assert (row.reason[:11], row.copied) == ("left to you", [f"touch {project}/made"])
    assert not (project / "made").exists()


def test_a_source_of_collectstatic_gets_a_backup_that_is_not_collected(project: Path) -> None:
    file = project / "static" / "a.css"
    file.parent.mkdir()
    file.write_text("url(A.png)\n")
    place = around(project, published=[project / "static"])
    (done,) = apply(plan(report(cause(1, text=edited(file, b"A", b"a"))), SAFE, place, None), place).outcomes()
    assert done.backups == [f"{project}/static/.a.css.clearway-backup"]


# --- web servers


@pytest.fixture
def sites(tmp_path: Path) -> Path:
    folder = tmp_path / "etc" / "sites-available"
    folder.mkdir(parents=True)
    (folder / "shop.conf").write_bytes(b"root /srv;\n")
    return folder


def test_a_server_gets_its_configuration_beside_the_old_one(project: Path, sites: Path) -> None:
    file = sites / "shop.conf"
    server = Server("nginx", "/etc/nginx/nginx.conf", frozenset({file}))
    found = report(cause(1, text=edited(file, b"/srv", b"/var/www")))
    (done,) = apply(plan(found, SAFE, around(project), server), around(project)).outcomes()
    assert file.read_bytes() == b"root /srv;\n"
    assert (sites / "shop.conf.clearway").read_bytes() == b"root /var/www;\n"
    assert (done.status, done.backups) == (Status.APPLIED, [])
    assert list(done.commands) == [
        f"diff -u {file} {file}.clearway",
        f"cp {file}.clearway {file}",
        "nginx -t",
        "systemctl reload nginx",
    ]
    (again,) = plan(found, SAFE, around(project), server).rows
    assert "is written already" in again.reason


def test_it_is_written_beside_the_file_behind_a_link(project: Path, sites: Path) -> None:
    enabled = sites.parent / "sites-enabled"
    enabled.mkdir()
    (enabled / "shop").symlink_to(sites / "shop.conf")
    server = Server("nginx", "", frozenset({sites / "shop.conf"}))
    made = plan(report(cause(1, text=edited(enabled / "shop", b"/srv", b"/var"))), SAFE, around(project), server)
    apply(made, around(project))
    assert [path.name for path in enabled.iterdir()] == ["shop"]
    assert (sites / "shop.conf.clearway").exists()


@pytest.mark.parametrize("line", [b"include {}/*;", b"  import {}/*", b"IncludeOptional {}/shop*", b'include "{}/*";'])
def test_it_is_never_written_where_the_server_takes_it_in(project: Path, sites: Path, line: bytes) -> None:
    main = sites.parent / "main.conf"
    main.write_bytes(line.replace(b"{}", str(sites).encode()) + b"\n")
    server = Server("nginx", str(main), frozenset({sites / "shop.conf", main}))
    made = plan(report(cause(1, text=edited(sites / "shop.conf", b"/srv", b"/var"))), SAFE, around(project), server)
    apply(made, around(project))
    assert [path.name for path in sites.iterdir()] == ["shop.conf"]
    assert (project / "shop.conf.clearway").read_bytes() == b"root /var;\n"
