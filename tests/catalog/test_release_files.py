"""The names of releases as a layer: headers from the index, no disk, and what is there after an edit."""

import os
from dataclasses import replace
from pathlib import Path
from wsgiref.headers import Headers

import pytest

from clearway.catalog.history import Entry, History
from clearway.catalog.index import Index, encode
from clearway.catalog.release import Release
from clearway.catalog.release_files import ReleaseFiles
from clearway.http.header_rules import HeaderRules
from clearway.http.resource import Resource

from .samples import URL, digest_tag, hashed, headers_of, plant, publish, release, tag_of

SOURCES = {"d/a.css": b"body { }" * 100, "b.png": b"png"}
A = hashed("d/a.css", SOURCES["d/a.css"])


def layer(root: Path, made: Release, rules: HeaderRules | None = None) -> ReleaseFiles:
    history = History({made.id: Entry(1_700_000_000)})
    index = Index(encode(made, [], history.origins([made])), history=history)
    return ReleaseFiles(index, os.fspath(root), rules or HeaderRules(), URL)


def test_everything_is_known_without_a_disk() -> None:
    made = layer(Path("/nowhere"), release(SOURCES))
    for name, age in ((A, "public, max-age=31536000, immutable"), ("d/a.css", "max-age=60, public")):
        found = made.find_in_memory(name)
        assert headers_of(found) == {
            "Content-Type": "text/css; charset=utf-8",
            "Content-Length": "800",
            "ETag": digest_tag(SOURCES["d/a.css"]),
            "Last-Modified": "Tue, 14 Nov 2023 22:13:20 GMT",
            "Cache-Control": age,
            "Vary": "Accept-Encoding",
            "Accept-Ranges": "bytes",
            "X-Content-Type-Options": "nosniff",
            "Access-Control-Allow-Origin": "*",
        }
        assert isinstance(found, Resource)
        assert [(each.coding, each.file.path) for each in found.representations] == [
            ("gzip", f"/nowhere/{A}.gz"),
            ("identity", f"/nowhere/{A}"),
        ]


def test_a_resource_is_made_once_and_a_miss_is_not_kept() -> None:
    made = layer(Path("/nowhere"), release(SOURCES))
    assert made.find(A) is made.find_in_memory(A) is made.find(A)
    for name in ("", "d", "d/", "d/a.css/", f"{A}.gz", "../d/a.css", "D/A.CSS", "d/a.css\0", "\udcff"):
        assert made.find(name) is made.find_in_memory(name) is made.reread(name) is None


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "a//b", "a\\b", "", ".", "x\0"])
def test_a_published_name_that_leads_elsewhere_is_a_miss(tmp_path: Path, name: str) -> None:
    plant(tmp_path, {"secret": b"s"})
    one = release({"a.css": b"a"})
    odd = replace(one, assets={"a.css": replace(one.assets["a.css"], name=name)})
    made = layer(tmp_path / "root", odd)
    assert made.find("a.css") is made.find(name) is made.reread("a.css") is None


def test_an_edited_file_is_answered_as_it_is_and_not_for_ever(tmp_path: Path) -> None:
    made = layer(tmp_path, publish(tmp_path, SOURCES))
    plant(tmp_path, {A: b"edited"})
    for name in (A, "d/a.css"):
        found = made.reread(name)
        assert tag_of(found) == digest_tag(b"edited")
        assert headers_of(found)["Cache-Control"] == "max-age=60, public"
        assert isinstance(found, Resource)
        assert [each.coding for each in found.representations] == ["identity"]


@pytest.mark.parametrize("instead", ["gone", "link", "fifo"])
def test_what_took_a_files_place_is_not_read(tmp_path: Path, instead: str) -> None:
    made = layer(tmp_path / "root", publish(tmp_path / "root", SOURCES))
    plant(tmp_path, {"secret": b"s"})
    path = tmp_path / "root" / A
    path.unlink()
    if instead == "link":
        path.symlink_to(tmp_path / "secret")
    elif instead == "fifo":
        os.mkfifo(path)
    assert made.reread(A) is None


def test_the_function_of_the_project_is_told_the_published_file() -> None:
    seen = []

    def add(headers: Headers, path: str, url: str) -> None:
        seen.append((path, url))

    made = release({"a.css": b"a"})
    one = made.assets["a.css"]
    every = dict.fromkeys(("gzip", "br", "zstd"), one.variants["gzip"])
    layer(Path("/r"), replace(made, assets={"a.css": replace(one, variants=every)}), HeaderRules(add_headers=add)).find(
        "a.css"
    )
    assert seen == [(f"/r/{one.name}", "/static/a.css")]
