"""Pages and files of different builds."""

import hashlib
from base64 import b64encode

from tests.doctor.fake_facts import collected
from tests.doctor.sights import DJANGO_404, NGINX_404, answer, asset, error, live, seen_by

OLD, NEW = "site.0123456789ab.css", "site.ba9876543210.css"
GONE = asset(f"/static/{OLD}", error(NGINX_404))


def test_the_page_names_another_build_than_the_collected_one() -> None:
    (found,) = seen_by("live-mixed-release", live(GONE), collected=collected("/srv", [NEW]))
    assert f"collected here is {NEW}" in found.evidence


def test_one_build_is_gone_where_others_are_there() -> None:
    (found,) = seen_by("live-mixed-release", live(GONE, asset("/static/app.aaaaaaaa1111.js")))
    assert any("app.aaaaaaaa1111.js → 200" in row for row in found.evidence)


def test_servers_that_do_not_agree() -> None:
    wavering = asset("/static/a.css", error(NGINX_404), repeated=(answer(), error(NGINX_404)))
    (found,) = seen_by("live-mixed-release", live(wavering))
    assert "asked again: 200, 404" in found.evidence


def test_content_that_the_page_does_not_take() -> None:
    digest = b64encode(hashlib.sha384(b"old").digest()).decode()
    new = asset("/static/a.js", answer(200, b"new", "text/javascript"), integrity=f"sha384-{digest}")
    (found,) = seen_by("live-mixed-release", live(new))
    assert found.cause == "mixed-release"


def test_silence_on_the_right_content_and_on_plain_names() -> None:
    digest = b64encode(hashlib.sha384(b"new").digest()).decode()
    right = asset("/static/a.js", answer(200, b"new", "text/javascript"), integrity=f"sha256-wrong sha384-{digest}")
    plain = asset("/static/a.css", error(NGINX_404))
    assert seen_by("live-mixed-release", live(right, plain), collected=collected("/srv", [NEW])) == []


def test_silence_where_no_build_arrives_and_on_one_that_is_collected_here() -> None:
    assert seen_by("live-mixed-release", live(GONE, asset("/static/app.aaaaaaaa1111.js", error(DJANGO_404)))) == []
    assert seen_by("live-mixed-release", live(GONE), collected=collected("/srv", [OLD, NEW])) == []
