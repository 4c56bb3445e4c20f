"""A web server that looks elsewhere."""

from pathlib import Path

from tests.doctor.fake_facts import collected
from tests.doctor.sights import DJANGO_404, NGINX_404, PAGE, answer, asset, error, live, seen_by

from clearway.doctor.facts import Tree


def test_the_404_of_the_server_while_pages_are_the_applications() -> None:
    sight = live(asset("/static/a.css", error(NGINX_404)), asset("/static/b.js", error(NGINX_404)), pages=(PAGE,))
    (found,) = seen_by("live-wrong-directory", sight)
    assert found.message.startswith("2 files: ")
    assert "(nginx answered)" in found.evidence[0]


def test_another_file_than_the_collected_one_of_this_machine(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_bytes(b"new")
    older = asset("/static/a.css", answer(200, b"old", "text/css", is_here=True))
    (found,) = seen_by("live-wrong-directory", live(older), collected=collected(tmp_path, ["a.css"]))
    assert any("3 octets" in row for row in found.evidence)


def test_silence_where_others_arrive_and_on_the_404_of_the_application() -> None:
    assert seen_by("live-wrong-directory", live(asset("/static/a.css", error(NGINX_404)), asset("/static/b.css"))) == []
    assert seen_by("live-wrong-directory", live(asset("/static/a.css", error(DJANGO_404)))) == []


def test_silence_where_a_container_may_have_files_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_bytes(b"new")
    sight = live(asset("/static/a.css", answer(200, b"old", "text/css", is_here=True)))
    tree = Tree("/srv", {"docker-compose.yml": ""})
    assert seen_by("live-wrong-directory", sight, collected=collected(tmp_path, ["a.css"]), tree=tree) == []
    debug = {"settings": {"DEBUG": True}}
    assert seen_by("live-wrong-directory", sight, collected=collected(tmp_path, ["a.css"]), **debug) == []


def test_silence_on_another_machine_with_other_files(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_bytes(b"new")
    sight = live(asset("/static/a.css", answer(200, b"old", "text/css")))
    assert seen_by("live-wrong-directory", sight, collected=collected(tmp_path, ["a.css"])) == []
