"""CW542: X-Accel-Redirect or X-Sendfile that the front does nothing with"""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.doctor.checks.fronts.fronted import STATIC, apache, caddy, causes, fronted, http, nginx
from tests.doctor.fake_facts import Fake

from clearway.doctor.facts import ACCEL, SENDFILE, HandOff

IN_CODE = HandOff("", None, header=SENDFILE)
TAKEN = """handle {
reverse_proxy 127.0.0.1:8000 {
@private header X-Sendfile /srv/private/*
handle_response @private {
root * {rp.header.X-Sendfile}
file_server
}
}
}"""


def send(root: str = "/srv/private") -> HandOff:
    return HandOff(root, None, root, SENDFILE)


def accel() -> HandOff:
    return HandOff("/protected/", None, "/srv/private", ACCEL)


def on_apache(root: Path, *lines: str, handed: HandOff) -> Fake:
    return fronted(root, apache(*lines), front="apache", handed_off=[handed])


FIRES: dict[str, Callable[[Path], Fake]] = {
    "apache: no line": lambda root: on_apache(root, handed=send()),
    "apache: off": lambda root: on_apache(root, "XSendFile Off", "XSendFilePath /srv/private", handed=send()),
    "apache: no path": lambda root: on_apache(root, "XSendFile on", handed=send()),
    "apache: another path": lambda root: on_apache(root, "XSendFile on", "XSendFilePath /srv/files", handed=send()),
    "apache: a path beside": lambda root: on_apache(root, "XSendFile on", "XSendFilePath /srv/priv", handed=send()),
    "apache: code": lambda root: on_apache(root, handed=IN_CODE),
    "apache: the header of nginx": lambda root: on_apache(root, "XSendFile on", handed=accel()),
    "nginx: the header of apache": lambda root: fronted(root, http(nginx(STATIC)), handed_off=[send()]),
    "caddy: X-Accel-Redirect": lambda root: fronted(root, caddy(), front="caddy", handed_off=[accel()]),
    "caddy: X-Sendfile": lambda root: fronted(root, caddy(), front="caddy", handed_off=[IN_CODE]),
    "caddy: the other header": lambda root: fronted(root, caddy(TAKEN), front="caddy", handed_off=[accel()]),
}
SILENT: dict[str, Callable[[Path], Fake]] = {
    "nothing is handed off": lambda root: fronted(root, apache(), front="apache"),
    "nothing is handed off by caddy": lambda root: fronted(root, caddy(), front="caddy"),
    "apache: as it should be": lambda root: on_apache(root, "XSendFile on", "XSendFilePath /srv", handed=send()),
    "apache: a slash more": lambda root: on_apache(
        root, "XSendFile On", "XSendFilePath /srv/private/", handed=send("/srv/private/")
    ),
    "apache: for one path of the URL": lambda root: on_apache(
        root, "<Location /download>", "XSendFile on", "XSendFilePath /srv/private", "</Location>", handed=send()
    ),
    "apache: a path that nobody knows here": lambda root: on_apache(
        root, "XSendFile on", "XSendFilePath ${PRIVATE}", handed=send()
    ),
    "apache: code for both": lambda root: fronted(
        root, apache("XSendFile on"), front="apache", handed_off=[accel(), IN_CODE]
    ),
    "nginx: X-Accel-Redirect": lambda root: fronted(root, http(nginx(STATIC)), handed_off=[accel()]),
    "nginx: code for both": lambda root: fronted(root, http(nginx(STATIC)), handed_off=[accel(), IN_CODE]),
    "caddy: taken": lambda root: fronted(root, caddy(TAKEN), front="caddy", handed_off=[send()]),
    "caddy: one of two": lambda root: fronted(root, caddy(TAKEN), front="caddy", handed_off=[accel(), send()]),
}


@pytest.mark.parametrize("name", FIRES)
def test_it_is_told_once(name: str, tmp_path: Path) -> None:
    (finding,) = causes("CW542", FIRES[name](tmp_path))
    assert finding.evidence
    assert finding.fix.summary


@pytest.mark.parametrize("name", SILENT)
def test_it_is_silent(name: str, tmp_path: Path) -> None:
    assert causes("CW542", SILENT[name](tmp_path)) == []
