"""MEDIA_ROOT that the application cannot write to."""

import os
import pwd
from pathlib import Path

import pytest
from tests.doctor.deployments import BUCKET, site
from tests.doctor.fake_facts import found

UNIT = "[Service]\nUser={user}\nExecStart=/srv/venv/bin/gunicorn shop.wsgi\n"


@pytest.fixture
def media(tmp_path: Path) -> Path:
    folder = tmp_path / "media"
    folder.mkdir()
    return folder


def settings(media: Path) -> dict[str, str]:
    return {"MEDIA_ROOT": str(media)}


def test_it_fires_where_nobody_may_write(media: Path) -> None:
    media.chmod(0o555)
    [finding] = found("CW612", site(settings=settings(media)))
    assert finding.evidence[1] == f"{media} has the mode 0555: nobody may write"


def test_it_fires_for_the_user_of_the_unit(media: Path) -> None:
    media.chmod(0o755)
    other = next(each.pw_name for each in pwd.getpwall() if each.pw_uid not in (0, os.getuid()))
    [finding] = found("CW612", site({"shop.service": UNIT.format(user=other)}, settings(media)))
    assert f"(shop.service starts it as {other})" in finding.evidence[1]
    assert finding.fix.commands == (f"chown -R {other} {media}",)


def test_it_is_silent_for_a_user_who_may_write(media: Path) -> None:
    own = pwd.getpwuid(os.getuid()).pw_name
    assert found("CW612", site({"shop.service": UNIT.format(user=own)}, settings(media))) == []


def test_it_is_silent_where_the_user_is_not_known(media: Path) -> None:
    media.chmod(0o700)
    assert found("CW612", site(settings=settings(media))) == []
    assert found("CW612", site({"shop.service": UNIT.format(user="no-such-user-here")}, settings(media))) == []


def test_it_is_silent_where_uploads_are_kept_elsewhere(media: Path) -> None:
    media.chmod(0o555)
    assert found("CW612", site(settings=settings(media), media_storage=BUCKET)) == []
    assert found("CW612", site(settings=settings(media / "later"))) == []
