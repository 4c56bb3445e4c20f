"""Names that strangers gave, as they are kept."""

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from clearway.policy.file_names import LONGEST, safe_name, safe_path, shortened

ANY = st.text(st.characters(exclude_categories=()), max_size=300)


@pytest.mark.parametrize(
    "name",
    [
        "photo.jpg",
        "Photo 2024 (1).JPG",
        "report.v1.2.final.pdf",
        "archive.tar.gz",
        "photo.jpg.100x100_q85_crop.jpg",
        "jquery.min.js",
        "日本語.png",
        "café.png",
        "a",
        "-x",
        "_",
        "conx.txt",
        "com10.txt",
        "comma.txt",
        "👍.gif",
        "n" * 251 + ".txt",
        "shell.php",
        "a" * 255,
    ],
)
def test_a_safe_name_stays_as_it_is(name: str) -> None:
    assert safe_name(name) == name


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("shell.php.jpg", "shell_php.jpg"),
        ("shell.PhP5.jpg", "shell_PhP5.jpg"),
        ("shell.phtml.png", "shell_phtml.png"),
        ("shell.php.", "shell.php"),
        ("shell.php. . .", "shell.php"),
        ("shell.php .jpg", "shell_php .jpg"),
        ("x.html.unknown", "x_html.unknown"),
        ("x.php.asp.cgi.gif", "x_php_asp_cgi.gif"),
        (".htaccess", "_.htaccess"),
        ("..", "_"),
        (".", "_"),
        ("...x", "_...x"),
        ("", "_"),
        (" ", "_"),
        ("\u200b", "_"),
        ("a/b", "a_b"),
        ("a\\b", "a_b"),
        ("C:\\x.txt", "C__x.txt"),
        ("a:b", "a_b"),
        ("x.html::$DATA", "x.html__$DATA"),
        ('a<b>c|d?e*f"g', "a_b_c_d_e_f_g"),
        ("a\x00b.txt", "ab.txt"),
        ("a\r\nSet-Cookie: x.txt", "aSet-Cookie_ x.txt"),
        ("a\x1b[31m.txt", "a[31m.txt"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("\ufeffbom.txt", "bom.txt"),
        ("a\u2028b", "ab"),
        ("a\u00a0b.txt", "a b.txt"),
        ("  a.txt  ", "a.txt"),
        ("a.txt.", "a.txt"),
        ("cafe\u0301.png", "café.png"),
        ("NUL", "_NUL"),
        ("nul.txt", "_nul.txt"),
        ("CON .txt", "_CON .txt"),
        ("con.", "_con"),
        ("COM1", "_COM1"),
        ("com¹.log", "_com¹.log"),
        ("LPT0.x.y", "_LPT0.x.y"),
        ("CONIN$", "_CONIN$"),
        ("caf\udce9.png", "caf.png"),
    ],
)
def test_what_a_file_system_or_a_server_misreads_is_changed(name: str, kept: str) -> None:
    assert safe_name(name) == kept


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("n" * 300 + ".jpg", "n" * 251 + ".jpg"),
        ("é" * 200 + ".jpg", "é" * 125 + ".jpg"),
        ("👍" * 100 + ".jpg", "👍" * 62 + ".jpg"),
        ("n" * 300, "n" * 255),
        ("a." + "x" * 300, "a." + "x" * 253),
        ("n" * 250 + "..... .jpg", "n" * 250 + ".jpg"),
        ("." + "n" * 255, "_." + "n" * 253),
        ("." * 300 + "jpg", "_.jpg"),
    ],
)
def test_length_counts_in_octets_and_spares_the_extension(name: str, kept: str) -> None:
    assert safe_name(name) == kept


@pytest.mark.parametrize("text", ["n", "\ufdfa", "👍", "e\u0301", "\u0301", "..", "a.php."])
def test_an_endless_name_is_not_read_to_its_end(text: str) -> None:
    kept = safe_name(text * 500_000 + ".png")
    assert len(kept.encode()) <= LONGEST
    assert kept.endswith(".png")


@settings(max_examples=400)
@given(ANY)
@example("CON" * 100)
@example("a.php.php.php.jpg")
@example("\u0301\u0301.x")
@example("." * 300)
@example("a" * 254 + ".b")
@example("n" * 240 + ".php." + "x" * 20)
def test_any_name_becomes_one_that_every_file_system_takes(name: str) -> None:
    kept = safe_name(name)
    assert 0 < len(kept.encode()) <= LONGEST
    assert unicodedata.is_normalized("NFC", kept)
    assert not kept.startswith((".", " "))
    assert not kept.endswith((".", " "))
    assert not set(kept) & set('<>:"/\\|?*')
    assert not {unicodedata.category(each) for each in kept} & {"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"}
    assert safe_name(kept) == kept


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("a/b.txt", "a/b.txt"),
        ("./a//b.txt", "a/b.txt"),
        ("2024/CON/x.txt", "2024/_CON/x.txt"),
        ("../x", "_/x"),
        ("a/.git/config", "a/_.git/config"),
        ("a. /b", "a/b"),
        ("/etc/passwd", "etc/passwd"),
    ],
)
def test_every_part_of_a_path_is_made_safe(path: str, kept: str) -> None:
    assert safe_path(path) == kept


@pytest.mark.parametrize(
    ("name", "suffix", "kept"),
    [
        ("a.txt", "_x", "a_x.txt"),
        ("n" * 251 + ".txt", "_1234567", "n" * 243 + "_1234567.txt"),
        ("é" * 127, "_1234567", "é" * 123 + "_1234567"),
        ("a." + "b." * 120 + "jpg", "_1234567", ("a." + "b." * 120)[:-1] + "_1234567.jpg"),
    ],
)
def test_a_suffix_has_room_before_the_extension(name: str, suffix: str, kept: str) -> None:
    assert shortened(name, suffix=suffix) == kept
    assert len(kept.encode()) <= LONGEST
