"""One report with everything a renderer has to show."""

from pathlib import Path
from typing import Any

from clearway.doctor.finding import Finding, Fix, Level, Safety
from clearway.doctor.report import Checked, Report, Status, Told
from clearway.fronts.road import Location

HEALTHY = Report(
    (), [Checked("CW230", Status.PASSED), Checked("CW501", Status.SKIPPED, "no web server")], ["settings s"]
)


def finding(id_: str, name: str, level: Level = Level.ERROR, **more: Any) -> Finding:
    given = {"cause": "not-collected", "message": "something is wrong", "evidence": ()}
    fix = Fix("mend it")
    return Finding(**{"id": id_, "name": name, "level": level, "fix": fix, **given, **more})


def everything(here: Path) -> Report:
    """A cause with a diff and a consequence, a warning, advice, a crash; files lie in `here` and outside of it."""
    cause = finding(
        "CW236",
        "name-in-other-case",
        message="img/logo.png is called img/Logo.PNG",
        evidence=(f"{here}/shop/page.html:3: 'img/logo.png'", "a\x1b[31mb: 50% of what is, as they say, \r\nobserved"),
        location=Location(f"{here}/shop/page.html", 3),
        effect="the URL is 404",
        fix=Fix(
            "write 'img/Logo.PNG'", Safety.SAFE, "--- a\n+++ a\n@@ -1 +1 @@\n-img/logo.png\n+img/Logo.PNG\n same\n"
        ),
    )
    after = finding("CW235", "name-without-manifest-entry")
    warning = finding(
        "CW241",
        "plain-names-cached-long",
        Level.WARNING,
        location=Location("/etc/nginx/nginx.conf", 12),
        fix=Fix("shorten it", commands=("nginx -s reload",)),
    )
    note = finding("CW999", "advice-of-its-own", Level.NOTE, cause=None)
    ended = [
        Checked("CW230", Status.PASSED),
        *(Checked(id_, Status.FINDING) for id_ in ("CW235", "CW236", "CW241", "CW999")),
        *(Checked(id_, Status.SKIPPED, f"{here}/nginx.conf is not there") for id_ in ("CW501", "CW502")),
        Checked("CW503", Status.CRASHED, "KeyError: 'x'"),
    ]
    told = [Told(cause, ("CW235",)), Told(after, follows=True), Told(warning), Told(note)]
    return Report(told, ended, ["settings shop.settings, named by --settings"], "DEBUG is on")
