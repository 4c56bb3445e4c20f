"""What collecting and publishing take back: what they did, and nothing that somebody else did since."""

import pytest

from clearway.releasing.own_verbs import Answer
from clearway.releasing.state import State
from clearway.releasing.step import FailedError, KeptError
from clearway.releasing.steps import collect, publish
from clearway.releasing.steps.collect import Collect
from clearway.releasing.steps.publish import Publish

OLD, OURS, OTHERS = "0" * 16, "1" * 16, "2" * 16
TARGET = "s3://shop"


class Records:
    """Of which one is current."""

    def __init__(self, current: str | None) -> None:
        self.now = current

    def current(self) -> str | None:
        return self.now


def collecting(current: str | None) -> Collect:
    return Collect(Records(current), lambda state: None)  # type: ignore[arg-type]


def publishing(monkeypatch: pytest.MonkeyPatch, current: str, target: str = TARGET) -> Publish:
    monkeypatch.setattr(Publish, "_current", lambda self, state: current)
    return Publish(target, lambda state: None)


@pytest.fixture
def verbs(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """Those that were called; none does anything."""
    called = list[tuple[str, ...]]()

    def verb(*words: str) -> Answer:
        called.append(words)
        return Answer(0, {"differences": [], "previous": OTHERS, "release": OURS, "uploads": [], "objects": 3})

    monkeypatch.setattr(collect, "verb", verb)
    monkeypatch.setattr(publish, "verb", verb)
    return called


def test_what_others_made_current_on_disk_stays_and_is_to_be_live(verbs: list[tuple[str, ...]]) -> None:
    state = State(0, OLD, OURS)
    assert "somebody else" in collecting(OTHERS).undo(state)
    assert (verbs, state.previous) == ([], OTHERS)


def test_what_a_killed_collect_made_is_taken_for_ours(verbs: list[tuple[str, ...]]) -> None:
    with pytest.raises(FailedError, match="not whole"):  # since this verb does nothing
        collecting(OTHERS).undo(State(0, OLD))
    assert verbs == [("rollback", OLD)]


def test_what_others_made_current_in_the_store_stays(
    monkeypatch: pytest.MonkeyPatch, verbs: list[tuple[str, ...]]
) -> None:
    state = State(0, OLD, OURS, there=OLD, published=OURS)
    assert "somebody else" in publishing(monkeypatch, OTHERS).undo(state)
    assert (verbs, state.there) == ([], OTHERS)


def test_what_a_killed_publish_made_current_is_taken_back(
    monkeypatch: pytest.MonkeyPatch, verbs: list[tuple[str, ...]]
) -> None:
    assert publishing(monkeypatch, OURS).undo(State(0, OLD, OURS, there=OLD))
    assert verbs == [("rollback", OLD, "--target", TARGET)]


def test_what_is_current_in_the_store_is_written_down_before_it_changes(verbs: list[tuple[str, ...]]) -> None:
    noted = list[tuple[str | None, str | None, int]]()
    Publish(TARGET, lambda state: noted.append((state.there, state.published, len(verbs)))).run(State(0, OLD, OURS))
    assert noted == [(OTHERS, None, 1)]


@pytest.mark.parametrize(
    ("there", "published", "back_to"),
    [(OLD, None, OLD), (OLD, OTHERS, OLD), (None, OTHERS, None), (OLD, OURS, OTHERS), (None, None, OTHERS)],
)
def test_a_release_that_is_done_again_goes_back_to_what_was_there_before_it(
    verbs: list[tuple[str, ...]], there: str | None, published: str | None, back_to: str | None
) -> None:
    """Unless somebody else published since: the others' is current."""
    state = State(0, OLD, OURS, there=there, published=published, is_resumed=True)
    Publish(TARGET, lambda state: None).run(state)
    assert state.there == back_to


def test_without_a_target_nothing_is_rolled_back_on_disk_in_its_place(
    monkeypatch: pytest.MonkeyPatch, verbs: list[tuple[str, ...]]
) -> None:
    with pytest.raises(FailedError, match="--target"):
        publishing(monkeypatch, OURS, "").undo(State(0, OLD, OURS, there=OLD, published=OURS))
    assert verbs == []


def test_with_nothing_before_it_what_is_current_is_kept(
    monkeypatch: pytest.MonkeyPatch, verbs: list[tuple[str, ...]]
) -> None:
    with pytest.raises(KeptError, match="on disk"):
        collecting(OURS).undo(State(0, None, OURS))
    with pytest.raises(KeptError, match="in the store"):
        publishing(monkeypatch, OURS).undo(State(0, None, OURS, published=OURS))
    assert verbs == []
