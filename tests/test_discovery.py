"""Which settings a command uses."""

from pathlib import Path

import pytest

from clearway.discovery import VARIABLE, Choice, NoSettingsError, choose

SETDEFAULT = (
    'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\nraise SystemExit("never run")\n'
)
ASSIGNED = 'import os\n\ndef main():\n    os.environ["DJANGO_SETTINGS_MODULE"] = "shop.settings"\n'


@pytest.fixture(autouse=True)
def without_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)


@pytest.mark.parametrize("text", [SETDEFAULT, ASSIGNED])
def test_manage_py_is_found_from_below_and_parsed(tmp_path: Path, text: str) -> None:
    manage = tmp_path / "manage.py"
    manage.write_text(text)
    below = tmp_path / "shop" / "static"
    below.mkdir(parents=True)
    assert choose(None, below) == Choice("shop.settings", str(manage), tmp_path)


def test_the_environment_wins_and_an_argument_wins_over_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "manage.py").write_text(SETDEFAULT)
    monkeypatch.setenv(VARIABLE, "shop.production")
    assert choose(None, tmp_path) == Choice("shop.production", VARIABLE, tmp_path)
    assert choose("shop.staging", tmp_path) == Choice("shop.staging", "--settings", tmp_path)


@pytest.mark.parametrize("text", [None, "", "def broken(:", "settings = 'DJANGO_SETTINGS_MODULE'", "\0"])
def test_nobody_says(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "manage.py").write_text(text)
    with pytest.raises(NoSettingsError, match="give --settings"):
        choose(None, tmp_path)
