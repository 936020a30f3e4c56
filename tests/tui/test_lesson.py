"""Pilot tests of the guided lesson: played by keyboard from the first question to the last."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from engine.problems.course import builtin_ids
from tests.tui.playing import (
    answer_rightly,
    clear_cells,
    make_app,
    right_cells,
    screen_text,
    session_of,
    type_cells,
    type_text,
)
from tui.screens.conventions import ConventionsScreen
from tui.screens.home import HomeScreen
from tui.screens.lesson import LessonScreen
from tui.screens.session import SessionScreen

LESSONS = ["masha", "masha-logistic"]
SIZE = (100, 30)


async def into_lesson(pilot: Pilot[Any]) -> None:
    """From the conventions, shown once before the first lesson, to the first question."""
    await pilot.pause()
    if isinstance(pilot.app.screen, ConventionsScreen):
        await pilot.press("enter")
    await pilot.pause()
    assert isinstance(pilot.app.screen, LessonScreen)


async def test_one_enter_on_the_home_screen_starts_the_first_lesson(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        assert isinstance(app.screen, HomeScreen)
        await pilot.press("enter")
        await into_lesson(pilot)
        assert session_of(app).name == "masha"


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("problem", builtin_ids())
async def test_a_small_terminal_shows_the_map_and_where_one_types_at_the_first_question(
    problem: str, language: str, tmp_path: Path
) -> None:
    app = make_app(tmp_path, ("lesson", problem), language=language)
    async with app.run_test(size=(80, 24)) as pilot:
        await into_lesson(pilot)
        assert isinstance(app.screen, LessonScreen)
        view, seen = app.screen.view, app.screen.body.region
        assert seen.contains_region(view.query_one("#map").region)
        assert seen.contains_region((view.formula if view.formula.display else view.answers).region)


@pytest.mark.parametrize("problem", LESSONS)
async def test_a_lesson_is_played_rightly_by_keyboard_alone(problem: str, tmp_path: Path) -> None:
    app = make_app(tmp_path, ("lesson", problem))
    async with app.run_test(size=SIZE) as pilot:
        await into_lesson(pilot)
        session = session_of(app)
        for place in range(len(session.questions)):
            assert session.position == place
            await answer_rightly(pilot)
            assert session.here.status == "right", session.question.id
            assert "✓" in screen_text(app)
            await pilot.press("enter")
        assert session.finished
        count = len(session.questions)
        assert f"{count} of {count} questions right at the first try." in screen_text(app)


@pytest.mark.parametrize("problem", LESSONS)
async def test_every_question_may_be_answered_wrongly_first(problem: str, tmp_path: Path) -> None:
    app = make_app(tmp_path, ("lesson", problem))
    async with app.run_test(size=SIZE) as pilot:
        await into_lesson(pilot)
        session = session_of(app)
        for _ in session.questions:
            question = session.question
            if question.kind == "formula":
                await type_text(pilot, f"7 * ({question.problem.solution.formula(question.key)})")
                await pilot.press("enter")
            else:
                await type_cells(pilot, ["77.25"] * len(right_cells(question)))
            assert session.here.status == "open", question.id
            assert "✗" in screen_text(app), question.id
            if question.kind == "formula":
                await pilot.press("end", "ctrl+u")
            else:
                await clear_cells(pilot, question)
            await answer_rightly(pilot)
            assert session.here.status == "right", question.id
            await pilot.press("enter")
        assert session.finished
        assert "0 of" in screen_text(app)


@pytest.mark.parametrize("problem", LESSONS)
async def test_everything_can_be_revealed(problem: str, tmp_path: Path) -> None:
    app = make_app(tmp_path, ("lesson", problem))
    async with app.run_test(size=SIZE) as pilot:
        await into_lesson(pilot)
        session = session_of(app)
        for _ in session.questions:
            await pilot.press("f3")
            assert session.here.status == "open"
            assert "F3" in screen_text(app)
            await pilot.press("f3")
            assert session.here.status == "revealed"
            await pilot.press("enter")
        assert session.finished
        assert session.answered == len(session.questions)


@pytest.mark.parametrize("problem", LESSONS)
async def test_no_right_value_is_known_before_the_answer(problem: str, tmp_path: Path) -> None:
    app = make_app(tmp_path, ("lesson", problem))
    async with app.run_test(size=(120, 50)) as pilot:
        await into_lesson(pilot)
        assert isinstance(app.screen, SessionScreen)
        session = session_of(app)
        while not session.finished:
            question = session.question
            await pilot.press("escape", "k")
            shown = app.screen.view.known.shown_keys
            answered = {
                asked.key
                for asked, progress in zip(session.questions, session.progress, strict=True)
                if asked.kind == "value" and progress.status in ("right", "revealed")
            }
            given = {*question.problem.network.values, *question.problem.known, *question.given}
            assert set(shown) <= answered | given
            if question.key not in given:
                assert question.key not in shown
            text = screen_text(app)
            assert not app.screen.view.reveal_panel.display
            assert not app.screen.view.answers.right.display
            for cell in right_cells(question):
                seen = any(cell in line for line in text.splitlines() if question.symbol in line)
                long = len(cell) > 5
                assert not (long and question.kind == "value" and seen), (question.id, cell)
            await pilot.press("k", "f3", "f3", "enter")


async def test_a_half_typed_cell_is_there_again_after_quitting(tmp_path: Path) -> None:
    app = make_app(tmp_path, ("lesson", "masha"))
    async with app.run_test(size=SIZE) as pilot:
        await into_lesson(pilot)
        await answer_rightly(pilot)
        await pilot.press("enter")
        await pilot.press("2", "enter", "minus", "0", "full_stop")
        await pilot.press("ctrl+q")
    app.places.close()

    again = make_app(tmp_path)
    async with again.run_test(size=SIZE) as pilot:
        assert "Go on: Masha's network" in screen_text(again)
        assert "half typed: 2 -0.; _ _" in screen_text(again)
        await pilot.press("enter")
        await pilot.pause()
        assert session_of(again).position == 1
        assert again.screen.view.answers.grid.cells == [["2", "-0."], ["", ""]]  # type: ignore[attr-defined]
    again.places.close()


async def test_letters_are_commands_on_both_keyboards_outside_the_grid(tmp_path: Path) -> None:
    app = make_app(tmp_path, ("lesson", "masha"))
    async with app.run_test(size=SIZE) as pilot:
        await into_lesson(pilot)
        session = session_of(app)
        await pilot.press("escape", "р")
        assert session.here.hints == 1
        await pilot.press("т")
        assert session.position == 1
        await pilot.press("escape", "и")
        assert session.position == 0
        await pilot.press("escape", "й")
        await pilot.pause()
        assert isinstance(app.screen, HomeScreen)


async def test_a_digit_outside_the_grid_begins_a_cell(tmp_path: Path) -> None:
    app = make_app(tmp_path, ("lesson", "masha"))
    async with app.run_test(size=SIZE) as pilot:
        await into_lesson(pilot)
        await pilot.press("escape", "n", "escape", "7")
        assert app.screen.view.answers.grid.cells[0][0] == "7"  # type: ignore[attr-defined]
        assert session_of(app).here.draft == "7 _; _ _"


async def test_a_matrix_can_be_pasted(tmp_path: Path) -> None:
    from textual.events import Paste

    app = make_app(tmp_path, ("lesson", "masha"))
    async with app.run_test(size=SIZE) as pilot:
        await into_lesson(pilot)
        await pilot.press("escape", "n")
        app.post_message(Paste("[[2, -1], [0, 1]]"))
        await pilot.pause()
        await pilot.press("f5")
        assert session_of(app).here.status == "right"


async def test_the_same_wrong_answer_is_not_counted_twice(tmp_path: Path) -> None:
    app = make_app(tmp_path, ("lesson", "masha"))
    async with app.run_test(size=SIZE) as pilot:
        await into_lesson(pilot)
        await pilot.press("escape", "n")
        await type_cells(pilot, ["9", "9", "9", "9"])
        await pilot.press("enter", "f5")
        assert session_of(app).here.tries == 1


async def test_the_printed_matrix_is_shown_where_the_book_errs(tmp_path: Path) -> None:
    app = make_app(tmp_path, ("lesson", "masha"))
    async with app.run_test(size=SIZE) as pilot:
        await into_lesson(pilot)
        await pilot.press("escape", "n")
        await answer_rightly(pilot)
        text = screen_text(app)
        assert "What the book prints" in text
        assert "-0.5" in text


async def test_moving_over_the_answer_works_out_each_cell(tmp_path: Path) -> None:
    app = make_app(tmp_path, ("lesson", "masha"))
    async with app.run_test(size=SIZE) as pilot:
        await into_lesson(pilot)
        await pilot.press("escape", "n")
        await answer_rightly(pilot)
        await pilot.press("home", "up", "right")
        assert "row 1, column 2:  1·(-1) + 2·0 = -1" in screen_text(app)


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (120, 36)])
async def test_a_question_is_asked_and_answered_at_every_size(
    size: tuple[int, int], tmp_path: Path
) -> None:
    app = make_app(tmp_path, ("lesson", "masha"))
    async with app.run_test(size=size) as pilot:
        await into_lesson(pilot)
        await answer_rightly(pilot)
        await pilot.press("enter")
        assert "H₁ = ⎛" in screen_text(app)
        await answer_rightly(pilot)
        assert "✓" in screen_text(app)
        await pilot.resize_terminal(60, 16)
        await pilot.resize_terminal(150, 45)
        assert "H₁ = ⎛" in screen_text(app)


async def test_looking_back_shows_an_answered_question_as_it_was(tmp_path: Path) -> None:
    app = make_app(tmp_path, ("lesson", "masha"))
    async with app.run_test(size=SIZE) as pilot:
        await into_lesson(pilot)
        await answer_rightly(pilot)
        await pilot.press("enter", "pageup")
        session = session_of(app)
        assert session.position == 0
        assert "✓" in screen_text(app)
        await pilot.press("pagedown")
        assert session.position == 1
        await pilot.press("pagedown")
        assert session.position == 1


async def test_titles_and_texts_are_shown_as_they_are(tmp_path: Path) -> None:
    source = (
        'format = 1\nid = "odd"\ntitle = "[b]Odd[/b] [red]dz[i]"\nintro = "See [/nothing]"\n'
        "[values]\nX = [[1, 2]]\nW = [[1], [2]]\n"
        '[[forward]]\nlayer = "linear"\nweight = "W"\nto = "H"\n'
        '[[parts]]\nlabel = "[a]"\nask = ["value H"]\ntext = "What is [H > 0] in dz[i]?"\n'
    )
    path = tmp_path / "odd.toml"
    path.write_text(source, encoding="utf-8")
    app = make_app(tmp_path, ("lesson", str(path)))
    async with app.run_test(size=SIZE) as pilot:
        await into_lesson(pilot)
        text = screen_text(app)
        for part in ("[b]Odd[/b] [red]dz[i]", "See [/nothing]", "[a]", "What is [H > 0] in dz[i]?"):
            assert part in text
