"""STATIC_ROOT, MEDIA_ROOT or a directory of sources is no absolute path.

What it means
    A relative path is taken from the directory in which a process happens to start. collectstatic, the server of the
    application and a cron job may start in three of them. `~` and `$HOME` are ordinary characters here.

Why it breaks in production but not locally
    On a workstation every command starts beside manage.py; a service starts where its unit says, often in /.

See it yourself
    cd / && python /path/to/manage.py shell -c "from django.conf import settings; print(settings.STATIC_ROOT)"

Fix
    Build it from BASE_DIR: STATIC_ROOT = BASE_DIR / "staticfiles".

When to ignore
    Where every process starts in the same directory, as on some platforms.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from clearway.doctor.deployed.deployment import Deployment
from clearway.doctor.facts import Facts, optional
from clearway.doctor.finding import Finding, Fix, Level, Safety
from clearway.doctor.python_edit import expression
from clearway.doctor.rule import Layer, Rule

RULE = Rule("CW111", "root-relative", "relative-path", Level.ERROR, Layer.SETTINGS, ("settings",), ("tree",))
_BREAKS = {"STATIC_ROOT": {"static"}, "MEDIA_ROOT": {"media", "uploads"}, "STATICFILES_DIRS": {"static"}}


def look(facts: Facts) -> Iterator[Finding]:
    settings = facts.settings
    if settings["DEBUG"]:
        return
    wrong = [(name, path) for name, path in _paths(facts) if not Path(path).is_absolute()]
    is_missing = any(not Path(path).is_dir() for _, path in wrong)
    if not wrong or not (is_missing or _may_differ(facts)):
        return
    name, path = wrong[0]
    where = settings.line_of(name)
    written = f'BASE_DIR / "{path.removeprefix("./").removeprefix("~/")}"'
    is_plain = isinstance(settings.get("BASE_DIR"), Path) and not re.search(r"[\\:\"$]", path)
    edit = expression(where, path, written) if is_plain else ""
    yield RULE.finding(
        f"{name} is a relative path",
        *(f"{each} = {value!r}, which is {Path(value).absolute()} from here" for each, value in wrong),
        *(
            f"{value.split('/')[0]} is not replaced by anything: it is a name"
            for _, value in wrong
            if value[:1] in "~$"
        ),
        location=where,
        effect="each process takes it from the directory it was started in",
        fix=Fix(f"{name} = {written}", Safety.UNSAFE, edit),
        breaks=frozenset(stretch for each, _ in wrong for stretch in _BREAKS[each]),
        level=Level.ERROR if is_missing else Level.WARNING,
    )


def _may_differ(facts: Facts) -> bool:
    """Whether processes may start in different directories: an image or a platform has one for all."""
    tree = optional(lambda: facts.tree)
    return not tree or not (Deployment(tree).platforms or Deployment(tree).image)


def _paths(facts: Facts) -> Iterator[tuple[str, str]]:
    """Each setting with its path, as it is written; a directory of sources only where it is not there."""
    settings = facts.settings
    for name in ("STATIC_ROOT", "MEDIA_ROOT"):
        if settings[name] and name in settings.given:
            yield name, str(settings[name])
    given = settings.get("STATICFILES_DIRS")
    for entry in given if isinstance(given, list | tuple) else ():
        path = str(entry[1] if isinstance(entry, list | tuple) else entry)
        if not Path(path).is_absolute() and not Path(path).is_dir():
            yield "STATICFILES_DIRS", path
