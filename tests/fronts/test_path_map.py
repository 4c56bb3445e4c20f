"""Where a path of a container lies on this machine."""

import pytest

from clearway.fronts.path_map import PathMap

MAP = PathMap.parse(["/srv=/home/me/project", "/srv/static/=/var/static", "/etc/nginx=/home/me/nginx/"])


@pytest.mark.parametrize(
    ("there", "here"),
    [
        ("/srv/app.py", "/home/me/project/app.py"),
        ("/srv", "/home/me/project"),
        ("/srv/static/a.css", "/var/static/a.css"),
        ("/srv/staticfiles/a.css", "/home/me/project/staticfiles/a.css"),
        ("/etc/nginx/nginx.conf", "/home/me/nginx/nginx.conf"),
        ("/other/x", "/other/x"),
        ("/srv2/x", "/srv2/x"),
    ],
)
def test_the_longest_prefix_at_a_border_wins(there: str, here: str) -> None:
    assert MAP.here(there) == here
    assert MAP.there(here) == there


def test_the_root_can_be_mapped() -> None:
    whole = PathMap.parse(["/=/var/lib/machine/rootfs"])
    assert whole.here("/etc/nginx") == "/var/lib/machine/rootfs/etc/nginx"
    assert whole.there("/var/lib/machine/rootfs/etc/nginx") == "/etc/nginx"
    assert whole.there("/var/lib/machine/rootfs") == "/"


def test_without_pairs_a_path_stays() -> None:
    assert PathMap().here("/a/b") == PathMap().there("/a/b") == "/a/b"


@pytest.mark.parametrize("written", ["/a", "a=/b", "/a=b", "=", ""])
def test_what_is_no_pair_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="/in/container=/on/host"):
        PathMap.parse([written])
