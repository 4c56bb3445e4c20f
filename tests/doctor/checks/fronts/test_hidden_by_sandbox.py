"""CW533: a unit that hides the files from the web server"""

from pathlib import Path

import pytest
from tests.doctor.checks.fronts.fronted import STATIC, causes, fronted, http, nginx

START = "[Service]\nExecStart=/usr/sbin/nginx -g 'daemon off;'\n"


@pytest.mark.parametrize("line", ["InaccessiblePaths={root}", "TemporaryFileSystem=/x {root}/static:ro"])
@pytest.mark.parametrize("name", ["deploy/nginx.service", "deploy/web.service"])
def test_a_hidden_directory(line: str, name: str, tmp_path: Path) -> None:
    texts = {name: START + line.format(root=tmp_path)}
    (finding,) = causes("CW533", fronted(tmp_path, http(nginx(STATIC)), texts=texts))
    assert finding.breaks == {"static"}
    assert finding.location is not None
    assert finding.location.line == 3


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("deploy/nginx.service", "InaccessiblePaths=/srv/other"),
        ("deploy/nginx.service", "ProtectHome=read-only"),
        ("deploy/nginx.service", "PrivateTmp=no"),
        ("deploy/gunicorn.service", "InaccessiblePaths={root}"),
        ("deploy/nginx.conf", "InaccessiblePaths={root}"),
    ],
)
def test_what_hides_nothing_here(name: str, line: str, tmp_path: Path) -> None:
    start = START if "nginx" in name else "[Service]\nExecStart=gunicorn shop.wsgi\n"
    texts = {name: start + line.format(root=tmp_path)}
    assert causes("CW533", fronted(tmp_path, http(nginx(STATIC)), texts=texts)) == []


def test_files_that_do_not_arrive_anyhow_have_another_cause(tmp_path: Path) -> None:
    texts = {"nginx.service": f"{START}InaccessiblePaths={tmp_path}"}
    facts = fronted(tmp_path, http(nginx("location /static/ { alias {root}/static; }")), texts=texts)
    assert causes("CW533", facts) == []
