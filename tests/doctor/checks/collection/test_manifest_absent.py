"""CW233: a manifest storage without a manifest."""

from typing import Any

import pytest
from tests.doctor.fake_facts import MANIFEST, Fake, collected, found, settings_of

from clearway.doctor.facts import Manifest, Sources, Use
from clearway.fronts.road import Location

FILE = "/srv/shop/staticfiles/staticfiles.json"
ABSENT = Manifest(FILE, {}, exists=False)
PLAIN = collected("/srv/shop/staticfiles", ["css/site.css", "js/site.js"])


def facts(manifest: Manifest = ABSENT, **more: Any) -> Fake:
    given = {"settings": settings_of(), "manifest": manifest, "collected": PLAIN, "static_storage": MANIFEST}
    return Fake(**given | more)


def test_files_of_another_storage_are_said_to_be_that() -> None:
    (finding,) = found("CW233", facts())
    assert finding.message == "there is no manifest of static files"
    assert finding.evidence == (
        f"{FILE} is not there",
        "the storage is django.contrib.staticfiles.storage.ManifestStaticFilesStorage",
        "/srv/shop/staticfiles has 2 files, none with a hash in its name",
    )
    assert finding.breaks == {"static"}


def test_hashed_files_are_counted() -> None:
    kept = collected("/srv/shop/staticfiles", ["css/site.css", "css/site.0123456789ab.css"])
    (finding,) = found("CW233", facts(collected=kept))
    assert finding.evidence[-1] == "/srv/shop/staticfiles has 2 files, 1 with a hash in the name"


def test_a_reference_at_which_collectstatic_stops_is_shown() -> None:
    uses = [Use("img/none.png", Location("/srv/a.css", 7)), Use("img/there.png", Location("/srv/a.css", 8))]
    sources = Sources({"img/there.png": "/srv/there.png"}, [])
    (finding,) = found("CW233", facts(references=uses, sources=sources))
    assert finding.evidence[-1] == "/srv/a.css:7 refers to img/none.png, which no finder knows"


def test_a_damaged_manifest_is_to_be_removed() -> None:
    (finding,) = found("CW233", facts(Manifest(FILE, {}, problem="not a manifest")))
    assert finding.message == "the manifest of static files cannot be read"
    assert finding.evidence[0] == f"{FILE}: not a manifest"
    assert finding.fix.commands == (f"rm {FILE}", "python manage.py collectstatic --noinput")


@pytest.mark.parametrize("names", [{}, {"a.css": "a.0123456789ab.css"}])
def test_a_manifest_that_can_be_read_is_fine(names: dict[str, str]) -> None:
    assert found("CW233", facts(Manifest(FILE, names))) == []


def test_development_asks_for_no_manifest() -> None:
    assert found("CW233", facts(settings=settings_of(DEBUG=True))) == []
