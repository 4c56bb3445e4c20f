"""Profiles of AppArmor: which paths they let be read."""

import pytest

from clearway.doctor.mandatory.profile import allows, rules_of

NGINX = """
#include <tunables/global>
@{WEB}=/srv/www /opt/{sites,pages}

/usr/sbin/nginx flags=(attach_disconnected) {
  #include <abstractions/base>
  include if exists <local/usr.sbin.nginx>
  capability dac_override,
  network inet stream,
  /etc/nginx/** r,
  /var/www/** r,
  owner /home/*/public/** r,
  @{WEB}/static/*.css rw,
  /data/[a-c]*/x.js mr,
  deny /var/www/private/** r,
  /var/log/nginx/*.log w,
  # /commented/** r,
  signal (receive) peer=unconfined,
}

profile other {
  file,
}

profile quiet flags=(complain) {
}
"""
INCLUDED = {
    "abstractions/base": "/usr/lib/** mr,",
    "local/usr.sbin.nginx": "/local/** r,\n#include <abstractions/base>\n",
}


def may(path: str, name: str = "/usr/sbin/nginx") -> bool:
    rules = rules_of(NGINX, name)
    assert rules is not None
    return allows(rules, path, lambda wanted: INCLUDED.get(wanted, ""))


@pytest.mark.parametrize(
    "path",
    [
        "/etc/nginx/nginx.conf",
        "/var/www/shop/static/css/site.css",
        "/home/ada/public/a/b.css",
        "/srv/www/static/site.css",
        "/opt/pages/static/site.css",
        "/data/b1/x.js",
        "/usr/lib/x.so",
        "/local/x",
    ],
)
def test_what_a_rule_allows(path: str) -> None:
    assert may(path)


@pytest.mark.parametrize(
    "path",
    [
        "/srv/shop/static/site.css",
        "/var/www/private/key.pem",
        "/home/ada/more/public/a.css",
        "/srv/www/static/deep/site.css",
        "/opt/others/static/site.css",
        "/data/d1/x.js",
        "/var/log/nginx/error.log",
        "/commented/x",
    ],
)
def test_what_no_rule_allows(path: str) -> None:
    assert not may(path)


def test_a_rule_for_every_file() -> None:
    assert may("/anything", "other")


def test_a_variable_that_nobody_sets_blames_nobody() -> None:
    assert allows("@{UNKNOWN}/x r,", "/a/x", lambda _: "")


def test_profiles_are_found_by_name_and_only_where_they_enforce() -> None:
    assert rules_of(NGINX, "nginx") is not None
    assert rules_of(NGINX, "quiet") is None
    assert rules_of(NGINX, "/usr/sbin/apache2") is None
