"""Pictures of every screen and state, at two sizes and in both languages; the lesson also small.

After a wanted change run ``make snapshots`` and look at every picture that changed.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from engine.language import LANGUAGES
from engine.practice.session import Session
from tests.tui.playing import (
    answer_rightly,
    answer_wrongly,
    make_app,
    right_cells,
    session_of,
    type_cells,
    type_text,
)
from tui.app import Start
from tui.screens.home import HomeScreen
from tui.screens.session import SessionScreen

Play = Callable[[Pilot[Any]], Awaitable[None]]

SIZES = [(80, 24), (120, 36)]
SMALL = (40, 12)
MASHA: Start = ("lesson", "masha")
LOGISTIC: Start = ("lesson", "masha-logistic")
EXAM: Start = ("quiz", {"length": 2, "seed": 7, "exam": True})
QUIZ: Start = ("quiz", {"length": 2, "seed": 7})


def kind_of_quiz(kind: str) -> Start:
    """A quiz of one item of a kind."""
    options = {"skill": "linear.backward", "length": 1, "seed": 4, "kinds": [kind]}
    return ("quiz", options)


async def stay(pilot: Pilot[Any]) -> None:
    """The first screen as it comes."""
    await pilot.pause()


async def first_question(pilot: Pilot[Any]) -> None:
    """Past the conventions."""
    await pilot.pause()
    while isinstance(pilot.app.screen, HomeScreen):
        await pilot.pause()
    await pilot.press("enter")
    await pilot.pause()


async def reveal_until(pilot: Pilot[Any], arrived: Callable[[Session], bool]) -> None:
    """Show the answers behind the screen's back, which is quicker than by keyboard."""
    screen = pilot.app.screen
    assert isinstance(screen, SessionScreen)
    while not arrived(screen.session):
        screen.session.reveal()
        screen.session.next()
    screen.show()
    await pilot.pause()


def to_question(identity: str) -> Play:
    """Reveal everything before a question and stop there."""

    async def play(pilot: Pilot[Any]) -> None:
        await first_question(pilot)
        await reveal_until(pilot, lambda session: session.question.id == identity)

    return play


def then(first: Play, *presses: str) -> Play:
    """Play, then press keys."""

    async def play(pilot: Pilot[Any]) -> None:
        await first(pilot)
        await pilot.press(*presses)
        await pilot.pause()

    return play


def with_cells(first: Play, cells: str) -> Play:
    """Play, then type these cells, Enter after each."""

    async def play(pilot: Pilot[Any]) -> None:
        await first(pilot)
        await type_cells(pilot, cells.split())

    return play


def rightly(first: Play) -> Play:
    """Play, then answer rightly."""

    async def play(pilot: Pilot[Any]) -> None:
        await first(pilot)
        await answer_rightly(pilot)

    return play


async def formula_typed(pilot: Pilot[Any]) -> None:
    """A half-typed formula with its echo."""
    await first_question(pilot)
    await type_text(pilot, "X @ W1")


async def finished(pilot: Pilot[Any]) -> None:
    """The closing page, with one question right and all others shown."""
    await first_question(pilot)
    await answer_rightly(pilot)
    await pilot.press("enter")
    await reveal_until(pilot, lambda session: session.finished)


async def home_again(pilot: Pilot[Any]) -> None:
    """Home, after a lesson was left with a half-typed cell."""
    await to_question("O1")(pilot)
    await pilot.press("2", "enter", "0", "escape", "q")
    await pilot.pause()


async def among_the_lessons(pilot: Pilot[Any]) -> None:
    """Home, the mark on a lesson far down the path."""
    await home_again(pilot)
    await pilot.press("right", *["down"] * 9)
    await pilot.pause()


async def quiz_wrong(pilot: Pilot[Any]) -> None:
    """The first question of a quiz, answered wrongly."""
    await pilot.pause()
    count = len(right_cells(session_of(pilot.app).question))  # type: ignore[arg-type]
    await type_cells(pilot, ["77.25"] * count)


async def quiz_start(pilot: Pilot[Any]) -> None:
    """Where a quiz begins."""
    await pilot.app.run_action("quiz")
    await pilot.pause()


async def progress(pilot: Pilot[Any]) -> None:
    """The progress page of a new learner."""
    await pilot.app.run_action("progress")
    await pilot.pause()


async def chosen_wrongly(pilot: Pilot[Any]) -> None:
    """A wrong option, and the right one beside it."""
    await pilot.pause()
    await answer_wrongly(pilot)


