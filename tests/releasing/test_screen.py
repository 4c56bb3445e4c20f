"""What people read while a release goes on, and at its end."""

import io
import re

import pytest

from clearway.releasing import text
from clearway.releasing.outcome import ABORT, Outcome, Ran, Status
from clearway.releasing.routine import Routine
from clearway.releasing.screen import Screen
from clearway.releasing.state import State
from clearway.releasing.step import Cause
from clearway.releasing.steps.reload import Reload

CAUSE = Cause(
    "CW416", "live-perm-parent", "www-data may not pass", "nginx.conf:3", ("403",), "chmod", "clearway explain CW416"
)
FAILED = Ran("verify", Status.FAILED, 1.5, "live: /x is answered with 403", "a\nb", (CAUSE,))
STATE = State(0, "a" * 16, "b" * 16)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def plain(words: str, style: str) -> str:
    return words


def shown(stream: io.StringIO, *ran: Ran, wanted: bool = True) -> str:
    screen = Screen(stream, plain, ["check", "verify"], wanted=wanted)
    for each in ran:
        screen.begins(each.name, "what it does")
        screen.ended(each)
    return stream.getvalue()


def test_a_log_has_one_line_for_each_step_and_the_output_of_what_failed() -> None:
    lines = shown(io.StringIO(), Ran("check", Status.DONE, 0.25, "all well"), FAILED).splitlines()
    assert lines[:2] == ["  check      0.2 s  all well", "  verify     1.5 s  failed: live: /x is answered with 403"]
    assert [line.strip() for line in lines[2:]] == ["a", "b"]


def test_a_terminal_has_what_goes_on_too_and_the_same_lines_in_the_end() -> None:
    told = shown(Terminal(), Ran("check", Status.DONE, 0.25, "all well"))
    assert "what it does …" in told
    assert re.sub(r"\r\033\[2K[^\r\n]*(?=\r)|\r\033\[2K", "", told) == "  check      0.2 s  all well\n"


def test_nothing_is_said_where_nobody_wants_it() -> None:
    assert shown(Terminal(), FAILED, wanted=False) == ""


def test_nothing_is_said_where_stderr_is_closed() -> None:
    screen = Screen(None, plain, ["check"], wanted=True)
    screen.begins("check", "what it does")
    screen.ended(FAILED)


def test_what_cannot_be_taken_back_is_not_called_undone() -> None:
    assert "s  kept: it is current" in shown(io.StringIO(), Ran("collect", Status.KEPT, 0.1, "it is current"))


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (Outcome(), f"done in 2.0 s: {'b' * 16} is released; before it: {'a' * 16}"),
        (Outcome([], FAILED, None), "not released: verify failed: CW416 live-perm-parent; nothing was changed"),
        (Outcome([], FAILED, True), f"rolled back: {'a' * 16} is released"),
        (Outcome([], FAILED, False), "THE ROLL-BACK FAILED TOO: look at the site"),
        (Outcome([], Ran(ABORT, Status.FAILED), True), f"rolled back: {'a' * 16} is released"),
        (Outcome([], Ran(ABORT, Status.FAILED), None), "not released: aborted; nothing was changed"),
    ],
)
def test_the_last_words_say_what_is_live(outcome: Outcome, said: str) -> None:
    lines = text.result(STATE, outcome, 2.0, plain)
    assert said in "\n".join(lines)
    assert all(len(line) <= 100 for line in lines)


def test_a_cause_is_a_block_as_the_doctor_has_it() -> None:
    lines = text.result(STATE, Outcome([], FAILED, True), 2.0, plain)
    assert lines[0] == "error     CW416 live-perm-parent"
    assert [line.split()[0] for line in lines[1:6]] == ["what", "proof", "where", "fix", "more"]


def test_the_first_release_of_all_has_nothing_to_go_back_to() -> None:
    [*_, last] = text.result(State(0, None, "b" * 16), Outcome([], FAILED, False), 2.0, plain)
    assert "nothing was released before it" in last


def test_the_first_release_of_all_may_be_taken_back() -> None:
    [*_, last] = text.result(State(0), Outcome([], FAILED, True), 2.0, plain)
    assert last.endswith("rolled back: nothing is released")


def test_the_first_release_of_all_says_what_could_not_be_taken_back() -> None:
    outcome = Outcome([Ran("before_check", Status.NOT_UNDONE)], FAILED, False)
    assert "THE ROLL-BACK FAILED TOO" in "\n".join(text.result(State(0), outcome, 2.0, plain))


def test_a_plan_says_why_a_step_is_left_out() -> None:
    lines = text.plan(STATE, [Reload(Routine())], {"reload": "no reload is set"}, {"error": "", "release": None}, plain)
    assert "  reload  left out: no reload is set" in lines


def test_the_first_release_of_all_follows_nothing() -> None:
    assert text.result(State(0, None, "b" * 16), Outcome(), 2.0, plain) == [f"done in 2.0 s: {'b' * 16} is released"]
