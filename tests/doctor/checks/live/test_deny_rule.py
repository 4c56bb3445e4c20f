"""Rules that refuse."""

from tests.doctor.sights import DJANGO_404, NGINX_403, answer, asset, error, live, seen_by


def test_a_login_of_the_server() -> None:
    (found,) = seen_by("live-deny-rule", live(asset("/static/a.css", error(NGINX_403, status=401))))
    assert found.cause == "deny-rule"


def test_a_cdn_that_refuses() -> None:
    page = b"<title>Attention Required!</title> Cloudflare Ray ID: 1"
    (found,) = seen_by("live-deny-rule", live(asset("/static/a.css", error(page, status=403))))
    assert "cloudflare answered" in found.evidence[0]


def test_silence_on_the_servers_own_403_on_buckets_and_on_404() -> None:
    denied = b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>"
    assert seen_by("live-deny-rule", live(asset("/static/a.css", error(NGINX_403, status=403)))) == []
    assert seen_by("live-deny-rule", live(asset("/static/a.css", answer(403, denied, "application/xml")))) == []
    assert seen_by("live-deny-rule", live(asset("/static/a.css", error(DJANGO_404)))) == []
