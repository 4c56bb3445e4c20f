"""`clearway release` with a real gunicorn: what is live afterwards, whatever happens on the way."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from tests.system.release_site import Project, new_project, style_sheet
from tests.system.servers import running

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(os.name != "posix", reason="only on POSIX: gunicorn and its signals"),
]
STEPS = ["check", "collect", "trial", "files", "reload", "ready", "verify"]
FAULTY = """
from django.urls import path
def home(request):
    raise LookupError("the shop is closed")
urlpatterns = [path("", home)]
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return new_project(tmp_path)


@pytest.fixture
def site(project: Project) -> Iterator[str]:
    with project.serving() as url:
        project.routine(url=url)
        yield url


def change(project: Project, colour: str = "blue") -> None:
    project.write("assets/site.css", f"h1{{color:{colour}}}")


def test_a_good_release_is_live_as_it_was_planned_and_the_next_finds_nothing_new(project: Project, site: str) -> None:
    old, name = project.current, style_sheet(site)
    change(project)
    planned = project.release("--dry-run")
    assert (planned.code, project.current) == (0, old)
    assert [each["name"] for each in planned.data["plan"]] == STEPS
    done = project.release()
    assert planned.data["release"] == done.data["release"]
    assert done.code == 0, done.said
    assert done.steps("done") == STEPS
    assert (done.data["previous"], done.data["release"]) == (old, project.current)
    assert done.data["rolled_back"] is None
    assert project.current != old
    assert style_sheet(site) != name
    assert not project.is_unfinished
    again = project.release()
    assert again.code == 0
    assert again.data["release"] == again.data["previous"] == done.data["release"]


@pytest.mark.parametrize(
    ("name", "text", "step", "id_"),
    [
        ("assets/site.css", "h1{background:url(gone.png)}", "collect", "CW201"),
        ("application.py", "import gone", "check", "CW304"),
        ("templates/home.html", '{% load static %}{% static "gone.css" %}', "check", "CW235"),
        ("urls.py", FAULTY, "trial", "CW403"),
        ("settings.py", "1 / 0", "check", "CW110"),
    ],
)
def test_a_bad_one_is_refused_by_its_id_and_nothing_is_reloaded(
    project: Project, site: str, name: str, text: str, step: str, id_: str
) -> None:
    old, sheet = project.current, style_sheet(site)
    change(project)
    pid = (project.folder / "gunicorn.pid").read_text()
    project.write(name, text)
    done = project.release()
    assert done.code == 1, done.said
    assert done.data["failed"] == step
    assert done.data["causes"][0]["id"] == id_
    assert project.current == old
    assert style_sheet(site) == sheet
    assert "Handling signal: hup" not in (project.folder / "log").read_text()
    assert (project.folder / "gunicorn.pid").read_text() == pid


def test_what_fails_after_the_reload_is_taken_back_everywhere(project: Project, site: str) -> None:
    target = ("--target", "cdn")
    assert project.release(*target).code == 0
    old, sheet = project.current, style_sheet(site)
    assert project.published == old
    change(project)
    project.routine(
        url=site,
        hooks={
            "before_publish": {"run": "echo $CLEARWAY_STEP > ran", "undo": "echo undone >> ran"},
            "after_ready": {"smoke": "echo the cart is empty; false"},
        },
    )
    done = project.release(*target)
    assert done.code == 1
    assert done.data["failed"] == "after_ready smoke"
    assert done.data["steps"][-1]["status"] == "done", done.said
    assert "the cart is empty" in done.said
    assert done.data["rolled_back"] is True
    assert done.steps("undone") == ["publish", "before_publish", "collect"]
    assert (project.current, project.published) == (old, old)
    assert style_sheet(site) == sheet
    assert (project.folder / "ran").read_text().split() == ["before_publish", "undone"]


def test_a_file_that_is_lost_on_the_way_is_seen(project: Project, site: str) -> None:
    old = project.current
    change(project)
    project.routine(url=site, hooks={"after_ready": "rm static/site.*.css"})
    done = project.release()
    assert (done.code, done.data["failed"]) == (1, "verify")
    assert done.data["rolled_back"] is False  # the file of the old one is gone as well
    assert project.is_unfinished
    assert done.data["previous"] == old


def test_a_site_that_is_not_ready_in_time_is_rolled_back(project: Project, site: str) -> None:
    old = project.current
    change(project)
    project.routine(url=site, ready="/health/", timeout=6, steady=0.2)
    done = project.release()
    assert (done.code, done.data["failed"]) == (1, "ready")
    assert "/health/ is answered with 404" in done.data["error"]
    assert project.current == old
    assert done.data["rolled_back"] is False  # it was not ready before, either


