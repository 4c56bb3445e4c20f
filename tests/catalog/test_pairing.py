"""Which neighbours are encodings of a file: by type, by age, by name."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearway.catalog.tree import DiskFile, pair

SECOND = 10**9


def listing(**times: float) -> dict[str, DiskFile]:
    """Files by name, `__` for a dot, with their times of change in seconds."""
    names = {name.replace("__", "."): time for name, time in times.items()}
    return {name: DiskFile(f"/r/{name}", 1, int(time * SECOND)) for name, time in names.items()}


def paired(**times: float) -> dict[str, str]:
    return {name: " ".join(sorted(codings)) for name, codings in pair(listing(**times)).items()}


def test_neighbours_lose_their_own_name() -> None:
    assert paired(a__css=5, a__css__gz=5, a__css__br=6, a__css__zst=7) == {"a.css": "br gzip identity zstd"}
    codings = pair(listing(a__css=5, a__css__gz=5))["a.css"]
    assert {coding: file.path for coding, file in codings.items()} == {"identity": "/r/a.css", "gzip": "/r/a.css.gz"}


@pytest.mark.parametrize(
    ("plain", "encoded", "is_variant"),
    [(5.0, 5.0, True), (5.9, 5.0, True), (5.0, 5.9, True), (5.0, 4.9, False), (6.0, 5.9, False), (5.0, 9.0, True)],
)
def test_an_older_neighbour_is_a_file_of_its_own(plain: float, encoded: float, is_variant: bool) -> None:
    apart = {"a.css": "identity", "a.css.gz": "identity"}
    assert paired(a__css=plain, a__css__gz=encoded) == ({"a.css": "gzip identity"} if is_variant else apart)


@pytest.mark.parametrize("name", ["a.tar", "a.png", "a.woff2", "a", "a.zip", "a.unknown", "a.css.gz"])
def test_only_compressible_types_have_neighbours(name: str) -> None:
    files = {each: DiskFile(each, 1, 5) for each in (name, f"{name}.gz", f"{name}.br", f"{name}.zst")}
    assert pair(files) == {each: {"identity": file} for each, file in files.items()}


@pytest.mark.parametrize(
    ("types", "is_variant"), [({".vtx": "text/x-vertex"}, True), ({".vtx": "a/b"}, False), ({}, False)]
)
def test_a_type_of_the_project_s_decides_too(types: dict[str, str], is_variant: bool) -> None:
    files = {name: DiskFile(name, 1, 5) for name in ("a.vtx", "a.vtx.gz")}
    assert list(pair(files, types)) == (["a.vtx"] if is_variant else ["a.vtx", "a.vtx.gz"])


def test_an_encoding_without_its_file_keeps_its_name() -> None:
    assert paired(a__css__gz=5, b__js=5) == {"a.css.gz": "identity", "b.js": "identity"}


@pytest.mark.parametrize("suffix", [".gzip", ".zstd", ".GZ", ".xz", ".bz2", ".z", "gz"])
def test_other_suffixes_are_names_like_any(suffix: str) -> None:
    files = {name: DiskFile(name, 1, 5) for name in ("a.css", f"a.css{suffix}")}
    assert list(pair(files)) == list(files)


@settings(max_examples=100)
@given(
    st.dictionaries(
        st.builds("{}{}{}".format, st.sampled_from("ab"), st.sampled_from(("", ".css", ".js", ".tar")),
                  st.sampled_from(("", ".gz", ".br", ".gz.br", ".zst"))),
        st.integers(1, 3),
    )
)  # fmt: skip
def test_every_file_is_answered_under_exactly_one_name(times: dict[str, int]) -> None:
    files = {name: DiskFile(name, 1, time * SECOND) for name, time in times.items()}
    placed = [file.path for codings in pair(files).values() for file in codings.values()]
    assert sorted(placed) == sorted(files)
    assert all(codings["identity"] == files[name] for name, codings in pair(files).items())
