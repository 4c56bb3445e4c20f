"""Certificates that this machine does not trust."""

from tests.doctor.sights import PAGE, answer, asset, live, seen_by


def test_an_expired_one_is_named_once_for_its_host() -> None:
    expired = answer(doubt="certificate has expired")
    (found,) = seen_by("certificate-untrusted", live(asset("/a.css", expired), asset("/b.css", expired)))
    assert found.message == "the certificate of https://shop.example is not trusted: certificate has expired"


def test_silence_on_trust_and_on_a_certificate_of_another_host() -> None:
    other = answer(doubt="Hostname mismatch, certificate is not valid for 'shop.example'.")
    assert seen_by("certificate-untrusted", live(asset(), pages=(PAGE,))) == []
    assert seen_by("certificate-untrusted", live(asset("/a.css", other))) == []
