"""The site runs below a path, and STATIC_URL does not know of it.

What it means
    With FORCE_SCRIPT_NAME, SCRIPT_NAME or --root-path all URLs of the application begin with that path. A STATIC_URL
    that begins with a slash is left as it is, so pages ask for files outside of the application.

Why it breaks in production but not locally
    runserver answers at the root of its own port; the path is the server's.

See it yourself
    python manage.py shell -c "from django.templatetags.static import static; print(static('x.css'))"

Fix
    Leave out the slash: STATIC_URL = "static/" gets the script name before it. Or write the whole path, and map it in
    the web server.

When to ignore
    Where a web server answers STATIC_URL at the root of the host, and its configuration shows it; then this is not
    reported.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from clearway.doctor.deployed.deployment import Deployment
from clearway.doctor.facts import Facts, optional
from clearway.doctor.finding import Finding, Fix, Level, Safety
from clearway.doctor.python_edit import constant
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.serving import HELPFUL, NEEDED, front_files
from clearway.doctor.stretches.mounts import mounts
from clearway.fronts.front import Front
from clearway.fronts.road import Location

RULE = Rule("CW116", "script-name-missing", "script-name", Level.ERROR, Layer.SETTINGS, NEEDED, HELPFUL)


def look(facts: Facts) -> Iterator[Finding]:
    settings = facts.settings
    url = str(settings["STATIC_URL"] or "")
    script, where = next(_scripts(facts), ("", None))
    if not script or settings["DEBUG"] or urlsplit(url).netloc:
        return
    is_doubled = url.startswith(f"{script.lstrip('/')}/")
    if (url.startswith(f"{script}/") or not url.startswith("/")) and not is_doubled:
        return
    if not is_doubled and _is_answered(facts, url):
        return
    asked = f"{script}/{url}" if is_doubled else url
    here = settings.line_of("STATIC_URL")
    right = url.lstrip("/") if not is_doubled else url[len(script) :]
    yield RULE.finding(
        f"the site runs below {script}/, and STATIC_URL {'has it twice' if is_doubled else 'does not'}",
        f"{where.file}:{where.line} says {script}" if where else f"FORCE_SCRIPT_NAME = {script!r}",
        f"STATIC_URL = {url!r}, so pages ask for {asked}…",
        location=here,
        effect=f"requests below {asked} do not reach the application or its files",
        fix=Fix(f"STATIC_URL = {right!r}: Django puts {script}/ before it", Safety.UNSAFE, constant(here, url, right)),
        breaks=frozenset({"static"}),
    )


def _scripts(facts: Facts) -> Iterator[tuple[str, Location | None]]:
    """The path that the application is told of, and where."""
    if forced := str(facts.settings.get("FORCE_SCRIPT_NAME") or "").rstrip("/"):
        yield f"/{forced.lstrip('/')}", facts.settings.line_of("FORCE_SCRIPT_NAME")
    front = optional(lambda: facts.front)
    if isinstance(front, Front) and not front.found:
        yield from ((path, line.location) for path, line in mounts(front))
    deployment = Deployment(facts.tree)
    app = deployment.app
    if app and (name := app.environment.get("SCRIPT_NAME", "").strip("/")):
        yield f"/{name}", facts.tree.location(deployment.compose_file, app.line)
    if deployment.image and (name := deployment.image.environment().get("SCRIPT_NAME", "").strip("/")):
        yield f"/{name}", facts.tree.location(deployment.image.file)
    for command in deployment.commands:
        if found := re.search(r"--root-path[= ]/?([\w/.-]+)|\bSCRIPT_NAME=/?([\w/.-]+)", command.text):
            yield f"/{(found[1] or found[2]).strip('/')}", command.location
    for name, text in facts.tree.texts.items():
        for found in re.finditer(r"^\s*Environment=.*\bSCRIPT_NAME=/?([\w/.-]+)", text, re.MULTILINE):
            yield f"/{found[1].strip('/')}", facts.tree.location(name, text.count("\n", 0, found.start()) + 1)


def _is_answered(facts: Facts, url: str) -> bool:
    """Whether a front leads the URLs as they are to files."""
    front = optional(lambda: facts.front)
    roads = [each for each in optional(lambda: facts.roads) or () if each.sample.kind == "static"]
    if front and roads:
        return all(each.trace.road.outcome.by == front.name and each.trace.road.outcome.file for each in roads)
    return not facts.process.answers and any(front_files(facts.tree, urlsplit(url).path, routed=True))
