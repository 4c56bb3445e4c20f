"""Dockerfiles: what runs, and where the files of the project are."""

import pytest

from clearway.doctor.deployed.dockerfile import Dockerfile, assignments, parse


def read(text: str) -> Dockerfile:
    made = parse("Dockerfile", text)
    assert made
    return made


@pytest.mark.parametrize(
    ("text", "inside", "place"),
    [
        ("FROM x\nWORKDIR /app\nCOPY . .\n", "static", "/app/static"),
        ("FROM x\nWORKDIR /app\nCOPY . /code/\n", "static", "/code/static"),
        ("FROM x\nWORKDIR /srv\nWORKDIR app\nCOPY . ./\n", "a/b", "/srv/app/a/b"),
        (
            "FROM x\nENV HOME_DIR=/home/app\nWORKDIR $HOME_DIR\nCOPY --chown=a:b . ${HOME_DIR}/web\n",
            "s",
            "/home/app/web/s",
        ),
        ("ARG A=/opt\nFROM x\nWORKDIR ${A}\nADD ./ .\n", "s", "/opt/s"),
        ("FROM x\nWORKDIR ${A:-/opt}\nCOPY . .\n", "s", "/opt/s"),
        ('FROM x\nWORKDIR "/app"\nCOPY ["src", "/app/"]\n', "src/static", "/app/static"),
        ("FROM x\nWORKDIR /app\nCOPY manage.py shop /app/\n", "other", "/app/other"),
        ("FROM x AS base\nWORKDIR /base\nFROM base\nCOPY . .\n", "s", "/base/s"),
        ("FROM x AS a\nWORKDIR /a\nCOPY . .\nFROM y\nWORKDIR /b\nCOPY . .\n", "s", "/b/s"),
    ],
)
def test_a_file_of_the_project_has_a_place_in_the_image(text: str, inside: str, place: str) -> None:
    assert read(text).place(inside) == place


def test_stages_are_reached_by_their_name_and_by_what_is_copied() -> None:
    text = (
        "FROM a AS one\nRUN 1\nFROM b AS two\nRUN 2\nFROM c AS three\nRUN 3\n"
        "FROM one\nCOPY --from=two /x /x\nCOPY --from=image:tag /y /y\nRUN 4\n"
    )
    steps = [each.text for stage in read(text).reached for each in stage.instructions if each.name == "RUN"]
    assert sorted(steps) == ["1", "2", "4"]


def test_a_stage_is_copied_from_by_its_number() -> None:
    assert [stage.base for stage in read("FROM a\nFROM b\nCOPY --from=0 /x /x\n").reached] == ["b", "a"]


def test_lines_go_on_without_their_comments() -> None:
    [stage] = read("FROM x\nRUN a \\\n  # why\n  b \\\n\n  c\nrun d\n").stages
    assert [each.text.split() for each in stage.instructions] == [["a", "b", "c"], ["d"]]
    assert [each.line for each in stage.instructions] == [2, 7]


def test_the_last_command_counts() -> None:
    image = read('FROM x\nCMD a\nENTRYPOINT ["sh", "-c", "b && c"]\nCMD d\n')
    assert [each.command for each in image.started()] == ["sh -c b && c", "d"]


@pytest.mark.parametrize("text", ["", "# FROM x\n", "RUN a\n"])
def test_a_file_without_a_stage_is_none(text: str) -> None:
    assert parse("Dockerfile", text) is None


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("A=b C='d e' F=\"g h\"", {"A": "b", "C": "d e", "F": "g h"}),
        ("A b c", {"A": "b c"}),
        ("A=b", {"A": "b"}),
    ],
)
def test_both_forms_of_variables(text: str, made: dict[str, str]) -> None:
    assert assignments(text) == made
    assert read(f"FROM x\nENV {text}\n").environment() == made
