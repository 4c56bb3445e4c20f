"""What a person reads where a front refuses an upload."""

import pytest

from clearway.fronts.site import Site
from clearway.fronts.too_large import page, size


@pytest.mark.parametrize(
    ("octets", "told"),
    [
        (0, "0 bytes"),
        (1023, "1023 bytes"),
        (1024, "1 KB"),
        (2_621_440, "2.5 MB"),
        (10 * 1024 * 1024 - 1, "9.9 MB"),
        (10 * 1024 * 1024, "10 MB"),
        (3 << 40, "3 TB"),
        (1 << 60, "1048576 TB"),
    ],
)
def test_a_size_is_never_told_as_more_than_it_is(octets: int, told: str) -> None:
    assert size(octets) == told


def test_the_page_says_what_one_file_may_have() -> None:
    assert "One file may have 5 MB, all of a form 8 MB." in page(Site(upload=8 << 20, file=5 << 20))
    assert "All of a form may have 8 MB." in page(Site(upload=8 << 20))


def test_no_sign_of_it_means_anything_to_a_front() -> None:
    assert not set(page(Site(upload=8 << 20, file=5 << 20))) & set("\"'$`{}%\\\n")
