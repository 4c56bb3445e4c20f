"""Regular expressions as httpd compiles them."""

import pytest

from clearway.fronts.apache.patterns import search


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        (r"\.css$", "/a.css", True),
        (r"\.css$", "/a.css\n", False),
        (r"(\.css|\.js)$", "/a.js\n", False),
        (r"(?m)\.css$", "/a.css\n", True),
        (r"\.css\$", "/a.css$\n", True),
        (r"\.css[$\n]", "/a.css\n", True),
        (r"\Q$\E$", "/a$", True),
        (r"^/a.b$", "/a\nb", True),
    ],
)
def test_a_dollar_sign_is_the_end_and_nothing_before_it(pattern: str, text: str, matches: bool) -> None:
    assert (search(pattern, text) is not None) == matches
