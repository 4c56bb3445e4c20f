"""The files of a deployment, from its description."""

import json
from dataclasses import replace

import pytest

from clearway.init.deploy import WRITERS
from clearway.init.deploy.site import Deployed, in_image, needed_variables, safe_name

PLAIN = Deployed(
    name="shop",
    settings="shop.settings",
    application="shop.wsgi",
    is_async=False,
    folder="",
    static_root="static_root",
    media_root="",
    requirements="requirements.txt",
    python="3.13",
)
NESTED = replace(
    PLAIN,
    application="shop.asgi",
    is_async=True,
    folder="backend",
    static_root="/var/lib/shop/static",
    media_root="backend/media",
    requirements="",
    variables=("SECRET", "DATABASE_URL"),
)


def text(name: str, site: Deployed, file: str) -> str:
    return WRITERS[name](site)[file]


@pytest.mark.parametrize("site", [PLAIN, NESTED])
@pytest.mark.parametrize("name", WRITERS)
def test_every_file_is_text_with_no_hole_left(name: str, site: Deployed) -> None:
    for path, written in WRITERS[name](site).items():
        assert not path.startswith("/")
        assert written.endswith("\n")
        assert not {"{name}", "{settings}", "{server}", "None"} & set(written.split())


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("os.environ['A']", ("A",)),
        ('os.environ["A"] + os.environ["B"] + os.environ["A"]', ("A", "B")),
        ("env('A'); env.bool('B'); env.str( 'C' )", ("A", "B", "C")),
        ("os.environ.get('A'); os.getenv('A'); env('A', default=1); env.bool('B', False)", ()),
        ("os.environ['A'] = '1'", ("A",)),
        ("environment('A')", ()),
    ],
)
def test_variables_that_settings_cannot_do_without(source: str, names: tuple[str, ...]) -> None:
    assert needed_variables([source]) == names


@pytest.mark.parametrize(
    ("given", "name"), [("shop", "shop"), ("My_Shop", "my-shop"), ("é", "site"), ("_x_", "x"), ("a" * 40, "a" * 31)]
)
def test_a_name_for_units_and_users(given: str, name: str) -> None:
    assert safe_name(given) == name


@pytest.mark.parametrize(("path", "there"), [("", "/app"), ("media", "/app/media"), ("/srv/media", "/srv/media")])
def test_places_in_an_image(path: str, there: str) -> None:
    assert in_image(path) == there


def test_requirements_are_installed_before_the_sources_are_copied() -> None:
    assert text("docker", PLAIN, "Dockerfile").index("pip install -r") < text("docker", PLAIN, "Dockerfile").index(
        "COPY . ."
    )
    assert text("docker", NESTED, "Dockerfile").index("COPY . .") < text("docker", NESTED, "Dockerfile").index(
        "pip install ."
    )


def test_no_variable_of_the_settings_stays_in_the_image() -> None:
    lines = text("docker", NESTED, "Dockerfile").splitlines()
    assert [line for line in lines if "SECRET" in line and not line.startswith("    CLEARWAY_CACHE")] == []


def test_the_command_of_the_image_is_a_list_of_words() -> None:
    (command,) = [line for line in text("docker", NESTED, "Dockerfile").splitlines() if line.startswith("CMD ")]
    words = json.loads(command.removeprefix("CMD "))
    assert words[:2] == ["gunicorn", "shop.asgi"]
    assert "clearway.uvicorn.Worker" in words


def test_what_is_collected_here_is_not_copied_into_the_image() -> None:
    assert "static_root" in text("docker", PLAIN, ".dockerignore").splitlines()
    assert "/var/lib/shop/static" not in text("docker", NESTED, ".dockerignore").splitlines()
    assert "COPY --from=build /var/lib/shop/static /var/lib/shop/static" in text("docker", NESTED, "Dockerfile")


def test_the_front_sees_uploads_only_where_there_are_any() -> None:
    assert "media" not in text("compose", PLAIN, "compose.yaml")
    assert text("compose", NESTED, "compose.yaml").count("media:/") == 2
    assert "media:/srv/media:ro" in text("compose", NESTED, "compose.yaml")


def test_a_process_runs_where_manage_py_is() -> None:
    assert text("procfile", PLAIN, "Procfile").startswith("web: gunicorn shop.wsgi ")
    assert text("procfile", NESTED, "Procfile").startswith("web: cd backend && exec gunicorn shop.asgi ")
