"""Projects of others under the doctor: installed, configured as they say, and judged truly."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from tools.real_projects import Home, installer, problems
from tools.real_projects_table import PROJECTS, QUICK

pytestmark = [pytest.mark.system, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def examined(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, "Future[Sequence[str]]"]]:
    """What is wrong with the doctor in each, two at a time."""
    folder = tmp_path_factory.mktemp("projects")
    uv, python = installer()

    def examine(name: str) -> Sequence[str]:
        home = Home(folder / name, PROJECTS[name])
        home.make(uv, python)
        return list(problems(home))

    with ThreadPoolExecutor(2) as pool:
        yield {name: pool.submit(examine, name) for name in QUICK}
        pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize("name", QUICK)
def test_the_doctor_says_what_is_true(name: str, examined: dict[str, "Future[Sequence[str]]"]) -> None:
    assert examined[name].result() == []


def test_there_are_ten_and_the_templates() -> None:
    assert len(PROJECTS) >= 14
    assert {"django", "wagtail", "cookiecutter", "django-cms"} <= set(QUICK) <= set(PROJECTS)
    assert len(QUICK) >= 10


def test_true_findings_are_reasoned() -> None:
    assert all(reason for project in PROJECTS.values() for reason in project.true.values())
