"""Pilot tests of the quiz: played by keyboard, wrong answers answered at once, a closing page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from engine.practice.distinct import distinct_mistakes
from engine.practice.mistakes import mistake_title
from engine.practice.mixing import KINDS
from engine.practice.question import Asked
from engine.practice.quiz import Quiz
from engine.practice.spotting import Spot
from engine.practice.whole_pass import PASS_SKILLS
from tests.tui.playing import (
    answer_rightly,
    answer_wrongly,
    clear_cells,
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
            await pilot.press("f3", "f3", "question_mark")
            assert (quiz.here.status, quiz.here.hints) == ("open", 0)
            await answer_rightly(pilot)
        assert "Before you hand in" in screen_text(app)
        assert "Every question is answered." in screen_text(app)
        await pilot.press("enter")
        text = screen_text(app)
        assert "The exam is done." in text
        assert "3 of 4 questions right." in text
        await pilot.press("pageup")
        assert "✓" in screen_text(app)
        await pilot.press("pageup", "pageup", "pageup")
        assert "✗" in screen_text(app)
        assert quiz.position == 0


async def test_in_an_exam_one_goes_back_to_what_was_skipped_and_to_what_was_answered(
    tmp_path: Path,
) -> None:
    options = {"length": 3, "seed": 7, "exam": True, "kinds": ["value"]}
    app = make_app(tmp_path, ("quiz", options))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        quiz = quiz_of(app)
        await answer_wrongly(pilot)
        await pilot.press("escape", "n")
        await pilot.pause()
        await answer_rightly(pilot)
        text = screen_text(app)
        assert "1 question is left open." in text
        assert "Go to question 2, which is open" in text
        await pilot.press("enter")
        assert quiz.position == 1
        await answer_rightly(pilot)
        await pilot.press("pageup", "pageup")
        assert quiz.position == 0
        assert "✗" not in screen_text(app)
        assert "77.25" in screen_text(app)
        await clear_cells(pilot, quiz.question)
        await answer_rightly(pilot)
        assert quiz.position == 1
        await pilot.press("pagedown", "pagedown")
        assert "Every question is answered." in screen_text(app)
        await pilot.press("enter")
        assert "3 of 3 questions right." in screen_text(app)
        firsts = [record.firsts for record in app.recorder.standings().values()]
        known = [record.known for record in app.recorder.standings().values()]
        assert (sum(firsts), sum(known)) == (3, 2), "for mastery first answers count"


async def test_an_answer_of_an_exam_that_stays_is_left_behind_with_enter(tmp_path: Path) -> None:
    options = {"length": 2, "seed": 7, "exam": True, "kinds": ["value"]}
    app = make_app(tmp_path, ("quiz", options))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        quiz = quiz_of(app)
        await answer_wrongly(pilot)
        await pilot.press("pageup")
        assert quiz.position == 0
        await pilot.press("f5")
        assert quiz.position == 1
        assert quiz.progress[0].tries == 1


async def test_an_exam_that_was_left_is_handed_in_after_going_on(tmp_path: Path) -> None:
    app = make_app(tmp_path, ("quiz", {"length": 1, "seed": 7, "exam": True}))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await answer_rightly(pilot)
        await pilot.press("q")
        await pilot.pause()
        assert "Go on: Quiz" in screen_text(app)
        await pilot.press("enter")
        await pilot.pause()
        assert "Before you hand in" in screen_text(app)
        await pilot.press("enter")
        assert "1 of 1 question right." in screen_text(app)
        assert app.places.load("quiz") is None


@pytest.mark.parametrize("skill", PASS_SKILLS)
async def test_a_whole_pass_is_played_by_keyboard_with_one_step_wrong(
    skill: str, tmp_path: Path
) -> None:
    app = make_app(tmp_path, ("quiz", {"skill": skill, "length": 1, "seed": 4}))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        quiz = quiz_of(app)
        steps = len(quiz.questions)
        while quiz.question.key != "grad.W1":
            number = quiz.position + 1
            assert f"step {number} of {steps}" in screen_text(app)
            await answer_rightly(pilot)
            assert quiz.here.status == "right", quiz.question.id
            await pilot.press("enter")
        await answer_wrongly(pilot)
        assert "✗" in screen_text(app)
        await pilot.press("enter")
        while not quiz.finished:
            await answer_rightly(pilot)
            await pilot.press("enter")
        assert quiz.items[-1].skill == "linear.weight_gradient"
        text = " ".join(screen_text(app).split())
        assert "0 of 1 question right at the first try." in text
        assert "∂L/∂W₁" in text
        assert "Right when it came back." in text
        standings = app.recorder.standings()
        assert (standings[skill].firsts, standings[skill].known) == (1, 0)
        assert standings["linear.weight_gradient"].firsts == 2


async def test_the_closing_page_names_each_misconception_and_says_what_it_is(
    tmp_path: Path,
) -> None:
    options = {"skill": "relu.backward", "length": 2, "seed": 4, "kinds": ["value"]}
    app = make_app(tmp_path, ("quiz", options))
    async with app.run_test(size=(140, 40)) as pilot:
        await pilot.pause()
        quiz = quiz_of(app)
        for _ in range(2):
            await make_mistake(pilot, "mask_missing")
            await pilot.press("enter")
        while not quiz.finished:
            await answer_rightly(pilot)
            await pilot.press("enter")
        text = screen_text(app)
        assert "the ReLU's mask forgotten ×2" in text
        assert "These are the numbers before the mask." in " ".join(text.split())
        assert text.count("Right when it came back.") == 2


async def test_the_next_quiz_asks_for_the_mistake_that_was_met_and_says_so(tmp_path: Path) -> None:
    options = {"skill": "relu.backward", "length": 1, "seed": 4, "kinds": ["value"]}
    app = make_app(tmp_path, ("quiz", options))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        quiz = quiz_of(app)
        while not quiz.finished:
            await make_mistake(pilot, "mask_missing")
            await pilot.press("enter")
    app.places.close()
    app = make_app(tmp_path, ("quiz", {}))
    async with app.run_test(size=(160, 40)) as pilot:
        await pilot.pause()
        quiz = quiz_of(app)
        while quiz.question.skill != "relu.backward":
            await pilot.press("escape", "n")
            await pilot.pause()
        assert "You met a mistake here lately: the ReLU's mask forgotten." in screen_text(app)


async def make_mistake(pilot: Pilot[Any], tag: str) -> None:
    """Type what a misconception gives in the question's place."""
    question = quiz_of(pilot.app).question
    mistakes = distinct_mistakes(question.problem, question.key)
    value = next(value for mistake, value in mistakes if mistake.tag == tag)
    await type_cells(pilot, [f"{cell:g}" for cell in value.flat])


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


