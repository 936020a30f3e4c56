"""Pilot tests of the quiz: played by keyboard, wrong answers answered at once, a closing page."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Static

from engine.practice.mistakes import mistake_title
from engine.practice.mixing import KINDS
from engine.practice.question import Asked
from engine.practice.quiz import Quiz
from engine.practice.spotting import Spot
from tests.tui.playing import (
    answer_rightly,
    answer_wrongly,
    make_app,
    right_cells,
    screen_text,
    session_of,
    type_cells,
)
from tui.app import BackhandApp
from tui.screens.home import HomeScreen
from tui.screens.quiz import QuizScreen

SIZE = (100, 32)
OPTIONS = {"length": 10, "seed": 7}


async def test_a_whole_quiz_is_played_rightly_by_keyboard(tmp_path: Path) -> None:
    app = make_app(tmp_path, ("quiz", OPTIONS))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        session = session_of(app)
        while not session.finished:
            await answer_rightly(pilot)
            assert "✓" in screen_text(app), session.question.id
            await pilot.press("enter")
        text = screen_text(app)
        assert "10 of 10 questions right at the first try." in text
        assert "To look at again" not in text
        assert app.places.latest() is None


async def test_a_wrong_answer_is_judged_and_the_right_one_shown_at_once(tmp_path: Path) -> None:
    app = make_app(tmp_path, ("quiz", OPTIONS))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        session = session_of(app)
        await type_cells(pilot, ["77.25"] * len(right_cells(session.question)))
        assert session.here.status == "revealed"
        text = screen_text(app)
        assert "✗" in text
        assert "right = " in text


async def test_a_missed_question_comes_back_and_stands_on_the_closing_page(tmp_path: Path) -> None:
    app = make_app(tmp_path, ("quiz", {"length": 2, "seed": 7, "kinds": ["value"]}))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        session = session_of(app)
        await type_cells(pilot, ["77.25"] * len(right_cells(session.question)))
        await pilot.press("enter")
        await answer_rightly(pilot)
        await pilot.press("enter")
        assert "once more" in screen_text(app)
        await answer_rightly(pilot)
        await pilot.press("enter")
        text = screen_text(app)
        assert "1 of 2 questions right at the first try." in text
        assert "To look at again" in text
        assert "Right when it came back." in text


def quiz_of(app: BackhandApp) -> Quiz:
    """The quiz on the screen."""
    session = session_of(app)
    assert isinstance(session, Quiz)
    return session


@pytest.mark.parametrize("kind", KINDS)
async def test_each_kind_is_answered_wrongly_then_rightly_by_keyboard(
    kind: Asked, tmp_path: Path
) -> None:
    options = {"skill": "linear.backward", "length": 1, "seed": 4, "kinds": [kind]}
    app = make_app(tmp_path, ("quiz", options))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        quiz = quiz_of(app)
        assert quiz.question.kind == kind
        await answer_wrongly(pilot)
        assert "✗" in screen_text(app)
        assert quiz.here.status == "revealed"
        await pilot.press("enter")
        while not quiz.finished:
            await answer_rightly(pilot)
            assert quiz.here.status == "right", quiz.question.id
            assert "✓" in screen_text(app)
            await pilot.press("enter")
        assert len(quiz.items) == 2
        assert "Right when it came back." in " ".join(screen_text(app).split())


async def test_a_wrong_step_is_found_mended_and_named(tmp_path: Path) -> None:
    options = {"skill": "linear.backward", "length": 1, "seed": 4, "kinds": ["spot"]}
    app = make_app(tmp_path, ("quiz", options))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        quiz = quiz_of(app)
        item = quiz.item
        assert isinstance(item, Spot)
        assert "spot the error" in screen_text(app)
        assert mistake_title(item.mistake.tag) not in screen_text(app)
        await answer_rightly(pilot)
        await pilot.press("enter")
        assert "is the wrong step" in screen_text(app)
        await answer_rightly(pilot)
        said = str(app.screen.query_one("#aside", Static).render())
        assert mistake_title(item.mistake.tag) in said


async def test_arrows_mark_an_option_and_escape_leaves_for_the_commands(tmp_path: Path) -> None:
    options = {"skill": "linear.backward", "length": 1, "seed": 4, "kinds": ["choice"]}
    app = make_app(tmp_path, ("quiz", options))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        quiz = quiz_of(app)
        await pilot.press("enter")
        assert quiz.here.last is not None
        assert quiz.here.last.verdict == "invalid"
        await pilot.press("right", "right")
        assert quiz.here.draft == "2"
        await pilot.press("left", "left", "left", "8")
        assert quiz.here.draft == "1"
        await pilot.press("escape", "h")
        assert quiz.here.hints == 1
        await pilot.press("3")
        assert quiz.here.draft == "3"


async def test_an_exam_shows_nothing_before_the_end(tmp_path: Path) -> None:
    app = make_app(tmp_path, ("quiz", {"length": 4, "seed": 7, "exam": True}))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        quiz = quiz_of(app)
        await answer_wrongly(pilot)
        while not quiz.finished:
            text = screen_text(app)
            assert "✗" not in text
            assert "✓" not in text
            await pilot.press("f3", "f3", "pageup", "question_mark")
            assert (quiz.here.status, quiz.here.hints) == ("open", 0)
            await answer_rightly(pilot)
        text = screen_text(app)
        assert "The exam is done." in text
        assert "3 of 4 questions right at the first try." in text
        await pilot.press("pageup")
        assert "✓" in screen_text(app)
        await pilot.press("pageup", "pageup", "pageup")
        assert "✗" in screen_text(app)
        assert quiz.position == 0


async def test_a_quiz_left_in_the_middle_goes_on_from_home(tmp_path: Path) -> None:
    app = make_app(tmp_path, ("quiz", OPTIONS))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await answer_rightly(pilot)
        await pilot.press("enter", "4", "escape", "q")
        await pilot.pause()
        assert isinstance(app.screen, HomeScreen)
        assert "Go on: Quiz" in screen_text(app)
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, QuizScreen)
        assert session_of(app).position == 1
        assert session_of(app).here.draft.startswith("4")


async def test_the_closing_page_offers_another_quiz(tmp_path: Path) -> None:
    app = make_app(tmp_path, ("quiz", {"length": 1, "seed": 7}))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await answer_rightly(pilot)
        await pilot.press("enter", "enter")
        await pilot.pause()
        assert isinstance(app.screen, QuizScreen)
        assert session_of(app).position == 0
        assert not session_of(app).here.attempts
