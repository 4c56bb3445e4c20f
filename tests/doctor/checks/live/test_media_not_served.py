"""Uploads that nobody answers."""

from tests.doctor.sights import DJANGO_404, NGINX_404, asset, error, live, seen_by


def test_the_applications_own_404() -> None:
    (found,) = seen_by("live-media-not-served", live(asset("/media/a.png", error(DJANGO_404))))
    assert found.breaks == {"media:a.png"}


def test_none_of_them_arrives() -> None:
    sight = live(asset("/media/a.png", error(NGINX_404)), asset("/media/b.png", error(NGINX_404)))
    (found,) = seen_by("live-media-not-served", sight)
    assert found.message.startswith("2 files")


def test_silence_on_one_that_is_gone_and_on_static_files() -> None:
    sight = live(
        asset("/media/a.png", error(NGINX_404)), asset("/media/b.png"), asset("/static/a.png", error(DJANGO_404))
    )
    assert seen_by("live-media-not-served", sight) == []
