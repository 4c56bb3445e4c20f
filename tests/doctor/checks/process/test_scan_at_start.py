"""Files that come after an index was made."""

from dataclasses import replace
from typing import Any

import pytest
from tests.doctor.deployments import CLEARWAY, DOCKER, WHITENOISE, site
from tests.doctor.fake_facts import NOBODY, found

COMPRESSOR = {"INSTALLED_APPS": ["compressor", "django.contrib.staticfiles"]}
LATE = "#!/bin/sh\ngunicorn shop.wsgi &\npython manage.py collectstatic --noinput\nwait\n"
DAEMON = "#!/bin/sh\ngunicorn shop.wsgi -b :8000 --daemon\npython manage.py collectstatic --noinput\n"
EARLY = "#!/bin/sh\npython manage.py collectstatic --noinput && exec gunicorn shop.wsgi\n"
MEDIA = replace(WHITENOISE, added=(("/srv/shop/media", "/media/", None),))


@pytest.mark.parametrize(
    ("files", "settings", "process", "said"),
    [
        ({}, {}, MEDIA, "uploads are answered from an index"),
        ({}, {}, replace(WHITENOISE, added=(("/srv/shop", "/", None),)), "uploads are answered from an index"),
        ({}, COMPRESSOR, WHITENOISE, "django-compressor writes files"),
        ({"Procfile": "web: sh start.sh", "start.sh": LATE}, {}, WHITENOISE, "collectstatic runs after the server"),
        ({"Procfile": "web: gunicorn shop.wsgi & manage.py collectstatic"}, {}, WHITENOISE, "collectstatic runs after"),
        ({"Procfile": "web: sh start.sh", "start.sh": DAEMON}, {}, WHITENOISE, "collectstatic runs after the server"),
        ({"Procfile": "web: gunicorn -D shop.wsgi && manage.py collectstatic"}, {}, WHITENOISE, "collectstatic runs"),
        ({"Procfile": "web: uwsgi -d /var/log/u.log u.ini; manage.py collectstatic"}, {}, WHITENOISE, "collectstatic"),
        ({"Dockerfile": DOCKER + 'ENTRYPOINT ["/app/run.sh"]\n', "run.sh": LATE}, {}, WHITENOISE, "collectstatic runs"),
    ],
)
def test_it_fires(files: dict[str, str], settings: dict[str, Any], process: Any, said: str) -> None:
    [finding] = found("CW303", site(files, settings, process=process))
    assert said in finding.message


@pytest.mark.parametrize(
    ("files", "settings", "process"),
    [
        ({}, {}, WHITENOISE),
        ({}, {"DEBUG": True}, MEDIA),
        ({}, {}, replace(MEDIA, rescans=True)),
        ({}, {}, replace(WHITENOISE, added=(("/srv/shop/public", "/", None),))),
        ({}, {"MEDIA_URL": "/uploads/"}, MEDIA),
        ({}, COMPRESSOR, CLEARWAY),
        ({}, COMPRESSOR | {"COMPRESS_OFFLINE": True}, WHITENOISE),
        ({}, COMPRESSOR | {"COMPRESS_ENABLED": False}, WHITENOISE),
        ({}, COMPRESSOR | {"COMPRESS_ROOT": "/srv/shop/other"}, WHITENOISE),
        ({"Procfile": "web: sh start.sh", "start.sh": EARLY}, {}, WHITENOISE),
        ({"Procfile": "web: sh start.sh", "start.sh": LATE}, {}, NOBODY),
        ({"Procfile": "web: manage.py collectstatic && gunicorn shop.wsgi --daemon"}, {}, WHITENOISE),
        ({"start.sh": LATE}, {}, WHITENOISE),  # nobody starts it
    ],
)
def test_it_is_silent(files: dict[str, str], settings: dict[str, Any], process: Any) -> None:
    assert found("CW303", site(files, settings, process=process)) == []