async def exam_overview(pilot: Pilot[Any]) -> None:
    """Behind the last question of an exam, one of them skipped."""
    await pilot.pause()
    await answer_rightly(pilot)
    await pilot.press("escape", "n")
    await pilot.pause()


async def whole_pass(pilot: Pilot[Any]) -> None:
    """In the middle of a whole pass."""
    await pilot.pause()
    for _ in range(3):
        await answer_rightly(pilot)
        await pilot.press("enter")


async def quiz_finished(pilot: Pilot[Any]) -> None:
    """The closing page of a quiz with one question missed."""
    await quiz_wrong(pilot)
    await pilot.press("enter")
    for _ in range(2):
        await answer_rightly(pilot)
        await pilot.press("enter")


async def carried(pilot: Pilot[Any]) -> None:
    """Right for what was entered before, which was not right."""
    await with_cells(to_question("H1"), "3 -1 0 1")(pilot)
    await pilot.press("escape", "n")
    await reveal_until(pilot, lambda session: session.question.id == "O1")
    await type_cells(pilot, ["3", "0", "0", "1"])


LESSON_STATES: dict[str, tuple[Start, Play]] = {
    "formula_fresh": (MASHA, first_question),
    "formula_typed": (MASHA, formula_typed),
    "formula_right": (MASHA, rightly(first_question)),
    "value_fresh": (MASHA, to_question("H1")),
    "value_half_typed": (MASHA, then(to_question("H1"), "2", "enter", "1", "slash", "3", "tab")),
    "value_wrong": (MASHA, with_cells(to_question("O1"), "2 5 0 1")),
    "value_misconception": (MASHA, with_cells(to_question("grad.H1"), "-0.5 -1 0 0")),
    "value_carried": (MASHA, carried),
    "value_coarse": (LOGISTIC, with_cells(to_question("p"), "0.7 0.7")),
    "value_right": (MASHA, rightly(to_question("O1"))),
    "value_revealed": (MASHA, then(with_cells(to_question("O1"), "2 5 0 1"), "f3")),
    "erratum": (MASHA, rightly(to_question("H1"))),
    "book_formula": (LOGISTIC, rightly(to_question("formula each.L"))),
    "hint": (MASHA, then(to_question("grad.H1"), "question_mark")),
    "reveal_asked": (MASHA, then(to_question("grad.H1"), "f3")),
    "finished": (MASHA, finished),
}
OTHER_STATES: dict[str, tuple[Start, Play]] = {
    "home_new": ("home", stay),
    "home_again": (MASHA, home_again),
    "home_path": (MASHA, among_the_lessons),
    "conventions": (MASHA, stay),
    "help": (MASHA, then(to_question("H1"), "f1")),
    "quiz_fresh": (QUIZ, stay),
    "quiz_wrong": (QUIZ, quiz_wrong),
    "quiz_finished": (QUIZ, quiz_finished),
    "quiz_pass": (("quiz", {"skill": "pass.mse", "length": 1, "seed": 4}), whole_pass),
    "exam_overview": (EXAM, exam_overview),
    "quiz_choice": (kind_of_quiz("choice"), then(stay, "2")),
    "quiz_choice_wrong": (kind_of_quiz("choice"), chosen_wrongly),
    "quiz_shape": (kind_of_quiz("shape"), stay),
    "quiz_spot": (kind_of_quiz("spot"), then(stay, "2")),
    "quiz_spot_wrong": (kind_of_quiz("spot"), chosen_wrongly),
    "quiz_start": ("home", quiz_start),
    "progress_new": ("home", progress),
}
STATES = LESSON_STATES | OTHER_STATES


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("state", STATES)
def test_the_screen_looks_as_it_did(
    state: str, size: tuple[int, int], language: str, tmp_path: Path, snap_compare: Any
) -> None:
    start, play = STATES[state]
    app = make_app(tmp_path, start, language=language)
    assert snap_compare(app, terminal_size=size, run_before=play)


@pytest.mark.parametrize("state", LESSON_STATES)
def test_a_small_lesson_looks_as_it_did(state: str, tmp_path: Path, snap_compare: Any) -> None:
    start, play = STATES[state]
    app = make_app(tmp_path, start)
    assert snap_compare(app, terminal_size=SMALL, run_before=play)


@pytest.mark.parametrize("state", ["home_new", "home_again", "home_path"])
def test_a_small_home_looks_as_it_did(state: str, tmp_path: Path, snap_compare: Any) -> None:
    start, play = STATES[state]
    app = make_app(tmp_path, start)
    assert snap_compare(app, terminal_size=SMALL, run_before=play)
