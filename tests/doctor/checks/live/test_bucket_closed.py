"""A bucket that refuses everything."""

from tests.doctor.sights import NGINX_403, answer, asset, error, live, seen_by

DENIED = answer(403, b'<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', "application/xml")


def test_nothing_arrives() -> None:
    (found,) = seen_by("live-bucket-closed", live(asset("/static/a.css", DENIED), asset("/static/b.js", DENIED)))
    assert found.cause == "s3-public-blocked"
    assert "its answer says: AccessDenied" in found.evidence


def test_silence_where_others_arrive_and_on_the_403_of_a_server() -> None:
    sight = live(asset("/static/a.css", DENIED), asset("/static/b.js"))
    assert seen_by("live-bucket-closed", sight) == []
    assert seen_by("live-not-collected", sight) != []
    assert seen_by("live-bucket-closed", live(asset("/static/a.css", error(NGINX_403, status=403)))) == []
