"""Names that templates write out: read with Django's lexer, and Jinja's calls."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import override_settings
from tests.doctor_facts.bounds import nothing_left_out

from clearway.doctor_facts.templates import Named, named

Read = Callable[[str], Named]


@pytest.fixture
def read(tmp_path: Path) -> Iterator[Read]:
    """Reads one template of Django's."""
    engine = {"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [tmp_path]}
    with override_settings(TEMPLATES=[engine], STATIC_URL="/static/"):
        yield lambda text: reading(tmp_path, text)


def reading(folder: Path, text: str, name: str = "page.html") -> Named:
    (folder / name).write_text(text, encoding="utf-8")
    return named(nothing_left_out)


def tags(found: Named) -> list[tuple[str, int]]:
    return [(use.name, use.location.line) for use in found.tags]


def written(found: Named) -> list[tuple[str, int]]:
    return [(use.name, use.location.line) for use in found.written]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("{% static 'a.css' %}", [("a.css", 1)]),
        ('{% static "a.css" %}', [("a.css", 1)]),
        ("{%static 'a.css'%}", [("a.css", 1)]),
        ("\n\n{% static 'a.css' as style %}", [("a.css", 3)]),
        ("{% static 'two words.css' %}", [("two words.css", 1)]),
        ("{% static 'a.css?v=2' %} {% static '/b.js' %}", [("a.css?v=2", 1), ("b.js", 1)]),
        ("{% if x %}\n{% static 'a.css' %}\n{% endif %}", [("a.css", 2)]),
        ("{% verbatim %}{% static 'a.css' %}{% endverbatim %}{% static 'b.css' %}", [("b.css", 1)]),
        ("{% verbatim x %}{% static 'a.css' %}{% endverbatim x %}", []),
        ("{% comment %}{% static 'a.css' %}{% endcomment %}{% static 'b.css' %}", [("b.css", 1)]),
        ('{% comment "why" %}\n{% static "a.css" %}\n{% endcomment %}', []),
        ("{# {% static 'a.css' %} #}", []),
        ("{% static name %} {% static 'a'|add:'.css' %} {% static %}", []),
        ("{{ static }} {% statics 'a.css' %} {% load static %}", []),
        ("{% trans 'it''s' %} {% static 'a.css' %}", [("a.css", 1)]),
        ("{% static 'a.css", []),
        ("{% if debug %}{% static 'a.css' %}{% else %}{% static 'b.css' %}{% endif %}", [("b.css", 1)]),
        ("{% if not settings.DEBUG %}{% static 'a.css' %}{% else %}{% static 'b.css' %}{% endif %}", [("a.css", 1)]),
        ("{% if debug %}{% if x %}{% static 'a.css' %}{% endif %}{% endif %}{% static 'b.css' %}", [("b.css", 1)]),
        ("{% if x %}{% elif debug %}{% static 'a.css' %}{% else %}{% static 'b.css' %}{% endif %}", [("b.css", 1)]),
        ("{% if debug and x or y %}{% static 'a.css' %}{% endif %}", [("a.css", 1)]),
    ],
)
def test_tags(read: Read, text: str, names: list[tuple[str, int]]) -> None:
    assert [(name.lstrip("/"), line) for name, line in tags(read(text))] == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('<link href="/static/a.css">', [("a.css", 1)]),
        ("<link\nhref='/static/a.css?v=1'>", [("a.css", 2)]),
        ("<img srcset='/static/a.png 1x, /static/b.png 2x'>", [("a.png", 1), ("b.png", 1)]),
        ("<style>i { background: url(/static/a.png) }</style>", [("a.png", 1)]),
        ('<link href="{{ STATIC_URL }}a.css">', [("a.css", 1)]),
        ('<link href="{% get_static_prefix %}css/a.css">', [("css/a.css", 1)]),
        ('<link href="/static/{{ theme }}.css">', []),
        ('<link href="/static/a-{{ theme }}.css">', []),
        ('<link href="{{ STATIC_URL }}{{ theme }}.css">', []),
        ('<a href="https://other.example/static/a.css">', []),
        ('<a href="/my/static/a.css">', []),
        ("{% comment %}<link href='/static/a.css'>{% endcomment %}", []),
    ],
)
def test_urls_that_are_written_out(read: Read, text: str, names: list[tuple[str, int]]) -> None:
    assert written(read(text)) == names


@pytest.mark.parametrize("url", ["/", "", "https://cdn.example/"])
def test_nothing_is_below_the_root_of_a_site(tmp_path: Path, url: str) -> None:
    engine = {"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [tmp_path]}
    with override_settings(TEMPLATES=[engine], STATIC_URL=url):
        assert written(reading(tmp_path, '<a href="/a/b.css"><a href="b.css">')) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("{{ static('a.css') }}", [("a.css", 1)]),
        ('\n{{ static( "a.css" )|safe }}', [("a.css", 2)]),
        ("{% set url = static('a.css') %}", [("a.css", 1)]),
        ("{{ url(static('a.css')) }} {{ static('b.css') }}", [("a.css", 1), ("b.css", 1)]),
        ("{{ static(name) }} {{ static('a' ~ b) }}", []),
        ("{# {{ static('a.css') }} #}", []),
        ("{% raw %}{{ static('a.css') }}{% endraw %}", []),
        ("static('a.css')", []),
    ],
)
def test_calls_in_jinja(tmp_path: Path, text: str, names: list[tuple[str, int]]) -> None:
    engine = {"BACKEND": "django.template.backends.jinja2.Jinja2", "DIRS": [tmp_path]}
    with override_settings(TEMPLATES=[engine]):
        assert tags(reading(tmp_path, text)) == names


@pytest.mark.parametrize("name", ["data.bin", "node_modules/x.html", ".hidden/x.html", "site-packages/x.html"])
def test_what_is_no_template_of_the_project_is_not_read(read: Read, tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    engine = {"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [tmp_path / "site-packages"]}
    if name.startswith("site-packages"):
        with override_settings(TEMPLATES=[engine]):
            assert tags(reading(tmp_path, "{% static 'a.css' %}", name)) == []
    else:
        assert tags(reading(tmp_path, "{% static 'a.css' %}", name)) == []


def test_octets_that_are_no_text_do_not_stop_it(read: Read, tmp_path: Path) -> None:
    (tmp_path / "latin.html").write_bytes(b"caf\xe9 {% static 'a.css' %}")
    assert tags(read("")) == [("a.css", 1)]


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("{% static 'a.css' %}?v=7", True),
        ("{% static 'a.css' %}?v={{ version }}", True),
        ("{% static 'a.css?v=7' %}", True),
        ("{% static 'a.css' %}", False),
        ("{% static 'a.css' %} ?", False),
        ("{% static 'a.css' %}{{ x }}?v=7", False),
    ],
)
def test_a_query_behind_a_name_is_seen(read: Read, text: str, asks: bool) -> None:
    assert [use.has_query for use in read(text).tags] == [asks]


@pytest.mark.parametrize(("text", "asks"), [("{{ static('a.css') }}?v=7", True), ("{{ static('a.css') }}", False)])
def test_a_query_behind_a_call_of_jinja_is_seen(tmp_path: Path, text: str, asks: bool) -> None:
    engine = {"BACKEND": "django.template.backends.jinja2.Jinja2", "DIRS": [tmp_path]}
    with override_settings(TEMPLATES=[engine], STATIC_URL="/static/"):
        assert [use.has_query for use in reading(tmp_path, text).tags] == [asks]
