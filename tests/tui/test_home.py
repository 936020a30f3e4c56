"""Pilot tests of the home screen, the help, the conventions and the palette."""

from __future__ import annotations

from pathlib import Path

from textual.app import App
from textual.command import CommandPalette

from tests.tui.playing import make_app, screen_text, session_of
from tui.screens.conventions import ConventionsScreen
from tui.screens.help import HelpScreen
from tui.screens.home import HomeScreen
from tui.screens.lesson import LessonScreen

SIZE = (90, 30)


async def test_the_conventions_are_shown_before_the_first_lesson_only(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, ConventionsScreen)
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, LessonScreen)
        await pilot.press("escape", "q")
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, LessonScreen)


async def test_a_digit_opens_its_line(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("2", "enter")
        await pilot.pause()
        assert session_of(app).name == "one-neuron"


async def test_arrows_choose_a_line(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("down", "down", "down", "down", "down", "down", "up", "enter")
        await pilot.pause()
        assert isinstance(app.screen, ConventionsScreen)


async def test_a_click_opens_a_line(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.click("Menu", offset=(8, 0))
        await pilot.pause()
        assert isinstance(app.screen, ConventionsScreen)


async def test_the_lessons_say_how_far_one_is(tmp_path: Path) -> None:
    app = make_app(tmp_path, ("lesson", "masha"))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("enter", "f3", "f3", "enter", "escape", "q")
        await pilot.pause()
        assert isinstance(app.screen, HomeScreen)
        assert "1 of 27" in screen_text(app)


async def test_help_names_the_keys_of_what_is_focused(tmp_path: Path) -> None:
    app = make_app(tmp_path, ("lesson", "masha"))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("enter", "f1")
        await pilot.pause()
        assert isinstance(app.screen, HelpScreen)
        text = screen_text(app)
        assert "You are typing a formula." in text
        assert "Show the next hint" in text
        await pilot.press("c")
        await pilot.pause()
        assert isinstance(app.screen, ConventionsScreen)
        await pilot.press("escape")
        assert isinstance(app.screen, LessonScreen)


async def test_the_palette_holds_the_actions_of_the_screen(tmp_path: Path) -> None:
    app = make_app(tmp_path, ("lesson", "masha"))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("enter", "ctrl+p")
        await pilot.pause()
        assert isinstance(app.screen, CommandPalette)
        await pilot.press(*"reveal")
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        assert "Reveal" in screen_text(app)
        await pilot.press("escape", "escape")


async def test_the_theme_switches_between_dark_and_light(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        assert app.current_theme.dark
        app.action_theme()
        await pilot.pause()
        assert not app.current_theme.dark


async def test_every_binding_has_an_id_and_every_shown_one_a_tooltip(tmp_path: Path) -> None:
    def check(app: App[None]) -> None:
        for _, binding, _, tooltip in app.screen.active_bindings.values():
            if binding.action.split("(")[0] in ("help_quit", "screen.copy_text", "app.focus_next"):
                continue
            if binding.show:
                assert tooltip, binding
                assert binding.id, binding

    app = make_app(tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        check(app)
        await pilot.press("enter")
        await pilot.pause()
        check(app)
        await pilot.press("enter")
        await pilot.pause()
        check(app)
        await pilot.press("escape", "n")
        check(app)
        await pilot.press("f1")
        await pilot.pause()
        check(app)
