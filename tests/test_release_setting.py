"""`CLEARWAY["release"]`: what is read, and what is said of what cannot be."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from clearway.conf import Conf
from clearway.releasing.routine import Command, Hook, Routine

UNDONE = {"run": "migrate", "undo": "migrate back"}


def read(value: Any) -> Routine:
    return Conf.of({"release": value}, debug=False).release


def test_without_it_nothing_is_reloaded_and_nobody_asked() -> None:
    assert Conf.of({}, debug=False).release == Routine()
    assert read({}) == Routine()


def test_all_keys() -> None:
    found = read(
        {
            "reload": ["systemctl", "reload", "shop"],
            "url": "https://shop.example",
            "ready": "/healthz/",
            "pages": ["/", "/shop/"],
            "timeout": 5,
            "steady": 0,
            "doctor": ["--nginx", "deploy/nginx.conf"],
        }
    )
    assert found == Routine(
        Command(("systemctl", "reload", "shop")),
        ("https://shop.example",),
        "/healthz/",
        ("/", "/shop/"),
        5.0,
        0.0,
        ("--nginx", "deploy/nginx.conf"),
    )


@pytest.mark.parametrize(
    ("given", "hooks"),
    [
        ("drain", [Hook("", Command("drain"))]),
        (["drain", "all"], [Hook("", Command(("drain", "all")))]),
        (UNDONE, [Hook("", Command("migrate"), Command("migrate back"))]),
        ({"run": "a", "undo": None}, [Hook("", Command("a"))]),
        (
            {"images": "push", "tables": UNDONE},
            [Hook("images", Command("push")), Hook("tables", Command("migrate"), Command("migrate back"))],
        ),
    ],
)
def test_hooks_are_commands_some_with_the_way_back_some_with_names(given: Any, hooks: list[Hook]) -> None:
    assert read({"hooks": {"before_reload": given}}).hooks == {"before_reload": tuple(hooks)}


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("systemctl reload shop", "must be a dict"),
        ({"reloads": "x"}, "did you mean 'reload'"),
        ({"reload": ""}, "must be a command"),
        ({"reload": ["kill", 1]}, "must be a command"),
        ({"url": "shop.example"}, "begin it with http"),
        ({"url": ["https://"]}, "not the address of a site"),
        ({"url": 3}, "['url'] must be an address"),
        ({"url": [3]}, "['url'] must be an address"),
        ({"url": "https://shop.example:x"}, "['url']: Port"),
        ({"url": "https://shop.example:0"}, "not the address of a site"),
        ({"url": "https://me:hush@shop.example"}, "no user name or password"),
        ({"pages": 3}, "['pages'] must be a list of paths"),
        ({"doctor": 3}, "['doctor'] must be a list of words"),
        ({"doctor": ["--nginx", 3]}, "['doctor'] must be a list of words; 3 in it is none"),
        ({"reload": {"run": "hush"}}, "['reload'] must be a command"),
        ({"ready": {"path": "hush"}}, "['ready'] must be a path that begins with a slash, not a dict"),
        ({"ready": "healthz"}, "begins with a slash"),
        ({"timeout": -1}, "0 or more"),
        ({"timeout": 0}, "more than 0"),
        ({"timeout": float("nan")}, "0 or more"),
        ({"timeout": float("inf")}, "0 or more"),
        ({"steady": True}, "0 or more"),
        ({"doctor": "--nginx x"}, "list of words"),
        ({"hooks": {"before_reloads": "x"}}, "did you mean 'before_reload'"),
        ({"hooks": {"before_reload": {"undo": "x", "run": ""}}}, "must be a command"),
        ({"hooks": {"before_reload": {"tables": {"undo": "x"}}}}, "must have 'run'"),
        ({"hooks": {"before_reload": {"run": "x", "undoes": "y"}}}, "did you mean 'undo'"),
    ],
)
def test_what_is_wrong_is_named(value: Any, said: str) -> None:
    with pytest.raises(ImproperlyConfigured) as raised:
        read(value)
    assert "CLEARWAY['release']" in str(raised.value)
    assert said in str(raised.value)
    assert "hush" not in str(raised.value)
