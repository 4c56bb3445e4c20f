"""`clearway compress`: variants beside the files of a directory."""

import gzip
import json
import os
from pathlib import Path

import pytest
from tests.build.trees import contents, identities
from tests.helpers.released import write

from clearway.cli import main

FILES = {
    "css/site.css": b"h1{color:navy}" * 40,
    "css/base.css": b"a{color:teal}" * 40,
    "img/logo.svg": b"<svg/>" * 60,
    "js/app.js": b"let a = 1;" * 40,
    "js/lib.js": b"export const b = 2;" * 40,
    "font.woff2": bytes(range(256)) * 4,
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the command is typed: `static` has files."""
    write(tmp_path / "static", FILES)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_compress_writes_variants_beside_the_files(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compress", "static", "--format=json"]) == 0
    data = json.loads(capsys.readouterr().out)
    made = contents(folder / "static")
    assert {name: made[name] for name in FILES} == FILES
    wanted = {name + suffix for name in FILES if name != "font.woff2" for suffix in (".br", ".gz", ".zst")}
    assert set(made) == {*FILES, *wanted}
    assert data["written"] == sorted(wanted)
    assert gzip.decompress(made["css/base.css.gz"]) == FILES["css/base.css"]
    before = identities(folder / "static")
    assert main(["compress", "static"]) == 0
    assert "0 files written, 15 there already." in capsys.readouterr().out
    assert identities(folder / "static") == before


def test_compress_follows_what_became_of_a_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["compress", "static"])
    write(folder / "static", {"js/app.js": b"let other;" * 40, "js/lib.js": b"tiny"})
    os.utime(folder / "static/css/base.css", (2e9, 2e9))
    capsys.readouterr()
    assert main(["compress", "static"]) == 0
    assert "3 files written, 9 there already, 3 stale files removed." in capsys.readouterr().out
    assert gzip.decompress((folder / "static/js/app.js.gz").read_bytes()) == b"let other;" * 40
    assert not list((folder / "static/js").glob("lib.js.*"))
    assert (folder / "static/css/base.css.br").stat().st_mtime >= 2e9


def test_compress_has_the_options_of_its_predecessor(folder: Path) -> None:
    (folder / "static/css/base.css").chmod(0o600)
    assert main(["compress", "static", "--encodings", "br", "--skip", "*.svg", "--ignore", "js"]) == 0
    made = set(contents(folder / "static")) - set(FILES)
    assert made == {"css/base.css.br", "css/site.css.br"}
    assert (folder / "static/css/base.css.br").stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.name != "posix", reason="only on systems with symbolic links for everybody")
def test_compress_writes_nothing_outside(folder: Path) -> None:
    write(folder / "elsewhere", {"a.css": b"a{}" * 100})
    (folder / "static/linked").symlink_to(folder / "elsewhere")
    assert main(["compress", "static"]) == 0
    assert contents(folder / "elsewhere") == {"a.css": b"a{}" * 100}


def test_compress_refuses_releases_and_files(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "static", "--out", "public", "--levels", "fast"]) == 0
    before = identities(folder)
    for given, says in (("public", "holds releases"), ("none", "not there"), ("static/font.woff2", "is a file")):
        assert main(["compress", given]) == 2
        assert says in capsys.readouterr().err
    assert identities(folder) == before
