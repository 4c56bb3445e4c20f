"""What the last look says of all that it found."""

import pytest

from clearway.releasing.step import FailedError
from clearway.releasing.steps.verify import _refuse

SITE = "https://shop.example"


def test_a_site_that_is_down_is_said_once_and_what_is_wrong_beside_it_all() -> None:
    wrong = [(f"{SITE}/{name}", "no answer (refused)") for name in "abc"]
    with pytest.raises(FailedError, match=r"/a no answer .*, and 3 more") as caught:
        _refuse("live", [*wrong, (f"{SITE}/d", "is answered with 403")])
    assert caught.value.output.splitlines() == [f"{SITE}/a no answer (refused)", f"{SITE}/d is answered with 403"]