async def test_after_an_exam_another_exam_is_offered(tmp_path: Path) -> None:
    app = make_app(tmp_path, ("quiz", {"length": 1, "seed": 7, "exam": True}))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await answer_rightly(pilot)
        await pilot.press("1")
        await pilot.pause()
        assert "Another exam" in screen_text(app)
        await pilot.press("1")
        await pilot.pause()
        assert isinstance(app.screen, QuizScreen)
        assert app.screen.quiz.exam


@pytest.mark.parametrize("kind", ["choice", "shape", "value", "formula"])
async def test_the_gradient_that_arrives_stands_once_among_what_is_known(
    kind: Asked, tmp_path: Path
) -> None:
    options = {"skill": "linear.backward", "length": 1, "seed": 4, "kinds": [kind]}
    app = make_app(tmp_path, ("quiz", options))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        text = screen_text(app)
        shown = text.count("d = ∂L/∂H₁")
        assert shown == text.count("The gradient d = ∂L/∂H₁") + 1
        assert not re.search(r"\bf4 d\b|\bd \d", text)


async def test_the_steps_of_a_pass_stay_side_by_side_once_they_are_answered(tmp_path: Path) -> None:
    options = {"skill": "linear.backward", "length": 2, "seed": 4, "kinds": ["spot"]}
    app = make_app(tmp_path, ("quiz", options))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await answer_rightly(pilot)
        await pilot.pause()
        text = screen_text(app)
        assert re.search(r" 1  H₁ = .* 2  O₁ = ", text)
        assert "✓ Right" in text


async def test_a_verdict_on_a_choice_is_scrolled_into_a_small_window(tmp_path: Path) -> None:
    options = {"skill": "linear.backward", "length": 1, "seed": 4, "kinds": ["spot"]}
    app = make_app(tmp_path, ("quiz", options))
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.pause()
        await answer_rightly(pilot)
        await pilot.pause()
        await pilot.pause()
        assert "✓ Right" in screen_text(app)
