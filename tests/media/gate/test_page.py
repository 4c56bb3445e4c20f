"""The settings and the code of the page about uploads do what it says."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import override_settings
from tests.media.gate.uploads import request_of
from tests.policy.inspection.pictures import png
from tests.system.documents import REPOSITORY, blocks

from clearway.conf import Conf
from clearway.media import UploadLimits, validate_upload
from clearway.media.gate.refusal import _MESSAGES
from clearway.policy.limits import LIMITED, SUSPECT, TOLD

PAGE = "docs/howto/uploads.md"
BLOCKS = blocks(PAGE, "python")
TEXT = (REPOSITORY / PAGE).read_text(encoding="utf-8")


def run(text: str) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "photos.models"}
    exec(text, names)
    return names


def test_the_first_settings_refuse_with_the_sentence_of_the_page() -> None:
    given = run(BLOCKS[0])
    with override_settings(**{key: given[key] for key in ("FILE_UPLOAD_HANDLERS", "CLEARWAY")}):
        file = request_of(("a.png", png(60000, 60000))).FILES["file"]
        with pytest.raises(ValidationError) as refused:
            validate_upload(file)
        assert refused.value.messages[0] in TEXT.replace("\n", " ")


def test_the_model_has_both_validators() -> None:
    from django.apps import apps

    try:
        fields = run(BLOCKS[1])["Photo"]._meta
        assert validate_upload in fields.get_field("image").validators
        assert UploadLimits(max_size=500_000, max_frames=1) in fields.get_field("avatar").validators
    finally:
        apps.all_models.pop("photos", None)


@pytest.mark.parametrize("text", [text for text in BLOCKS if text.startswith("CLEARWAY")])
def test_the_other_settings_are_read(text: str) -> None:
    assert Conf.of(run(text)["CLEARWAY"], debug=False).media.gate != Conf().media.gate


def test_the_task_scans_what_is_held(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answers: list[Any] = [OSError("nobody"), None]

    def scanner(file: Any) -> None:
        if isinstance(answer := answers.pop(0), OSError):
            raise answer

    default = {"BACKEND": "clearway.media.MediaStorage", "OPTIONS": {"location": str(tmp_path)}}
    with override_settings(CLEARWAY={"media": {"scanner": scanner}}, STORAGES={"default": default}):
        storages["default"].save("a.bin", ContentFile(b"fine"))
        run(BLOCKS[-1])
    assert capsys.readouterr().out.startswith("a.bin Scan(name='', unknown='')")
    assert (tmp_path / "a.bin").read_bytes() == b"fine"


def test_the_page_names_every_code_and_every_code_has_a_sentence() -> None:
    listed = re.findall(r"^\| `(\w+)` \|", TEXT, re.MULTILINE)
    assert listed == list(SUSPECT)
    assert all(f"`{code}`" in TEXT for code in TOLD)
    assert {*LIMITED, *SUSPECT, *TOLD} <= set(_MESSAGES)
