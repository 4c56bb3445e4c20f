"""uWSGI answers the files below another path than the pages ask for.

What it means
    static-map leads to STATIC_ROOT or MEDIA_ROOT, and the path in it is not that of STATIC_URL or MEDIA_URL. uWSGI is
    never asked for that path, and the application answers no files with DEBUG off.

Why it breaks in production but not locally
    runserver answers below STATIC_URL, whatever it is; uWSGI is not there.

See it yourself
    curl -I of the URL in the page, and of the same name below the path of static-map.

Fix
    Make the two the same: the path in static-map, or the setting. check-static adds the whole path of a URL to its
    directory; static-map leaves its own prefix out.

When to ignore
    Where a web server before uWSGI answers the files, or changes the path; name its configuration to the doctor.
"""

from collections.abc import Iterator
from pathlib import Path

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.serving import HELPFUL, NEEDED, beside_uwsgi
from clearway.doctor.uwsgi import Mappings

RULE = Rule("CW808", "uwsgi-other-prefix", "url-prefix-mismatch", Level.ERROR, Layer.FRONT, NEEDED, HELPFUL)


def look(facts: Facts) -> Iterator[Finding]:
    for kind in ("static", "media"):
        mappings = Mappings(facts, kind)
        mapped = None if facts.settings["DEBUG"] else mappings.misplaced
        if mapped and not beside_uwsgi(facts, kind):
            setting, due = f"{kind.upper()}_URL", mappings.paths[0]
            yield RULE.finding(
                f"uWSGI answers below {mapped.prefix}, and the pages ask below {due}",
                f"{Path(mapped.location.file).name}:{mapped.location.line}: {mapped.text}",
                f"{setting} = {facts.settings[setting]!r}",
                location=mapped.location,
                effect=f"URLs below {due} are 404",
                fix=Fix(f"write static-map = {due.rstrip('/')}={mappings.due}"),
                breaks=frozenset({kind}),
            )
