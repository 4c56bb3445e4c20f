"""Another name in the lines that have it, and nowhere else."""

from pathlib import Path

import pytest

from clearway.doctor.facts import Use
from clearway.doctor.template_edit import renamed
from clearway.editing.patch import edits
from clearway.fronts.road import Location

LINES = [
    (b"{% static 'a/logo.png' %}", b"{% static 'a/Logo.PNG' %}"),
    (b'<img src="/static/a/logo.png?v=1">', b'<img src="/static/a/Logo.PNG?v=1">'),
    (b"b { background: url(../a/logo.png) }", b"b { background: url(../a/Logo.PNG) }"),
    (b"b { background: url(logo.png) }", b"b { background: url(Logo.PNG) }"),
    (b"url(x/a/logo.png) url(y/a/logo.png)", None),
    (b"{% static 'my-a/mylogo.png' %}", None),
    (b"nothing", None),
]


@pytest.mark.parametrize(("before", "after"), LINES)
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b""])
def test_a_name_in_other_letters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: bytes, after: bytes | None, end: bytes
) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "page.html"
    file.write_bytes(b"first a/logo.png\n" + before + end)
    text = renamed([(Use("a/logo.png", Location(str(file), 2)), "a/Logo.PNG")])
    if after is None:
        assert text == ""
    else:
        (edit,) = edits(text, tmp_path)
        assert edit.after == b"first a/logo.png\n" + after + end


def test_all_uses_of_a_file_are_one_diff(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "page.html"
    file.write_text("{% static 'a.png' %}\n{% static 'b.png' %}\n")
    uses = [(Use(f"{name}.png", Location(str(file), line)), f"{name}.PNG") for line, name in ((1, "a"), (2, "b"))]
    text = renamed(uses)
    assert text.count("--- ") == 1
    assert edits(text, tmp_path)[0].after == b"{% static 'a.PNG' %}\n{% static 'b.PNG' %}\n"


def test_a_directory_in_other_letters_is_no_end_of_a_name(tmp_path: Path) -> None:
    file = tmp_path / "a.css"
    file.write_text("url(logo.png)\n")
    assert renamed([(Use("Img/logo.png", Location(str(file), 1)), "img/logo.png")]) == ""
