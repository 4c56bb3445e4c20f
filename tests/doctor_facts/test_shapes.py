"""Settings of a shape that Django cannot use."""

from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from django.utils.functional import lazystr

from clearway.doctor_facts.shapes import misshapen


class Place:
    """A path as packages have them."""

    def __fspath__(self) -> str:
        return "/srv/shop"


@pytest.mark.parametrize(
    ("name", "value", "due"),
    [
        ("MIDDLEWARE", None, "a list of names"),
        ("MIDDLEWARE", [5], "a list of names"),
        ("MIDDLEWARE", "shop.middleware.Shop", "a list of names"),
        ("STATICFILES_FINDERS", "shop.Finder", "a list of names"),
        ("STORAGES", [], "a dict of a dict for each alias"),
        ("STORAGES", {"staticfiles": "shop.Storage"}, "a dict of a dict for each alias"),
        ("STATICFILES_DIRS", [("a",)], "a list of paths, or of pairs"),
        ("STATICFILES_DIRS", [None, 5], "a list of paths, or of pairs"),
        ("STATIC_ROOT", "/srv\0/shop", "a path"),
        ("MEDIA_ROOT", ["/srv/shop"], "a path"),
        ("STATIC_URL", 5, "a string"),
        ("MEDIA_URL", ("/media/",), "a string"),
    ],
)
def test_what_django_cannot_use_is_told(name: str, value: Any, due: str) -> None:
    with override_settings(**{name: value}):
        told = misshapen()
    assert told.startswith(f"{name} is {value!r}, and has to be {due}")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MIDDLEWARE", ("shop.middleware.Shop",)),
        ("MIDDLEWARE", []),
        ("STORAGES", {}),
        ("STATICFILES_DIRS", [Path("/srv/shop"), "/srv", ("lib", Place()), ["lib", "/srv"]]),
        ("STATICFILES_DIRS", "/srv/shop"),
        ("STATIC_ROOT", None),
        ("STATIC_ROOT", Place()),
        ("MEDIA_ROOT", ""),
        ("STATIC_URL", None),
        ("STATIC_URL", lazystr("/static/")),
        ("ALLOWED_HOSTS", [None]),
    ],
)
def test_what_django_takes_is_not(name: str, value: Any) -> None:
    with override_settings(**{name: value}):
        assert misshapen() == ""
