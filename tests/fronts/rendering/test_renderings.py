"""The forms of a road: text of 80 columns, pictures that stand alone."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from clearway.fronts.rendering.data import data
from clearway.fronts.rendering.html import html
from clearway.fronts.rendering.measure import wrapped
from clearway.fronts.rendering.svg import svg
from clearway.fronts.rendering.text import lines
from clearway.fronts.road import Location, Outcome, Road, Step
from clearway.fronts.trace import Trace, exit_code

RIGHT = (
    Step("settings", "STATIC_URL /static/", Location("/srv/shop/settings.py", 41)),
    Step("nginx", "server shop.example", Location("/etc/nginx/sites-enabled/shop", 12)),
    Step("nginx", "location /static/ " + "and many more words " * 6, Location("/etc/nginx/sites-enabled/shop", 20)),
)
WRONG = (Step("file", "/srv/<&>.css does not exist", ok=False), Step("permission", "nobody asks", ok=False))
GOOD = Trace(
    "https://shop.example/a.css", Road(RIGHT, Outcome("nginx", 200, "/srv/a.css", None, "text/css", {"vary": "x"}))
)
BAD = Trace("https://shop.example/<&>.css", Road(RIGHT + WRONG, Outcome("nginx", 404, type="text/html")))
UNKNOWN = Trace("http://x/", Road(RIGHT, Outcome("nginx", unknown="Lua decides")))
FAILED = Trace.failed("nonsense", "url", "not a URL")
ALL = [GOOD, BAD, UNKNOWN, FAILED]


def plain(text: str, style: str) -> str:
    return text


def test_text_fits_a_terminal_and_marks_the_first_wrong_step_alone() -> None:
    told = lines(ALL, plain)
    assert max(map(len, told)) <= 80
    bad = lines([BAD], plain)
    assert [line for line in bad if line.startswith("×")] == ["× file        /srv/<&>.css does not exist"]
    assert "404 from nginx" in "\n".join(bad)
    assert not any(line.startswith("×") for line in lines([GOOD, UNKNOWN], plain))


def test_control_characters_reach_neither_a_terminal_nor_a_picture() -> None:
    step = Step("file", "/srv/\x1b[31m\x00\udcff\u202e\u2066.css", Location("/etc/\x07", 1))
    trace = Trace("http://x/\x1b", Road((step,), Outcome("nginx", 200, "/srv/\x1b", headers={"x": "\x9b"})))
    for told in ("".join(lines([trace], plain)), svg([trace]).replace("\n", ""), html([trace]).replace("\n", "")):
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]", told)
    ET.fromstring(svg([trace]))


def test_colours_are_only_added() -> None:
    painted = "\n".join(lines(ALL, lambda text, style: f"\033[1m{text}\033[0m"))
    assert re.sub(r"\033\[\dm", "", painted) == "\n".join(lines(ALL, plain))


@pytest.mark.parametrize(
    ("traces", "code"), [([GOOD], 0), ([UNKNOWN], 0), ([GOOD, BAD], 1), ([GOOD, FAILED], 1), ([FAILED], 2), ([], 0)]
)
def test_exit_codes(traces: list[Trace], code: int) -> None:
    assert exit_code(traces) == code


def test_data_has_the_keys_of_the_contract() -> None:
    told = data(BAD)
    assert list(told) == ["url", "steps", "outcome"]
    assert told["steps"][0] == {
        "layer": "settings",
        "decision": "STATIC_URL /static/",
        "location": {"file": "/srv/shop/settings.py", "line": 41},
        "ok": True,
    }
    assert told["steps"][3]["location"] is None
    assert list(told["outcome"]) == ["by", "status", "file", "upstream", "type", "headers", "unknown"]
    assert data(FAILED)["outcome"]["by"] is None


def test_the_picture_is_one_file_without_scripts() -> None:
    for page in (svg(ALL), html(ALL)):
        assert "<script" not in page
        assert not re.search(r"(?:href|src)=(?!\"data:,\")|@import|url\(", page)
        assert "prefers-color-scheme:dark" in page
        assert "&lt;&amp;&gt;" in page


def test_the_svg_is_xml_whose_text_lies_inside() -> None:
    root = ET.fromstring(svg(ALL))
    height = float(root.attrib["height"])
    places = [float(text.attrib["y"]) for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert max(places) < height
    told = " ".join("".join(text.itertext()) for text in root.iter("{http://www.w3.org/2000/svg}text"))
    assert "does not exist" in told
    assert "404 from nginx" in told


def test_only_the_wrong_stretch_is_marked_as_wrong() -> None:
    assert 'class="wrong"' not in svg([GOOD])
    assert svg([BAD]).count('<path d="M30') > 3
    assert len(re.findall(r'<path [^>]*class="wrong"', svg([BAD]))) == 1
    assert html([BAD]).count('class="wrong ') == 2  # the station and the end


@pytest.mark.parametrize("text", ["", "a" * 500, "/srv/" + "long-name/" * 40, "words " * 60, "漢" * 90])
def test_no_line_is_wider_than_its_room(text: str) -> None:
    found = wrapped(text, 300, 14)
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(len(line) * 14 * 0.34 <= 300 for line in found)


def test_paths_are_told_from_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    step = Step("settings", "here", Location(str(tmp_path / "shop" / "settings.py"), 3))
    assert "  settings  here  shop/settings.py:3" in lines(
        [Trace("http://x/", Road((step,), Outcome("nginx", 200)))], plain
    )
