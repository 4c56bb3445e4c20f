"""Apache refuses what may be read."""

from pathlib import Path

from tests.doctor.fake_facts import collected
from tests.doctor.sights import APACHE_403, NGINX_403, asset, error, live, seen_by

FOLDER = Path("/usr")
NAME = next(each.relative_to(FOLDER).as_posix() for each in FOLDER.glob("share/*/*") if each.is_file())


def refused(page: bytes) -> object:
    return live(asset(f"/static/{NAME}", error(page, status=403, is_here=True)))


def test_a_file_that_everybody_may_read() -> None:
    (found,) = seen_by("live-access-not-granted", refused(APACHE_403), collected=collected(FOLDER, [NAME]))
    assert f"{FOLDER / NAME} may be read by everybody" in found.evidence


def test_silence_on_nginx_and_without_the_file() -> None:
    assert seen_by("live-access-not-granted", refused(NGINX_403), collected=collected(FOLDER, [NAME])) == []
    assert seen_by("live-access-not-granted", refused(APACHE_403)) == []
