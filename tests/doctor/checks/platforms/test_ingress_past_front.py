"""CW806: an ingress that leads past the web server with the files."""

import pytest
from tests.doctor.deployments import BUCKET, WHITENOISE
from tests.doctor.fake_facts import found
from tests.doctor.manifests import CONFIGURATION, INGRESS, SERVICE, deployed, pod

POD = pod("/app/staticfiles", "/files")


@pytest.mark.parametrize("path", ["/", "/static", "/static/"])
def test_it_fires(path: str) -> None:
    [finding] = found("CW806", deployed(CONFIGURATION, POD, SERVICE % 8000, INGRESS % ("", path)))
    assert finding.cause == "no-route"
    assert "django" in finding.message


@pytest.mark.parametrize(
    "documents",
    [
        (CONFIGURATION, POD, SERVICE % 80, INGRESS % ("", "/")),
        (CONFIGURATION, POD, SERVICE % "http", INGRESS % ("", "/")),
        (CONFIGURATION, POD, SERVICE % 8000, INGRESS % ("", "/api")),
        (CONFIGURATION, POD, SERVICE % 8000, INGRESS % ("", "/(.*)")),
        (CONFIGURATION.replace("/static/", "/assets/"), POD, SERVICE % 8000, INGRESS % ("", "/")),
        (CONFIGURATION, POD, SERVICE % 9999, INGRESS % ("", "/")),
        (CONFIGURATION, POD, INGRESS % ("", "/")),
        (CONFIGURATION, POD, SERVICE % 8000),
        (),
    ],
)
def test_it_is_silent(documents: tuple[str, ...]) -> None:
    assert found("CW806", deployed(*documents)) == []


def test_it_is_silent_where_the_application_or_a_bucket_answers() -> None:
    documents = (CONFIGURATION, POD, SERVICE % 8000, INGRESS % ("", "/"))
    assert found("CW806", deployed(*documents, process=WHITENOISE)) == []
    assert found("CW806", deployed(*documents, static_storage=BUCKET)) == []
    assert found("CW806", deployed(*documents, settings={"DEBUG": True})) == []
