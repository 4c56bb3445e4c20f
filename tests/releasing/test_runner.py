"""A release goes forward or all the way back, wherever it fails, is stopped or is killed."""

import io
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.releasing import fake_steps
from tests.releasing.fake_steps import CHANGING, NAMES, Fakes, fail, is_told_to_end, nothing_before

from clearway.releasing.outcome import Outcome, Ran, Status
from clearway.releasing.screen import Screen
from clearway.releasing.state import State
from clearway.releasing.step import Cause
from clearway.stores.errors import LockedError

BACK = ["reload-back", "ready-back", "verify-back"]
PREVIOUS = "0" * 16


def way_back(failed: str) -> list[str]:
    """What follows when a step fails."""
    reached = NAMES[: NAMES.index(failed) + 1]
    live = BACK if "reload" in reached else []
    return [*(f"-{name}" for name in reversed(reached) if name in CHANGING), *live]


def test_all_steps_are_done_in_order_and_nothing_is_left(tmp_path: Path) -> None:
    fakes = Fakes(tmp_path)
    outcome = fakes.release()
    assert fakes.did() == [*NAMES]
    assert outcome.is_done
    assert [ran.status for ran in fakes.listener.ran] == [Status.DONE] * len(NAMES)
    assert fakes.journal.read() is None


@pytest.mark.parametrize("failed", NAMES)
@pytest.mark.parametrize("effect", [fail, is_told_to_end], ids=["fails", "is-stopped"])
def test_what_began_is_taken_back_in_reverse_and_made_live(tmp_path: Path, failed: str, effect: object) -> None:
    fakes = Fakes(tmp_path, {failed: effect})  # type: ignore[dict-item]
    outcome = fakes.release()
    assert fakes.did() == [*NAMES[: NAMES.index(failed) + 1], *way_back(failed)]
    assert not outcome.is_done
    assert outcome.failed
    assert outcome.failed.name == failed
    assert outcome.rolled_back is (None if failed == "check" else True)
    assert fakes.listener.backs == (failed != "check")
    assert fakes.journal.read() is None


def test_a_stop_is_named(tmp_path: Path) -> None:
    outcome = Fakes(tmp_path, {"publish": is_told_to_end}).release()
    assert outcome.failed
    assert outcome.failed.text == "stopped by SIGTERM"


def test_a_crash_of_a_step_is_a_failure_like_others(tmp_path: Path) -> None:
    def crash() -> None:
        raise ZeroDivisionError("of ours")

    outcome = Fakes(tmp_path, {"ready": crash}).release()
    assert outcome.failed
    assert outcome.failed.text == "of ours"
    assert outcome.rolled_back


def test_signals_do_not_keep_it_from_going_back(tmp_path: Path) -> None:
    fakes = Fakes(tmp_path, {"verify": fail}, {"publish": is_told_to_end, "collect": is_told_to_end})
    assert fakes.release().rolled_back
    assert fakes.did()[-3:] == BACK


def test_a_stop_that_comes_after_a_step_failed_does_not_hide_why(tmp_path: Path) -> None:
    fakes = Fakes(tmp_path, {"verify": fail})
    fakes.calming = is_told_to_end
    outcome = fakes.release()
    assert outcome.failed
    assert (outcome.failed.name, outcome.failed.text) == ("verify", "no")
    assert outcome.rolled_back
    assert fakes.did() == [*NAMES, *way_back("verify")]


def test_a_stop_before_the_first_step_changes_nothing(tmp_path: Path) -> None:
    fakes = Fakes(tmp_path)
    fakes.planning = is_told_to_end
    outcome = fakes.release()
    assert outcome.failed
    assert (outcome.failed.name, outcome.failed.text) == ("check", "stopped by SIGTERM")
    assert outcome.rolled_back is None
    assert (fakes.did(), fakes.journal.read()) == ([], None)


def test_it_goes_back_when_nobody_can_be_told(tmp_path: Path) -> None:
    class Gone(io.StringIO):
        """A pipe that nobody reads, or a terminal that was closed."""

        def isatty(self) -> bool:
            return True

        def write(self, text: str) -> int:
            raise BrokenPipeError(32, "Broken pipe")

    fakes = Fakes(tmp_path, {"ready": fail})
    fakes.audience = Screen(Gone(), lambda words, style: words, [], wanted=True)
    assert fakes.release().rolled_back
    assert fakes.journal.read() is None


def test_a_step_that_cannot_be_taken_back_is_told_and_the_others_are(tmp_path: Path) -> None:
    fakes = Fakes(tmp_path, {"verify": fail}, {"publish": fail})
    outcome = fakes.release()
    assert outcome.rolled_back is False
    assert fakes.did() == [*NAMES, *way_back("verify")]
    assert [(ran.name, ran.status) for ran in outcome.ran if ran.status == Status.NOT_UNDONE] == [
        ("publish", Status.NOT_UNDONE)
    ]
    left = fakes.journal.read()
    assert left
    assert left.is_rolling_back
    assert left.previous == PREVIOUS


