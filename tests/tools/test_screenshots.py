"""The pictures of the documentation: a terminal as a drawing whose text stays text, and files that are small."""

from xml.etree import ElementTree as ET

import pytest
from tools.screenshots import PICTURES, terminal

SVG = "{http://www.w3.org/2000/svg}"


def rows(drawing: str) -> list[str]:
    return ["".join(text.itertext()) for text in ET.fromstring(drawing).iter(f"{SVG}text")]


def test_text_stays_text_and_empty_rows_take_their_room() -> None:
    drawing = terminal("  <a> & b\n\nc\n")
    assert rows(drawing) == ["  <a> & b", "c"]
    places = [int(text.attrib["y"]) for text in ET.fromstring(drawing).iter(f"{SVG}text")]
    assert places[1] - places[0] == 36


def test_colours_become_classes_and_end() -> None:
    drawing = terminal("\033[31merror\033[0m what \033[2mquiet\033[0m")
    spans = [(span.attrib["class"], span.text) for span in ET.fromstring(drawing).iter(f"{SVG}tspan")]
    assert spans == [("wrong", "error"), ("quiet", "quiet")]
    assert rows(drawing) == ["error what quiet"]


@pytest.mark.parametrize("name", ["doctor-colour.svg", "doctor-plain.svg", "doctor-desktop.png", "doctor-phone.png"])
def test_the_pictures_are_there_and_small(name: str) -> None:
    assert 1_000 < (PICTURES / name).stat().st_size < 100_000


def test_colour_adds_and_takes_away_nothing() -> None:
    colour, plain = ((PICTURES / f"doctor-{name}.svg").read_text("utf-8") for name in ("colour", "plain"))
    assert rows(colour) == rows(plain)
    assert max(map(len, rows(plain))) <= 82  # a line of a patch is never broken
