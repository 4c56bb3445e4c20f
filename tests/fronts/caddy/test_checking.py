"""A Caddyfile against what a project needs: what is wrong, and a patch that makes it right."""

import subprocess
from pathlib import Path

import pytest

from clearway.fronts.caddy.checking import check
from clearway.fronts.checking import Checked
from clearway.fronts.path_map import PathMap
from clearway.fronts.site import Place, Site

SITE = Site("shop", "", ("shop.test",), Place("/static/", "/srv/shop/static"), Place("/media/", "/srv/shop/media"))
GOOD = """
http://shop.test {
	handle_path /static/* {
		root * /srv/shop/static
		@hidden path_regexp `(^|/)[.]|^/staticfiles`
		error @hidden 404
		@forever path_regexp `[.][0-9a-f]{12}[.]`
		header @forever {
			Cache-Control "public, max-age=31536000, immutable"
			defer
		}
		file_server
	}
	handle_path /media/* {
		root * /srv/shop/media
		header Content-Security-Policy "default-src 'none'; sandbox"
		header X-Content-Type-Options nosniff
		file_server
	}
	handle {
		reverse_proxy 127.0.0.1:8000
	}
}
"""


def checked(tmp_path: Path, text: str) -> Checked:
    (tmp_path / "Caddyfile").write_text(text.lstrip("\n"))
    return check(SITE, str(tmp_path / "Caddyfile"), PathMap())


def test_what_is_right_is_left_alone(tmp_path: Path) -> None:
    found = checked(tmp_path, GOOD)
    assert (list(found.lacks), list(found.patch), list(found.unknown)) == ([], [], [])


@pytest.mark.parametrize(
    ("old", "new", "about"),
    [
        ("handle_path /static/*", "handle /static/*", "static"),
        ("root * /srv/shop/static", "root * /srv/shop/other", "static"),
        ("\t\troot * /srv/shop/media\n", "", "media"),
        ("error @hidden 404", "", "hidden"),
        ("\t\t\tdefer\n", "", ""),
        ("header @forever {", "header @hidden {", "unchanging"),
        ("\t\theader X-Content-Type-Options nosniff\n", "", "documents"),
        (
            "\t\tfile_server\n\t}\n\thandle_path /media",
            "\t\theader Cache-Control max-age=9999999\n\t\tfile_server\n\t}\n\thandle_path /media",
            "missing",
        ),
        ("handle {", "request_body {\n\t\tmax_size 1MB\n\t}\n\thandle {", "uploads"),
    ],
)
def test_a_fault_is_named_and_the_patch_repairs_it(tmp_path: Path, old: str, new: str, about: str) -> None:
    assert old in GOOD
    found = checked(tmp_path, GOOD.replace(old, new, 1))
    assert [lack.about for lack in found.lacks][:1] == ([about] if about else [])
    assert all(lack.solved for lack in found.lacks)
    if about:
        patch = "\n".join([*found.patch, ""])
        subprocess.run(["patch", "-s", "-p0", "-d/"], input=patch, text=True, check=True)
        assert not check(SITE, str(tmp_path / "Caddyfile"), PathMap()).lacks


def test_a_site_without_static_files_gets_them(tmp_path: Path) -> None:
    found = checked(tmp_path, "http://shop.test {\n\treverse_proxy 127.0.0.1:8000\n}\n")
    assert found.lacks[0].about == "static"
    assert all(lack.solved for lack in found.lacks)
    assert any("handle_path /static/*" in line for line in found.patch)
