"""What is too much to look at is left out, and that it is left out is told."""

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.test import override_settings
from tests.releases.sites import write

from clearway.doctor.facts import Sources, Use
from clearway.doctor_facts import references, strays, templates, tree, uploads
from clearway.fronts.road import Location

Tell = Callable[[str], None]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    module = ModuleType("settings_of_bounds")
    module.__file__ = str(tmp_path / "shop" / "__init__.py")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    engine = {"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [tmp_path / "templates"]}
    write(tmp_path, {f"templates/{each}.html": b"{% static 'a.css' %}" for each in "abc"})
    write(tmp_path, {f"static/{each}.css": b"@import 'x.css';" for each in "abc"})
    write(tmp_path, {f"deploy/{each}.conf": b"server {}" for each in "abc"})
    write(tmp_path, {f"shop/{each}.py": b"" for each in ("__init__", "a", "b", "c")})
    write(tmp_path, {"manage.py": b""})
    given: dict[str, Any] = {"BASE_DIR": tmp_path, "STATIC_ROOT": tmp_path / "root", "TEMPLATES": [engine]}
    with override_settings(SETTINGS_MODULE=module.__name__, **given):
        yield tmp_path


def read_templates(_: Path, tell: Tell) -> Sequence[Use]:
    return templates.named(tell).tags


def read_references(project: Path, tell: Tell) -> Sequence[Use]:
    files = {path.name: str(path) for path in project.glob("static/*")}
    return references.references(Sources(files, []), tell)


def read_strays(_: Path, tell: Tell) -> Any:
    return strays.strays(Sources({}, []), [Use("none.css", Location("a.html", 1))], tell)


def read_tree(project: Path, tell: Tell) -> Any:
    return tree.tree(project, tell).texts


def read_code(_: Path, tell: Tell) -> Any:
    return uploads.handed_off(tell)


@pytest.mark.parametrize(
    ("module", "bound", "read", "told"),
    [
        (templates, 2, read_templates, "only the first 2 templates were read"),
        (references, 20, read_references, "style sheets and scripts only"),
        (strays, 2, read_strays, "only the first 2 files below"),
        (tree, 2, read_tree, "only the first 2 files about the deployment"),
        (uploads, 2, read_code, "only the first 2 files of Python"),
    ],
)
def test_a_bound_that_is_met_is_told(
    project: Path, monkeypatch: pytest.MonkeyPatch, module: Any, bound: int, read: Any, told: str
) -> None:
    said: list[str] = []
    read(project, said.append)
    assert said == [], "the usual bounds are far away"
    monkeypatch.setattr(module, "_MOST", bound)
    read(project, said.append)
    assert [told in text for text in said] == [True]


def test_a_template_that_is_cut_off_or_cannot_be_read_is_told(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(templates, "_LARGEST", 5)
    (project / "templates/b.html").unlink()
    (project / "templates/b.html").symlink_to("nowhere.html")
    said: list[str] = []
    read_templates(project, said.append)
    assert [Path(text.split()[0]).name for text in said if "cannot be read" in text] == ["b.html"]
    assert sum("MiB of" in text for text in said if str(project) in text) == 2