def test_a_run_that_was_killed_is_finished_by_the_next(project: Project, site: str) -> None:
    old, sheet = project.current, style_sheet(site)
    change(project)
    project.routine(url=site, hooks={"after_collect": "kill -9 $PPID"})
    assert project.release().code == -signal.SIGKILL
    assert project.is_unfinished
    project.routine(url=site)
    finished = project.release()
    assert finished.code == 0, finished.said
    assert "interrupted" in finished.said
    assert finished.data["resumed"]
    assert finished.data["previous"] == old
    assert style_sheet(site) != sheet
    assert not project.is_unfinished


def test_a_run_that_was_killed_is_rolled_back_when_it_is_asked_for(project: Project, site: str) -> None:
    old, sheet = project.current, style_sheet(site)
    change(project)
    project.routine(url=site, hooks={"after_reload": "kill -9 $PPID"})
    assert project.release().code == -signal.SIGKILL
    project.routine(url=site)
    assert project.release("--abort").code == 0
    assert (project.current, style_sheet(site)) == (old, sheet)
    assert not project.is_unfinished


def test_one_that_was_killed_is_not_taken_for_finished_without_its_target_and_its_reload(
    project: Project, site: str
) -> None:
    target = ("--target", "cdn")
    assert project.release(*target).code == 0
    old, sheet = project.current, style_sheet(site)
    change(project)
    project.routine(url=site, hooks={"after_reload": "kill -9 $PPID"})
    assert project.release(*target).code == -signal.SIGKILL
    project.write("release.json", "{}")
    for words, said in ((["--abort"], "--target"), ([], "--target"), (["--abort", *target], "--reload")):
        refused = project.release(*words)
        assert refused.code == 2
        assert f"give its {said} again" in refused.said
    project.routine(url=site)
    assert project.release("--abort", *target).code == 0
    assert (project.current, project.published, style_sheet(site)) == (old, old, sheet)


def test_what_somebody_else_released_after_one_was_killed_stays(project: Project, site: str) -> None:
    change(project)
    project.routine(url=site, hooks={"after_collect": "kill -9 $PPID"})
    assert project.release().code == -signal.SIGKILL
    change(project, "green")
    project.collect()
    theirs = project.current
    change(project, "black")
    project.routine(url=site, hooks={"after_reload": "false"})
    done = project.release()
    assert f"{theirs} became current since" in done.said
    assert (done.code, done.data["rolled_back"], done.data["previous"]) == (1, True, theirs)
    assert project.current == theirs
    assert not project.is_unfinished


def test_a_release_is_tried_by_its_own_names_where_processes_have_those_of_a_url(project: Project) -> None:
    """The page names a file that the store does not have before it is published."""
    project.write("assets/css/old.css", "h2{color:red}")
    project.collect()
    assert project.run("publish", "cdn", "--apply").returncode == 0
    words = [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", "{port}"]
    with running(
        words, cwd=project.folder / "cdn", environ=project.environ(), log=project.folder / "store.log"
    ) as store:
        settings = (project.folder / "settings.py").read_text("utf-8")
        project.write("settings.py", f'{settings}CLEARWAY["records"] = "{store.url}"\n')
        with project.serving() as url:
            project.routine(url=url)
            project.write("assets/css/new.css", "h2{color:blue}")
            project.write("templates/home.html", "{% load static %}<link rel=icon href=\"{% static 'css/new.css' %}\">")
            done = project.release("--target", "cdn")
            assert done.code == 0, done.said
            assert done.data["release"] == project.published
            with urlopen(url) as page:
                assert re.search(rb"/static/css/new\.[0-9a-f]{12}\.css", page.read())


def test_a_signal_rolls_back(project: Project, site: str) -> None:
    old, sheet = project.current, style_sheet(site)
    change(project)
    project.routine(url=site, hooks={"after_reload": "kill -TERM $PPID; sleep 30"})
    done = project.release()
    assert done.code == 1
    assert "stopped by SIGTERM" in done.data["error"]
    assert done.data["rolled_back"] is True
    assert (project.current, style_sheet(site)) == (old, sheet)


def test_one_at_a_time(project: Project, site: str) -> None:
    project.routine(url=site, hooks={"before_check": "touch begun; until [ -e over ]; do sleep 0.1; done"})
    line = [sys.executable, "-c", "from clearway.cli import main; raise SystemExit(main(['release', '-v0']))"]
    with subprocess.Popen(line, cwd=project.folder, env=project.environ(), stdout=subprocess.DEVNULL) as first:
        while not (project.folder / "begun").exists():
            assert first.poll() is None
        second = project.release()
        project.write("over", "")
        assert second.code == 2
        assert f"process {first.pid}" in second.said
        assert first.wait(60) == 0


def test_the_first_release_of_all(tmp_path: Path) -> None:
    """Nothing is there before it, and nobody is reloaded."""
    project = new_project(tmp_path)
    subprocess.run(["rm", "-r", str(tmp_path / "static")], check=True)
    project.write("release.json", "{}")
    done = project.release()
    assert done.code == 0, done.said
    assert done.steps("done") == ["check", "collect", "verify"]
    assert done.data["previous"] is None
    assert project.run("release", "--abort").returncode == 2
