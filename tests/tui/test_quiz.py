"""Pilot tests of the quiz: played by keyboard, wrong answers answered at once, a closing page."""

from __future__ import annotations

from pathlib import Path

from tests.tui.playing import (
    answer_rightly,
    make_app,
    right_cells,
    screen_text,
    session_of,
    type_cells,
)
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
    app = make_app(tmp_path, ("quiz", {"length": 2, "seed": 7}))
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
