"""Every screen, whatever is focused: F1 explains its keys, the palette offers its actions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.command import CommandList
from textual.pilot import Pilot
from textual.widgets import Static

from engine.language import tr
from tests.tui.playing import make_app, screen_lines
from tests.tui.test_explore_snapshots import choosing, pressing, two_curves
from tests.tui.test_page_snapshots import own_lesson, skill
from tests.tui.test_progress import SKILL, fill
from tests.tui.test_snapshots import (
    EXAM,
    MASHA,
    QUIZ,
    Play,
    exam_overview,
    finished,
    first_question,
    kind_of_quiz,
    progress,
    quiz_finished,
    quiz_start,
    rightly,
    stay,
    then,
    to_question,
)
from tui.app import BackhandApp, Start
from tui.palette import Palette
from tui.screens.conventions import ConventionsScreen
from tui.screens.explore import ExploreScreen
from tui.screens.explore_start import ExploreStartScreen
from tui.screens.help import HelpScreen
from tui.screens.home import HomeScreen
from tui.screens.lesson import LessonScreen
from tui.screens.optimizers import OptimizerScreen
from tui.screens.own_lesson import OwnLessonScreen
from tui.screens.progress import ProgressScreen
from tui.screens.quiz import QuizScreen
from tui.screens.quiz_start import QuizStartScreen
from tui.screens.settings import SettingsScreen
from tui.screens.skill import SkillScreen
from tui.widgets.key_bar import hints, name_of

SIZE = (100, 30)


async def first_skill(pilot: Pilot[Any]) -> None:
    """The page of a skill that has just been practised."""
    fill(pilot.app.places.path.parent, days=1)  # type: ignore[attr-defined]
    await skill(pilot)
    assert isinstance(pilot.app.screen, SkillScreen)
    assert pilot.app.screen.record.skill == SKILL


PLACES: dict[str, tuple[Start, Play, type]] = {
    "home": ("home", stay, HomeScreen),
    "home, the path": ("home", then(stay, "right"), HomeScreen),
    "conventions": (MASHA, stay, ConventionsScreen),
    "lesson, a formula": (MASHA, first_question, LessonScreen),
    "lesson, a matrix": (MASHA, to_question("H1"), LessonScreen),
    "lesson, commands": (MASHA, then(to_question("H1"), "escape"), LessonScreen),
    "lesson, a formula answered": (MASHA, rightly(first_question), LessonScreen),
    "lesson, a matrix answered": (MASHA, rightly(to_question("H1")), LessonScreen),
    "lesson, finished": (MASHA, finished, LessonScreen),
    "own lesson": ("home", own_lesson, OwnLessonScreen),
    "quiz start": ("home", quiz_start, QuizStartScreen),
    "quiz, a value": (QUIZ, stay, QuizScreen),
    "quiz, a choice": (kind_of_quiz("choice"), stay, QuizScreen),
    "quiz, a choice made": (kind_of_quiz("choice"), rightly(stay), QuizScreen),
    "quiz, finished": (QUIZ, quiz_finished, QuizScreen),
    "exam": (EXAM, stay, QuizScreen),
    "exam, overview": (EXAM, exam_overview, QuizScreen),
    "progress": ("home", progress, ProgressScreen),
    "skill": ("home", first_skill, SkillScreen),
    "settings": ("home", then(stay, "f9"), SettingsScreen),
    "explore start": ("home", choosing, ExploreStartScreen),
    "explore, values": ("home", pressing(), ExploreScreen),
    "explore, runs": ("home", two_curves, ExploreScreen),
    "explore, a nudge": ("home", pressing("n"), ExploreScreen),
    "optimizers": ("home", pressing("o"), OptimizerScreen),
    "help": (MASHA, then(to_question("H1"), "f1"), HelpScreen),
}


def app_at(place: str, folder: Path) -> tuple[BackhandApp, Play, type]:
    """The app, how to get to the place, and its screen."""
    start, play, screen = PLACES[place]
    return make_app(folder, start), play, screen


def shown_texts(app: BackhandApp, selector: str) -> list[str]:
    """What the widgets of a page say."""
    return [str(static.visual).strip() for static in app.screen.query(selector).results(Static)]


@pytest.mark.parametrize("place", PLACES)
async def test_f1_says_what_is_focused_and_names_every_key_of_the_last_line(
    place: str, tmp_path: Path
) -> None:
    app, play, kind = app_at(place, tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await play(pilot)
        screen = app.screen
        assert type(screen) is kind
        told = hints(screen)
        assert told
        await pilot.press("f1")
        await pilot.pause()
        if kind is HelpScreen:
            assert app.screen is not screen, "F1 closes the help"
            return
        assert isinstance(app.screen, HelpScreen)
        assert shown_texts(app, ".keys"), "what is focused"
        keys = {key for text in shown_texts(app, ".name") for key in text.split(", ")}
        assert {name_of(hint.key) for hint in told} <= keys
        assert all(shown_texts(app, ".text"))
        await pilot.press("f1")
        await pilot.pause()
        assert app.screen is screen


@pytest.mark.parametrize("place", PLACES)
async def test_the_palette_offers_every_action_that_can_be_done(place: str, tmp_path: Path) -> None:
    app, play, kind = app_at(place, tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await play(pilot)
        screen = app.screen
        assert type(screen) is kind
        wanted: dict[object, set[str]] = {}
        for node, binding, enabled, _ in screen.active_bindings.values():
            if enabled and binding.id and binding.id != "app.palette":
                wanted.setdefault((node, binding.action), set()).add(tr(binding.description))
        await pilot.press("ctrl+p")
        await pilot.pause()
        assert isinstance(app.screen, Palette)
        await app.workers.wait_for_complete()
        await pilot.pause()
        options = app.screen.query_one(CommandList).options
        offered = {str(option.prompt).split("\n")[0] for option in options}
        assert all(names & offered for names in wanted.values())
        await pilot.press("escape")
        await pilot.pause()
        assert app.screen is screen


@pytest.mark.parametrize("place", PLACES)
async def test_every_key_of_ours_has_an_id_and_says_what_it_does(
    place: str, tmp_path: Path
) -> None:
    app, play, _ = app_at(place, tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await play(pilot)
        for node, binding, _, tooltip in app.screen.active_bindings.values():
            ours = {
                own.action
                for each in type(node).__mro__
                if each.__module__.startswith("tui.")
                for own in each.__dict__.get("BINDINGS", ())
            }
            if binding.show or binding.action in ours:
                assert binding.id, binding
                assert tooltip, binding
                assert binding.description


@pytest.mark.parametrize("place", PLACES)
async def test_without_colours_nothing_on_the_screen_has_one(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app, play, _ = app_at(place, tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await play(pilot)
        styles = {segment.style for strip in screen_lines(app) for segment in strip}
        colours = {each for style in styles if style for each in (style.color, style.bgcolor)}
        shades = [colour.get_truecolor() for colour in colours if colour]
        assert shades
        assert all(red == green == blue for red, green, blue in shades)
