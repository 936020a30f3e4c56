"""Pilot tests of exploring: everything by keyboard, on every problem, at every size."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from textual.events import Paste
from textual.keys import _character_to_key

from engine.problems.course import builtin_ids
from tests.tui.exploring import (
    SIZE,
    explore_app,
    exploring,
    open_problem,
    press_and_wait,
    reveal_all,
)
from tests.tui.playing import answer_rightly, make_app, screen_text, session_of, type_text
from tui.screens.explore import ExploreScreen
from tui.screens.explore_start import ExploreStartScreen
from tui.screens.home import HomeScreen
from tui.screens.lesson import LessonScreen
from tui.screens.own_lesson import OwnLessonScreen

# --- values ---------------------------------------------------------------------------------------


async def test_a_number_typed_over_another_changes_all_that_follows(tmp_path: Path) -> None:
    async with exploring(tmp_path) as (app, pilot, _):
        text = screen_text(app)
        for part in ("X := ⎛  1  2 ⎞", "H₁ = ⎛ 2  -1 ⎞", "L = 0.25", "γ := 1"):
            assert part in text
        await pilot.press("3", "enter")
        text = screen_text(app)
        for part in ("X := ⎛  3▴ 2 ⎞", "H₁ = ⎛ 4▴ -3▾⎞", "L = 0▾"):
            assert part in text
        await pilot.press("z")
        assert "X := ⎛  1▾ 2 ⎞" in screen_text(app)
        await pilot.press("5", "enter", "r")
        assert "L = 0.25" in screen_text(app)


async def test_it_is_said_what_a_cell_is_and_where_it_comes_from(tmp_path: Path) -> None:
    async with exploring(tmp_path) as (app, pilot, screen):
        assert "row 1, column 1   given: type a number over it" in screen_text(app)
        screen.sheet.go("H1", 0, 1)
        await pilot.pause()
        text = screen_text(app)
        assert "H₁ = X·W₁" in text
        assert "row 1, column 2:  1·(-1) + 2·0 = -1" in text


async def test_what_cannot_be_typed_is_said_and_nothing_changes(tmp_path: Path) -> None:
    async with exploring(tmp_path) as (app, pilot, screen):
        await pilot.press("1", "slash", "0", "enter")
        assert screen.explorer.value("X")[0, 0] == 1
        assert "This divides by zero." in screen_text(app)
        screen.sheet.go("H1", 0, 0)
        await pilot.press("7")
        assert "H₁ follows from X, W₁." in screen_text(app)


async def test_a_value_that_the_pass_fails_with_is_said_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "ln.toml"
    path.write_text(
        'format = 1\nid = "ln"\ntitle = "[b]ln[/b]"\n[values]\nx = [[1, 2]]\n'
        '[[forward]]\nformula = "ln(x)"\nto = "h"\n',
        encoding="utf-8",
    )
    async with exploring(tmp_path, str(path)) as (app, pilot, _):
        assert "[b]ln[/b]" in screen_text(app)
        await pilot.press("tab", "0", "enter")
        assert "h = ln(x) has no finite value in row 1, column 2" in screen_text(app)
        assert "x := ( 1  2 )" in screen_text(app)


async def test_a_matrix_is_pasted_into_the_one_under_the_cursor(tmp_path: Path) -> None:
    async with exploring(tmp_path) as (app, pilot, screen):
        app.post_message(Paste("2 2; 2 2"))
        await pilot.pause()
        assert screen.explorer.value("X").tolist() == [[2, 2], [2, 2]]
        app.post_message(Paste("1 2 3"))
        await pilot.pause()
        assert "X has 2 rows and 2 columns, and keeps them." in screen_text(app)


@pytest.mark.parametrize("problem", builtin_ids())
async def test_every_problem_can_be_played_with(problem: str, tmp_path: Path) -> None:
    async with exploring(tmp_path, problem) as (app, pilot, screen):
        await pilot.press("0", "full_stop", "5", "enter", "tab", "2", "enter")
        for key, _ in screen.explorer.order():
            screen.sheet.go(key)
        await pilot.press("right", "down", "left", "up")
        await press_and_wait(pilot, "s", "t", "v", "v", "z", "z", "z")
        assert app.screen is screen
        if screen.explorer.untrainable:
            assert screen.explorer.runs == []
        else:
            assert "•" in screen_text(app)


# --- nudging --------------------------------------------------------------------------------------


async def test_a_nudge_stands_beside_the_gradient(tmp_path: Path) -> None:
    async with exploring(tmp_path) as (app, pilot, screen):
        screen.sheet.go("W2", 0, 0)
        await pilot.press("n")
        assert "ΔW₂ = 0.001" in screen_text(app)
        await type_text(pilot, "0,00001")
        await pilot.press("enter")
        text = screen_text(app)
        assert "Δn·L / Δ = (0.49998 - 0.5) / 1e-5 = -1.99998" in text
        assert "✓ the gradient is -2: they agree." in text
        await pilot.press("1", "enter")
        assert "The gradient is -2: on so long a way the loss bends." in screen_text(app)
        await pilot.press("0", "enter")
        assert "A nudge of 0 moves nothing." in screen_text(app)
        assert screen.explorer.value("W2")[0, 0] == 0.5
        await pilot.press("escape")
        assert screen.focused is screen.sheet
        assert "ΔW₂" not in screen_text(app)


async def test_a_kink_is_said_to_be_one(tmp_path: Path) -> None:
    async with exploring(tmp_path, "masha-logistic") as (app, pilot, screen):
        screen.sheet.go("H1", 1, 0)
        await pilot.press("n", "enter")
        text = screen_text(app)
        assert "There is a kink here: upwards the slope is -0.1345, downwards 0." in text


# --- ask me this ----------------------------------------------------------------------------------


async def test_the_values_become_a_lesson_that_is_marked_for_them(tmp_path: Path) -> None:
    async with exploring(tmp_path) as (app, pilot, screen):
        await pilot.press("3", "enter", "a")
        await pilot.pause()
        assert isinstance(app.screen, OwnLessonScreen)
        assert "Masha's network: your values" in screen_text(app)
        session = session_of(app)
        for _ in range(2):
            await answer_rightly(pilot)
            assert session.here.status == "right", session.question.id
            await pilot.press("enter")
        assert session.progress[1].attempts[0].text == "4 -3; 0 1"
        await reveal_all(pilot)
        assert "Back to exploring" in screen_text(app)
        await pilot.press("1")
        await pilot.pause()
        assert app.screen is screen


async def test_its_answers_and_its_place_are_kept_nowhere(tmp_path: Path) -> None:
    app = make_app(tmp_path, ("lesson", "masha"))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await pilot.press("enter")
        await answer_rightly(pilot)
        before = app.places.all()
        count = len(app.recorder.standings())
        await open_problem(pilot)
        await pilot.press("3", "enter", "a")
        await pilot.pause()
        await answer_rightly(pilot)
        await pilot.press("enter", "2", "escape", "q")
        await pilot.pause()
        assert isinstance(app.screen, ExploreScreen)
        assert app.places.all() == before
        assert len(app.recorder.standings()) == count


async def test_going_back_and_forth_keeps_what_was_answered_until_a_value_changes(
    tmp_path: Path,
) -> None:
    async with exploring(tmp_path) as (app, pilot, _):
        await pilot.press("a")
        await pilot.pause()
        await answer_rightly(pilot)
        await pilot.press("enter", "escape", "x")
        await pilot.pause()
        assert isinstance(app.screen, ExploreScreen)
        await pilot.press("a")
        await pilot.pause()
        assert session_of(app).position == 1
        await pilot.press("escape", "q")
        await pilot.pause()
        await pilot.press("4", "enter", "a")
        await pilot.pause()
        assert session_of(app).position == 0


async def test_the_lesson_of_own_values_may_begin_anew_and_lead_home(tmp_path: Path) -> None:
    async with exploring(tmp_path, "book-1-2") as (app, pilot, _):
        await pilot.press("a")
        await pilot.pause()
        for line in ("2", "3"):
            await reveal_all(pilot)
            await pilot.press(line)
            await pilot.pause()
        assert isinstance(app.screen, HomeScreen)


# --- the way there and everywhere -----------------------------------------------------------------


async def test_a_problem_is_chosen_from_the_list(tmp_path: Path) -> None:
    app = explore_app(tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("4")
        await pilot.pause()
        assert isinstance(app.screen, ExploreStartScreen)
        await pilot.press("2")
        await pilot.pause()
        assert isinstance(app.screen, ExploreScreen)
        assert app.screen.explorer.original.id == "one-layer"
        await pilot.press("q")
        await pilot.pause()
        assert isinstance(app.screen, ExploreStartScreen)
        await pilot.press("q")
        await pilot.pause()
        assert isinstance(app.screen, HomeScreen)


@pytest.mark.parametrize("key", ["x", "ч"])
async def test_from_a_lesson_one_is_asked_once_because_its_answers_are_shown(
    key: str, tmp_path: Path
) -> None:
    app = make_app(tmp_path, ("lesson", "masha"))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await pilot.press("enter", "escape", key)
        assert isinstance(app.screen, LessonScreen)
        assert "Press X once more" in screen_text(app)
        await pilot.press(key)
        await pilot.pause()
        assert isinstance(app.screen, ExploreScreen)
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, LessonScreen)
        assert session_of(app).position == 0


async def test_every_command_is_there_on_both_keyboards(tmp_path: Path) -> None:
    async with exploring(tmp_path) as (_, _, screen):
        actions = {key: bound.binding.action for key, bound in screen.active_bindings.items()}
        for latin, cyrillic in zip("sthkulonavbzrq", "ыерлгдщтфмияк" + "й", strict=True):
            assert actions[_character_to_key(cyrillic)] == actions[latin]


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (120, 36), (200, 60), (10, 4)])
async def test_at_every_size_values_and_curve_are_a_key_apart(
    size: tuple[int, int], tmp_path: Path
) -> None:
    async with exploring(tmp_path, size=size) as (app, pilot, screen):
        assert screen.sheet.display
        await pilot.press("3", "enter")
        await press_and_wait(pilot, "t", "v")
        assert screen.panel.display
        assert screen.sheet.display is (size[0] >= 100)
        if size[0] >= 40:
            assert "•" in screen_text(app)
        await pilot.press("v")
        assert screen.sheet.display
        await pilot.resize_terminal(120, 36)
        await pilot.resize_terminal(60, 16)
        await pilot.pause()
        assert "X := ⎛" in screen_text(app)


async def test_help_says_how_the_sheet_and_the_runs_are_used(tmp_path: Path) -> None:
    async with exploring(tmp_path) as (app, pilot, _):
        await pilot.press("f1")
        await pilot.pause()
        text = screen_text(app)
        assert "Those behind := are given" in text
        assert "Make ten steps" in text
        await pilot.press("escape", "v", "f1")
        await pilot.pause()
        assert "Left and right move along the steps" in screen_text(app)


async def test_another_language_and_decimal_sign_are_spoken_at_once(tmp_path: Path) -> None:
    async with exploring(tmp_path) as (app, pilot, _):
        await press_and_wait(pilot, "s")
        app.change_settings(replace(app.settings, language="ru", decimal_comma=True))
        await pilot.pause()
        text = screen_text(app)
        for part in ("прямой проход", "24,9063", "1 шаг", "2,5"):
            assert part in text
        app.change_settings(replace(app.settings, language="en", decimal_comma=False))


async def test_without_colours_the_curves_are_drawn_and_changed_cells_have_their_signs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The plot library's canvas draws blanks without a style, which the filter can't take."""
    monkeypatch.setenv("NO_COLOR", "1")
    async with exploring(tmp_path) as (app, pilot, _):
        await press_and_wait(pilot, "s")
        text = screen_text(app)
        assert "•" in text
        assert "2.5▴" in text


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_a_small_window_has_room_for_all_that_a_nudge_says(
    language: str, tmp_path: Path
) -> None:
    app = explore_app(tmp_path, language=language)
    async with app.run_test(size=(40, 12)) as pilot:
        await open_problem(pilot)
        await press_and_wait(pilot, "n", "enter")
        text = screen_text(app)
        assert "-0.499875" in text
        assert "✓" in text