@pytest.mark.parametrize(
    ("failing", "is_back"), [({"reload"}, True), ({"reload", "ready"}, False), ({"verify"}, False)]
)
def test_what_the_site_answers_decides_whether_it_is_back(tmp_path: Path, failing: set[str], is_back: bool) -> None:
    fakes = Fakes(tmp_path, {"reload": fail}, back=dict.fromkeys(failing, fail))
    assert fakes.release().rolled_back is is_back


def test_where_nobody_looks_at_the_site_the_reload_decides_whether_it_is_back(tmp_path: Path) -> None:
    fakes = Fakes(tmp_path, {"verify": fail}, back={"reload": fail}, left_out=("ready",))
    assert fakes.release().rolled_back is False
    assert fakes.journal.read()


def test_what_was_reloaded_is_not_back_without_a_reload(tmp_path: Path) -> None:
    fakes = Fakes(tmp_path, left_out=("reload", "ready"))
    left = State(0, PREVIOUS, reached=["check", "collect", "reload"], is_resumed=True)
    assert fakes.runner().abort(left).rolled_back is False


def test_the_first_release_is_kept_since_there_is_nothing_to_go_back_to(tmp_path: Path) -> None:
    fakes = Fakes(tmp_path, {"publish": fail}, {"collect": nothing_before})
    outcome = fakes.release(State(0))
    assert outcome.rolled_back is False
    assert status_of("collect", outcome.ran) == Status.KEPT
    assert fakes.journal.read() is None


def test_the_first_release_is_rolled_back_where_all_of_it_was_taken_back(tmp_path: Path) -> None:
    assert Fakes(tmp_path, {"publish": fail}).release(State(0)).rolled_back is True


def test_the_first_release_is_tried_again_where_a_step_could_not_be_taken_back(tmp_path: Path) -> None:
    fakes = Fakes(tmp_path, {"publish": fail}, {"collect": nothing_before, "publish": fail})
    outcome: Outcome = fakes.release(State(0))
    assert (outcome.rolled_back, outcome.is_stuck) == (False, True)
    assert fakes.journal.read()


def status_of(name: str, ran: Sequence[Ran]) -> Status:
    """How it ended at last."""
    return [each.status for each in ran if each.name == name][-1]


def test_with_nothing_before_it_there_is_nothing_to_be_live_again(tmp_path: Path) -> None:
    fakes = Fakes(tmp_path, {"ready": fail})
    assert fakes.release(State(0)).rolled_back is False
    assert fakes.journal.read() is None


def test_causes_are_asked_for_before_anything_is_taken_back(tmp_path: Path) -> None:
    fakes = Fakes(tmp_path, {"ready": fail})
    cause = Cause("CW416", "live-perm-parent", "may not be read")
    outcome = fakes.runner((cause,)).release(State(0, PREVIOUS))
    assert outcome.failed
    assert outcome.failed.causes == (cause,)


# --- killed


def killed_at(name: str, folder: Path) -> None:
    words = [sys.executable, "-m", fake_steps.__name__, str(folder), name]
    done = subprocess.run(words, check=False, cwd=Path(__file__).parents[2])
    assert done.returncode == -9


@pytest.mark.parametrize("name", NAMES)
def test_a_run_that_was_killed_is_finished_by_the_next(tmp_path: Path, name: str) -> None:
    killed_at(name, tmp_path)
    fakes = Fakes(tmp_path)
    left = fakes.journal.read()
    assert left
    assert left.reached == [*NAMES[: NAMES.index(name) + 1]]
    assert left.previous == PREVIOUS
    assert fakes.release(left).is_done
    assert fakes.did()[-len(NAMES) :] == [*NAMES]
    assert fakes.journal.read() is None


@pytest.mark.parametrize("name", NAMES)
def test_a_run_that_was_killed_can_be_rolled_back(tmp_path: Path, name: str) -> None:
    killed_at(name, tmp_path)
    fakes = Fakes(tmp_path)
    left = fakes.journal.read()
    assert left
    outcome = fakes.runner().abort(left)
    assert fakes.did()[NAMES.index(name) + 1 :] == way_back(name)
    assert outcome.rolled_back is (None if name == "check" else True)
    assert fakes.journal.read() is None


def test_what_a_killed_run_did_is_taken_back_when_the_next_fails_before_it_comes_so_far(tmp_path: Path) -> None:
    killed_at("ready", tmp_path)
    fakes = Fakes(tmp_path, {"check": fail})
    left = fakes.journal.read()
    assert left
    assert fakes.release(left).rolled_back
    assert fakes.did()[-len(BACK) - 2 :] == ["-publish", "-collect", *BACK]


def test_two_at_once_are_one(tmp_path: Path) -> None:
    with Fakes(tmp_path).journal.alone(), pytest.raises(LockedError):
        Fakes(tmp_path).release()
