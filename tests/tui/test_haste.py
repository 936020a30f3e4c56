"""Keys and clicks that come faster than the screens change: what the monkey found."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.style import Style
from textual.events import Click, MouseDown, MouseMove, MouseUp
from textual.widgets._toast import Toast
from textual.widgets.option_list import Option

from engine.practice.session import lesson
from engine.problems.reading import load
from tests.engine.answers import right
from tests.tui.playing import make_app, press_at_once, screen_text, session_of
from tui.palette import Commands, Palette
from tui.screens.explore import ExploreScreen
from tui.screens.home import HomeScreen
from tui.screens.optimizers import OptimizerScreen
from tui.screens.progress import ProgressScreen
from tui.screens.skill import SkillScreen
from tui.widgets.matrix_grid import MatrixGrid
from tui.widgets.menu import Menu
from tui.widgets.question_view import QuestionView

SIZE = (90, 30)


async def test_keys_that_come_before_a_page_is_made_mean_nothing_to_it(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        app.action_progress()  # it is on top at once, and its widgets are made a moment later
        assert not await app.run_action("scroll_page(1)", app.screen)
        await pilot.pause()
        assert isinstance(app.screen, ProgressScreen)
        assert await app.run_action("scroll_page(1)", app.screen)


async def test_a_click_on_a_note_that_has_just_gone_is_a_click_on_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        app.notify("a note", timeout=1000)
        await pilot.pause()
        toast = app.screen.query_one(Toast)
        x, y = toast.region.x + 1, toast.region.y + 1
        with monkeypatch.context() as gone:
            gone.setattr(toast, "_parent", None)  # removed, and the screen shows it still
            for kind in (MouseDown, MouseMove, MouseUp):
                app.post_message(kind(None, x, y, 0, 0, 1, False, False, False, x, y))
            await pilot.pause()
        assert isinstance(app.screen, HomeScreen)


async def test_a_page_that_is_told_to_close_twice_closes_once(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        session = lesson(load("masha"))
        app.recorder.attach(session)
        session.answer(right(session.question))
        app.action_progress()
        await pilot.pause()
        await pilot.press("enter", "end")
        assert isinstance(app.screen, SkillScreen)
        await press_at_once(pilot, "enter", "enter", "enter")
        assert isinstance(app.screen, ProgressScreen)


async def test_a_skill_of_which_nothing_is_known_any_more_is_not_opened(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        app.action_progress()
        await pilot.pause()
        assert isinstance(app.screen, ProgressScreen)
        menu = app.screen.menu
        menu.post_message(Menu.Chosen(menu, "skill:relu.backward"))
        await pilot.pause()
        assert isinstance(app.screen, ProgressScreen)


async def test_an_optimizer_that_is_chosen_twice_is_chosen_once(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        app.open_explore("masha")
        await pilot.pause()
        await pilot.press("o", "down")
        assert isinstance(app.screen, OptimizerScreen)
        await press_at_once(pilot, "enter", "enter", "enter")
        assert isinstance(app.screen, ExploreScreen)
        assert app.screen.explorer.optimizer == "momentum"


async def test_back_to_exploring_that_is_chosen_twice_goes_back_to_exploring(
    tmp_path: Path,
) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        app.open_explore("masha")
        await pilot.pause()
        await app.run_action("ask", app.screen)
        await pilot.pause()
        session = session_of(app)
        session.go(len(session.questions))
        app.screen.show()
        await pilot.pause()
        await press_at_once(pilot, "enter", "enter", "enter")
        assert isinstance(app.screen, ExploreScreen)


async def test_exploring_waits_until_the_lesson_is_there(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        app.open_lesson("masha")
        app.open_lesson("masha")  # by now the conventions were shown
        app.action_explore()
        await pilot.pause()
        assert session_of(app).name == "masha"


async def test_a_command_that_is_chosen_twice_runs_once(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        dark = app.current_theme.dark
        await pilot.press("ctrl+p", *"light or")
        await app.workers.wait_for_complete()
        await pilot.press("down")
        await press_at_once(pilot, "enter", "enter")
        assert isinstance(app.screen, HomeScreen)
        assert app.current_theme.dark is not dark


async def test_a_click_on_a_command_that_has_gone_does_nothing(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("ctrl+p")
        await pilot.pause()
        commands = app.screen.query_one(Commands)
        for line in (10_000, 0):
            assert isinstance(app.screen, Palette)
            x, y = commands.region.x + 2, commands.region.y + 2
            style = Style(meta={"option": line})
            click = Click(commands, 2, 2, 0, 0, 1, False, False, False, x, y, style)
            commands.post_message(click)
            await pilot.pause()
        await pilot.pause()
        assert not isinstance(app.screen, Palette)


async def test_the_palette_says_in_the_learners_language_that_it_found_nothing(
    tmp_path: Path,
) -> None:
    app = make_app(tmp_path, language="ru")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("ctrl+p")
        told = Option("No matches found", id=Palette._NO_MATCHES)
        commands = app.screen.query_one(Commands)
        app.screen.call_later(commands.add_option, told)  # in the app's own context
        await pilot.pause()
        assert str(commands.options[-1].prompt) == "Ничего с таким названием нет."
        assert commands.options[-1].disabled


async def test_ctrl_c_says_in_the_learners_language_how_one_leaves(tmp_path: Path) -> None:
    app = make_app(tmp_path, language="ru")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.press("ctrl+c")
        await pilot.pause()
        assert ["Ctrl+Q" in told.message for told in app._notifications] == [True]
        assert "quit" not in screen_text(app)


async def test_a_skill_that_no_quiz_can_ask_is_not_offered_for_practice(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        for name in ("book-4-6", "masha"):
            session = lesson(load(name))
            app.recorder.attach(session)
            session.answer(right(session.question))
        app.action_progress()
        await pilot.pause()
        assert isinstance(app.screen, ProgressScreen)
        offers = {}
        for record in app.screen.overview.skills:
            screen = SkillScreen(record)
            await app.push_screen(screen)
            offers[record.skill] = [item.key for item in screen.query_one(Menu).items]
            screen.dismiss()
            await pilot.pause()
        assert offers == {
            "formula.forward": ["anew", "back"],
            "linear.forward": ["practise", "anew", "back"],
        }


async def test_the_palette_opens_again_while_the_one_before_is_still_closing(
    tmp_path: Path,
) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("ctrl+p")
        closing = app.screen
        closing.dismiss()
        app.action_command_palette()
        await pilot.pause()
        assert isinstance(app.screen, Palette)
        assert app.screen is not closing
        await pilot.press("escape")
        assert isinstance(app.screen, HomeScreen)


async def test_a_click_beside_the_palette_that_comes_twice_closes_it_once(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("ctrl+p")
        await pilot.pause()
        palette = app.screen
        assert isinstance(palette, Palette)
        for _ in range(2):
            palette.post_message(Click(palette, 0, 0, 0, 0, 1, False, False, False, 0, 0))
        await pilot.pause()
        assert isinstance(app.screen, HomeScreen)


async def test_a_command_whose_screen_was_covered_meanwhile_does_nothing(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        app.action_settings()
        await pilot.pause()
        settings = app.screen
        app.action_conventions()
        await pilot.pause()
        assert not await app.run_action("close", settings)
        await pilot.press("escape", "escape")
        await pilot.pause()
        assert isinstance(app.screen, HomeScreen)


async def test_the_open_questions_that_are_chosen_twice_are_gone_to_once(tmp_path: Path) -> None:
    app = make_app(tmp_path, ("lesson", "masha"))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await pilot.press("enter")
        session = session_of(app)
        for progress in session.progress[1:]:
            progress.status = "right"
        session.go(len(session.questions))
        app.screen.show()
        await pilot.pause()
        menu = app.screen.query_one("#after", Menu)
        menu.index = [item.key for item in menu.items].index("open")
        await pilot.press("enter")
        await pilot.pause()
        assert session.position == 0
        session.reveal()
        menu.post_message(Menu.Chosen(menu, "open"))
        await pilot.pause()
        assert session.position == 0


async def test_what_a_grid_still_says_when_the_lesson_is_over_is_about_what_it_shows(
    tmp_path: Path,
) -> None:
    app = make_app(tmp_path, ("lesson", "masha"))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await pilot.press("enter", "escape", "n")
        session = session_of(app)
        session.reveal()
        app.screen.show()
        await pilot.pause()
        view = app.screen.query_one(QuestionView)
        session.go(len(session.questions))
        view.post_message(MatrixGrid.CellMoved(view.answers.explained, 0, 1))
        view.settle()
        await pilot.pause()
        assert session.finished
