"""Configurations that lie elsewhere than the server has them."""

from pathlib import Path

import pytest

from clearway.fronts.copied import is_copy, is_elsewhere


@pytest.mark.parametrize(
    ("main", "expected"),
    [("/etc/nginx/nginx.conf", False), ("/usr/local/etc/nginx/nginx.conf", False), ("/home/me/shop/nginx.conf", True)],
)
def test_a_copy_lies_where_servers_have_none(main: str, expected: bool) -> None:
    assert is_copy(main) is expected


@pytest.mark.parametrize(
    ("main", "path", "expected"),
    [
        ("{root}/nginx.conf", "/etc/letsencrypt/options.conf", True),
        ("{root}/nginx.conf", "{root}/gone/a.conf", True),
        ("{root}/nginx.conf", "{root}/a.conf", False),
        ("/etc/nginx/nginx.conf", "/srv/a.conf", False),
    ],
)
def test_what_is_missing_beside_a_copy_is_missing(main: str, path: str, expected: bool, tmp_path: Path) -> None:
    root = str(tmp_path)
    assert is_elsewhere(main.replace("{root}", root), path.replace("{root}", root)) is expected
