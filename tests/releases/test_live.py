"""Verify with a site: what a browser would get, compared with the records."""

import shutil
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.build.trees import RECIPE, run
from tests.releases.live_site import Live, serving
from tests.releases.sites import NEW, OLD, at, released

from clearway.catalog.release import Release
from clearway.releases.errors import ReleaseError
from clearway.releases.live import verify_site


@pytest.fixture
def releases(tmp_path: Path) -> list[Release]:
    return released(tmp_path / "static", OLD, NEW)


@pytest.fixture
def live(tmp_path: Path, releases: list[Release]) -> Iterator[Live]:
    with serving(tmp_path / "static") as made:
        yield made


def found(live: Live, root: Path) -> list[tuple[str, str]]:
    static = f"{live.url}/static/"
    return [(each.file.removeprefix(static), each.problem) for each in verify_site(at(root), live.url).differences]


def test_a_healthy_site(live: Live, tmp_path: Path, releases: list[Release]) -> None:
    assert found(live, tmp_path / "static") == []
    names = {asset.name for release in releases for asset in release.assets.values()}
    asked = [name for name in live.asked if not name.startswith("clearway-verify")]
    assert sorted(asked) == sorted(names)  # each once, those of before too


def test_a_release_without_files_has_a_site_as_well(live: Live, tmp_path: Path) -> None:
    released(tmp_path / "empty", {})
    assert found(live, tmp_path / "empty") == []


def test_each_difference_is_named(live: Live, tmp_path: Path, releases: list[Release]) -> None:
    assets = releases[0].assets
    missing, moved, other, short = (
        assets[name].name for name in ("LICENSE", "font/f.eot", "css/base.css", "css/site.css")
    )
    live.status |= {missing: 404, moved: 302}
    live.fields |= {moved: {"Location": "/login"}, short: {"Cache-Control": "max-age=60"}}
    live.bodies[other] = b"a{}"
    assert dict(found(live, tmp_path / "static")) == {
        missing: "is answered with 404",
        moved: "is answered with 302 to /login",
        other: "has other contents (in br)",
        short: "never changes, and browsers ask for it again: Cache-Control is max-age=60",
    }


def test_an_encoding_that_caches_do_not_know_of(live: Live, tmp_path: Path, releases: list[Release]) -> None:
    name = releases[1].assets["js/added.js"].name
    live.fields[name] = {"Vary": ""}
    assert found(live, tmp_path / "static") == [(name, "is encoded (br), and its Vary does not say Accept-Encoding")]


def test_a_404_that_is_kept(live: Live, tmp_path: Path) -> None:
    live.fields["*"] = {"Cache-Control": "public, max-age=600"}
    problems = [text for name, text in found(live, tmp_path / "static") if name.startswith("clearway-verify")]
    assert problems == ["is a 404 that is kept for 600 s"]


def test_a_404_that_a_cache_keeps_although_it_may_not(live: Live, tmp_path: Path) -> None:
    live.hits = True
    problems = [text for name, text in found(live, tmp_path / "static") if name.startswith("clearway-verify")]
    assert problems == ["is a 404 that a cache keeps"]


@pytest.mark.parametrize(
    ("readable", "problem"),
    [
        ("always", None),
        ("asked", "has Access-Control-Allow-Origin: * only when an Origin is sent: a cache may keep it without"),
        (
            "never",
            "has no Access-Control-Allow-Origin for https://shop.example: no font or module from here works there",
        ),
    ],
)
def test_files_on_a_host_of_their_own_may_be_read_by_pages(tmp_path: Path, readable: str, problem: str | None) -> None:
    """The host of STATIC_URL is asked, whatever the address of the site."""
    root = tmp_path / "static"
    with serving(root) as live:
        static_url = f"{live.url}/static/"
        run(root, NEW, replace(RECIPE, static_url=static_url))
        live.readable = readable
        problems = verify_site(at(root), "https://shop.example").differences
    assert {each.problem for each in problems} == ({problem} if problem else set())
    assert all(each.file.startswith(static_url) for each in problems)
    assert len(problems) == (3 if problem else 0)  # a sample


def test_a_path_of_the_site_needs_no_leave(live: Live, tmp_path: Path, releases: list[Release]) -> None:
    live.readable = "never"
    assert found(live, tmp_path / "static") == []


def test_a_site_that_answers_everything(tmp_path: Path, releases: list[Release]) -> None:
    with serving(tmp_path / "static", prefix="/") as live:
        problems = [each.problem for each in verify_site(at(tmp_path / "static"), live.url).differences]
    assert set(problems) == {"is answered with 404"}


def test_a_site_that_does_not_answer(tmp_path: Path, releases: list[Release]) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # bound and not listening: connections are refused
        with pytest.raises(ReleaseError, match="does not answer"):
            verify_site(at(tmp_path / "static"), f"http://127.0.0.1:{held.getsockname()[1]}")


@pytest.mark.parametrize("url", ["ftp://shop.example", "http://", "file:///etc"])
def test_what_is_no_site(tmp_path: Path, releases: list[Release], url: str) -> None:
    with pytest.raises(ReleaseError, match="is not the http"):
        verify_site(at(tmp_path / "static"), url)


def test_without_releases_there_is_nothing_to_compare(tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "static", ignore_errors=True)
    with pytest.raises(ReleaseError, match="run collectstatic"):
        verify_site(at(tmp_path / "static"), "http://127.0.0.1:1")
