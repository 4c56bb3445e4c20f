"""Where X-Sendfile of the application leads."""

from pathlib import Path

import pytest
from tests.fronts.apache.configured import configuration, files, visit

from clearway.fronts.apache.sendfile import route_sendfile
from clearway.fronts.files import WorkerFiles
from clearway.fronts.permission import Worker

ON = "XSendFile on\nXSendFilePath @D@/private\nProxyPass / http://127.0.0.1:8000/\n"


@pytest.mark.parametrize(
    ("text", "target", "by", "status"),
    [
        (ON, "@D@/private/a.pdf", "apache", 200),
        (ON, "@D@/private/none.pdf", "apache", 404),
        (ON, "@D@/private", "apache", 404),
        (ON, "@D@/other/a.pdf", "apache", 404),
        (ON, "@D@/private/../other/a.pdf", "apache", 404),
        ("ProxyPass / http://127.0.0.1:8000/\n", "@D@/private/a.pdf", "application", None),
    ],
)
def test_a_file_is_sent_from_where_it_may_be(
    tmp_path: Path, text: str, target: str, by: str, status: int | None
) -> None:
    files(tmp_path, "private/a.pdf", "other/a.pdf")
    told, disk = configuration(tmp_path, text), WorkerFiles(Worker(0, 0))
    outcome = route_sendfile(told, visit("/x"), target.replace("@D@", str(tmp_path)), disk, "text/x-own").outcome
    assert (outcome.by, outcome.status, outcome.unknown) == (by, status, None)
    assert (outcome.file is not None) == (status == 200)
