"""The memory that bodies are kept in: bounded, shared by threads, never wrong."""

import threading
from dataclasses import replace
from hashlib import sha256
from io import FileIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.helpers.released import age

from clearway.http.resource import Answer, Octets, StoredFile
from clearway.serve import bodies as module
from clearway.serve.bodies import Bodies, FileChangedError, OpenFile


def stored(root: Path, name: str, data: bytes) -> StoredFile:
    path = root / name
    path.write_bytes(data)
    return StoredFile(str(path), len(data), None, path.stat().st_mtime_ns)


def digested(file: StoredFile) -> StoredFile:
    return replace(file, digest=sha256(Path(file.path).read_bytes()).digest()[:16])


def answer(file: StoredFile, start: int = 0, count: int | None = None) -> Answer:
    return Answer(200, (), octets=Octets(file, start, file.size if count is None else count))


def kept(bodies: Bodies) -> dict[str, int]:
    return {Path(path).name: len(data) for path, (_, data) in bodies._kept.items()}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[StoredFile]:
    """File n has n * 10 octets."""
    root = tmp_path_factory.mktemp("bodies")
    return [stored(root, f"{n}", bytes([n]) * n * 10) for n in range(12)]


@given(
    asked=st.lists(st.tuples(st.integers(0, 11), st.integers(0, 120), st.integers(0, 120)), max_size=40),
    budget=st.integers(0, 300),
    largest=st.integers(0, 120),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_budget_holds_after_every_request(
    files: list[StoredFile], asked: list[tuple[int, int, int]], budget: int, largest: int
) -> None:
    bodies = Bodies(budget, largest)
    for number, start, count in asked:
        file = files[number]
        first = min(start, file.size)
        length = min(count, file.size - first)
        body = bodies.body(answer(file, first, length))
        if isinstance(body, OpenFile):
            assert file.size > largest
            body, opened = b"".join(body), body
            opened.close()
        assert body == (bytes([number]) * file.size)[first : first + length]
        sizes = kept(bodies).values()
        assert sum(sizes) <= budget
        assert sum(sizes) + bodies._left == budget
        assert all(size <= largest for size in sizes)


def test_a_kept_body_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, bodies = stored(tmp_path, "a", b"abcdef"), Bodies()
    assert bodies.in_memory(answer(file)) is None
    assert bodies.body(answer(file, 2, 3)) == b"cde"
    monkeypatch.setattr(module, "open_file", None)
    assert (bodies.body(answer(file)), bodies.in_memory(answer(file, 1, 2))) == (b"abcdef", b"bc")


def test_what_was_read_first_makes_room(files: list[StoredFile]) -> None:
    bodies = Bodies(budget=100)
    for number in (3, 4, 2):
        bodies.body(answer(files[number]))
    assert kept(bodies) == {"3": 30, "4": 40, "2": 20}
    bodies.body(answer(files[5]))
    assert kept(bodies) == {"2": 20, "5": 50}
    bodies.body(answer(files[11]))  # larger than all of the budget
    assert sum(kept(bodies).values()) <= 100


def test_another_version_of_a_file_takes_the_place_of_the_kept_one(tmp_path: Path) -> None:
    bodies = Bodies(budget=10)
    first = stored(tmp_path, "a", b"one")
    assert bodies.body(answer(first)) == b"one"
    age(tmp_path / "a", 10)
    second = StoredFile(first.path, 3, None, (tmp_path / "a").stat().st_mtime_ns)
    assert bodies.in_memory(answer(second)) is None
    assert bodies.body(answer(second)) == b"one"
    assert (kept(bodies), bodies._left) == ({"a": 3}, 7)


def test_an_equal_description_of_the_file_finds_the_kept_body(tmp_path: Path) -> None:
    bodies, file = Bodies(), stored(tmp_path, "a", b"one")
    bodies.body(answer(file))
    twin = StoredFile(file.path, file.size, file.digest, file.mtime_ns)
    assert bodies.in_memory(answer(twin)) == b"one"


def test_an_answer_without_a_file_needs_no_memory() -> None:
    bodies = Bodies(budget=0)
    assert bodies.body(Answer(404, (), content=b"Not Found\n")) == b"Not Found\n"
    assert bodies.in_memory(Answer(304, ())) == b""


def test_a_digest_that_does_not_hold_is_an_error_and_nothing_is_kept(tmp_path: Path) -> None:
    bodies, file = Bodies(), stored(tmp_path, "a", b"one")
    with pytest.raises(FileChangedError, match="is not what it was"):
        bodies.body(answer(StoredFile(file.path, 3, b"\0" * 16)))
    assert kept(bodies) == {}


def test_a_large_file_is_read_in_blocks_and_its_part_ends_where_it_should(tmp_path: Path) -> None:
    data = bytes(range(256)) * 4096  # 1 MiB
    file = stored(tmp_path, "a", data)
    opened = Bodies().body(answer(file, 100, 700_000))
    assert isinstance(opened, OpenFile)
    blocks = list(opened)
    opened.close()
    opened.close()
    assert b"".join(blocks) == data[100:700_100]
    assert max(map(len, blocks)) <= module.BLOCK == 256 * 1024


def test_a_file_that_grows_while_it_is_sent_ends_at_the_announced_length(tmp_path: Path) -> None:
    file = stored(tmp_path, "a", b"x" * 300_000)
    opened = Bodies().body(answer(file))
    assert isinstance(opened, OpenFile)
    with (tmp_path / "a").open("ab") as more:
        more.write(b"y" * 300_000)
    assert b"".join(opened) == b"x" * 300_000
    opened.close()


def test_a_file_that_shrinks_while_it_is_sent_is_an_error(tmp_path: Path) -> None:
    file = stored(tmp_path, "a", b"x" * 600_000)
    opened = Bodies().body(answer(file))
    assert isinstance(opened, OpenFile)
    assert len(opened.read()) == 256 * 1024
    (tmp_path / "a").write_bytes(b"x" * 300_000)
    with pytest.raises(FileChangedError, match="became shorter"):
        list(opened)
    opened.close()


def test_only_the_last_verified_files_are_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [digested(stored(tmp_path, f"{number}", b"x" * 20)) for number in range(5)]
    bodies, read = Bodies(0, 10, verified=3), list[str]()

    def digest_of(opened: FileIO, size: int) -> bytes:
        read.append(Path(str(opened.name)).name)
        return sha256(opened.read(size)).digest()

    monkeypatch.setattr(module, "digest_of", digest_of)
    for number in (0, 1, 2, 2, 0, 3, 4, 3, 1, 4):
        with_file = bodies.body(answer(files[number]))
        assert isinstance(with_file, OpenFile)
        assert b"".join(with_file) == b"x" * 20
        with_file.close()
        assert len(bodies._verified) <= 3
    assert read == ["0", "1", "2", "3", "4", "1"]
    assert bodies.at_once(answer(files[2])) is None
    again = bodies.at_once(answer(files[4]))
    assert isinstance(again, OpenFile)
    again.close()


def test_threads_share_the_memory_within_the_budget(files: list[StoredFile]) -> None:
    bodies, wrong = Bodies(budget=150), []
    gate = threading.Barrier(8)

    def ask(seed: int) -> None:
        gate.wait()
        for step in range(300):
            number = 1 + (seed * 7 + step * 5) % 11
            body = bodies.body(answer(files[number]))
            if body != bytes([number]) * number * 10:
                wrong.append(number)

    threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert sum(kept(bodies).values()) + bodies._left == 150
    assert bodies._left >= 0


# --- a server that sends the file itself


@pytest.mark.parametrize("read", [0, 1, 2, 3])
def test_closing_tells_that_a_server_cannot_have_sent_what_was_announced(tmp_path: Path, read: int) -> None:
    opened = Bodies().body(answer(stored(tmp_path, "a", b"x" * 600_000)))
    assert isinstance(opened, OpenFile)
    for _ in range(read):
        opened.read()
    (tmp_path / "a").write_bytes(b"x" * 599_999)
    if read == 3:
        opened.close()  # all of it was read before
    else:
        with pytest.raises(FileChangedError, match="became shorter"):
            opened.close()
    assert opened.closed
    opened.close()


@pytest.mark.parametrize("change", [b"", b"y" * 600_000, b"x" * 900_000])
def test_closing_is_silent_when_what_was_announced_was_there(tmp_path: Path, change: bytes) -> None:
    file = stored(tmp_path, "a", b"x" * 600_000)
    opened = Bodies().body(answer(file))
    assert isinstance(opened, OpenFile)
    if change:
        (tmp_path / "a").write_bytes(change)
    opened.close()


def test_a_part_before_the_place_where_a_file_was_cut_is_whole(tmp_path: Path) -> None:
    opened = Bodies().body(answer(stored(tmp_path, "a", b"x" * 600_000), 10, 300_000))
    assert isinstance(opened, OpenFile)
    (tmp_path / "a").write_bytes(b"x" * 400_000)
    opened.close()


def test_an_open_file_is_a_file_to_a_server(tmp_path: Path) -> None:
    data = bytes(range(256)) * 3000
    opened = Bodies().body(answer(stored(tmp_path, "a", data), 256, 700_000))
    assert isinstance(opened, OpenFile)
    assert (opened.tell(), opened.fileno()) == (256, opened.file.fileno())
    assert opened.read(5) == data[256:261]
    assert b"".join(iter(lambda: opened.read(1 << 20), b"")) == data[261 : 256 + 700_000]
    opened.close()


# --- HEAD


@pytest.mark.parametrize("size", [100, 600_000])
def test_the_content_of_head_is_looked_at_and_kept_back(tmp_path: Path, size: int) -> None:
    file = stored(tmp_path, "a", b"x" * size)
    bodies = Bodies()
    assert bodies.body(answer(file).without_content) == b""
    (tmp_path / "a").unlink()
    if size == 100:
        assert bodies.in_memory(answer(file).without_content) == b""  # kept, as for GET
    else:
        with pytest.raises(FileChangedError):
            bodies.body(answer(file).without_content)
