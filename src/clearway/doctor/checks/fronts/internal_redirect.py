"""What the application hands back does not lead to the file.

What it means
    A view answers with X-Accel-Redirect, and the path in it is a URL of nginx, not a path of the disk: a location
    with internal has to map it, with alias, to the directory.

Why it breaks in production but not locally
    runserver answers by itself; no web server stands before it.

See it yourself
    The answer to a download is Django's 404, or nginx's; the error log names the path that was looked for.

Fix
    location /protected/ { internal; alias /srv/shop/private/; } with the path that the code writes.

When to ignore
    Never.
"""

from collections.abc import Iterator

from clearway.doctor.facts import ACCEL, Facts, HandOff
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.stretches import handing
from clearway.doctor.stretches.diagnosis import FACTS
from clearway.doctor.stretches.relation import related

RULE = Rule("CW518", "internal-redirect", "internal-redirect", Level.ERROR, Layer.FRONT, (*FACTS, "handed_off"))


def look(facts: Facts) -> Iterator[Finding]:
    front = related(facts)
    page = next((each for each in facts.roads if each.sample.kind == "page" and each.visit), None)
    if front.name != "nginx" or page is None or page.visit is None:
        return
    handed = reversed([each for each in facts.handed_off if each.header == ACCEL])  # of settings, which have a root
    for path, each in {each.path: each for each in handed}.items():
        if wrong := handing.problem(front, page.visit, each):
            yield _finding(path, each, wrong[0], wrong[1], is_open=wrong[2])


def _finding(path: str, handed: HandOff, message: str, evidence: tuple[str, ...], *, is_open: bool) -> Finding:
    folder = handed.root or "/the/directory"
    begun = f"/{path.strip('/').partition('/')[0]}/"
    return RULE.finding(
        message,
        f"X-Accel-Redirect: {path}…",
        *evidence,
        location=handed.location,
        effect="everybody can fetch the files that the view protects" if is_open else "downloads are 404",
        fix=Fix(f"location {begun} {{ internal; alias {folder}/; }}"),
        level=Level.WARNING if is_open else Level.ERROR,
    )
