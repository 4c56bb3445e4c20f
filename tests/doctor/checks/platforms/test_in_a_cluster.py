"""CW801, CW803, CW804, CW805 and CW529 in a cluster: pods for containers, an ingress for a front."""

import pytest
from tests.doctor.checks.fronts.fronted import causes
from tests.doctor.deployments import WHITENOISE
from tests.doctor.fake_facts import found
from tests.doctor.manifests import CLAIM, COLLECT, CONFIGURATION, EMPTY, INGRESS, deployed, pod

from clearway.fronts.described import Described

FILES = "/app/staticfiles"
COPY = (
    '[{name: copy, image: shop, command: [sh, -c, "cp -r /app/staticfiles/. /to/"], '
    "volumeMounts: [{name: v, mountPath: /to}]}]"
)


@pytest.mark.parametrize(
    "documents",
    [
        (CONFIGURATION, pod()),
        (CONFIGURATION, pod("", "/files")),
        (CONFIGURATION, pod(FILES, "/elsewhere")),
        (CONFIGURATION, pod("/var/x", "/files")),
        (pod("", ""),),
    ],
)
def test_a_web_server_without_the_files(documents: tuple[str, ...]) -> None:
    [finding] = found("CW804", deployed(*documents))
    assert finding.cause == "volume-not-shared"
    assert finding.location
    assert finding.location.file == "/srv/shop/k8s/shop.yaml"


@pytest.mark.parametrize(
    "documents",
    [
        (CONFIGURATION, pod(FILES, "/files")),
        (CONFIGURATION, pod("", "/files", before=COPY)),
        (CONFIGURATION, pod(FILES, "/files", CLAIM)),
        (CONFIGURATION, pod(image="registry.example/shop-nginx:4")),
        (CONFIGURATION, pod(image="postgres:17")),
        ("{{ .Values.image }}\n",),
        (),
    ],
)
def test_a_web_server_with_the_files(documents: tuple[str, ...]) -> None:
    assert found("CW804", deployed(*documents)) == []


def test_a_web_server_of_another_pod_may_be_there_for_something_else() -> None:
    app, front = pod("", "", image="redis:7"), pod("", "").replace("registry.example/shop:1", "redis:7")
    other = front.replace("name: shop}", "name: pages}", 1)
    assert found("CW804", deployed(app, other)) == []
    assert len(found("CW804", deployed(CONFIGURATION, app, other))) == 1


def test_an_application_that_answers_needs_no_volume() -> None:
    assert found("CW804", deployed(CONFIGURATION, pod(), process=WHITENOISE)) == []


@pytest.mark.parametrize(("volume", "said"), [(EMPTY, "emptyDir"), (CLAIM, "volume files")])
def test_a_volume_over_what_the_image_has(volume: str, said: str) -> None:
    [finding] = found("CW805", deployed(pod(FILES, "/files", volume)))
    assert said in finding.message
    assert finding.location
    assert finding.location.line > 1


@pytest.mark.parametrize(
    ("documents", "collects"),
    [
        ((pod(FILES, "/files", before=COLLECT),), True),
        ((pod("", "/files", before=COPY),), True),
        ((pod(FILES, "/files"),), False),
        ((pod("/app/media", ""),), True),
        ((pod(FILES, "/files", "configMap: {name: x}"),), True),
    ],
)
def test_a_volume_that_is_filled_or_elsewhere(documents: tuple[str, ...], *, collects: bool) -> None:
    assert found("CW805", deployed(*documents, collects=collects)) == []


def test_what_a_container_before_collects_is_collected() -> None:
    assert found("CW801", deployed(pod(FILES, "/files", before=COLLECT), collects=False)) == []
    assert len(found("CW801", deployed(pod(FILES, "/files"), collects=False))) == 1


@pytest.mark.parametrize(
    ("app", "volume", "count"), [("", EMPTY, 1), ("/app/media", EMPTY, 1), ("/app/media", CLAIM, 0)]
)
def test_uploads_on_the_disk_of_a_pod(app: str, volume: str, count: int) -> None:
    settings = {"MEDIA_ROOT": "/srv/shop/media"}
    facts = deployed(pod(app, "", volume), settings=settings, process=WHITENOISE, file_fields=("shop.Photo.image",))
    assert len(found("CW803", facts)) == count


@pytest.mark.parametrize(
    ("note", "octets", "count"),
    [
        ('nginx.ingress.kubernetes.io/proxy-body-size: "8m"', 9_000_000, 1),
        ('nginx.ingress.kubernetes.io/proxy-body-size: "8m"', 8_000_000, 0),
        ('nginx.ingress.kubernetes.io/proxy-body-size: "0"', 9_000_000_000, 0),
        ("", 2_000_000, 1),
        ("", 1_000_000, 0),
    ],
)
def test_a_described_body_through_an_ingress(note: str, octets: int, count: int) -> None:
    facts = deployed(INGRESS % (note, "/"), described=Described.of("", [], octets, []))
    assert len(causes("CW529", facts)) == count


def test_the_default_of_a_controller_is_no_proof_without_a_request() -> None:
    assert causes("CW529", deployed(INGRESS % ("", "/"), file_fields=("shop.Photo.image",))) == []
