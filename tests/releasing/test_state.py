"""What hooks and the command that reloads are told."""

from clearway.releasing.state import State

OLD, NEW = "0" * 16, "1" * 16


def told(state: State) -> tuple[str, str]:
    return state.environ["CLEARWAY_LIVE_RELEASE"], state.environ["CLEARWAY_ROLLING_BACK"]


def test_they_are_told_which_release_is_to_be_live() -> None:
    assert told(State(0, OLD, NEW)) == (NEW, "")
    assert told(State(0, OLD, NEW, is_rolling_back=True)) == (OLD, "1")


def test_before_it_is_collected_no_release_is_named() -> None:
    assert told(State(0, OLD)) == ("", "")
    assert told(State(0, None, NEW, is_rolling_back=True)) == ("", "1")
