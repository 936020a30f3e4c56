"""The pages beside lesson and quiz; what is known of the learner on a fixed day, after weeks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from engine.language import LANGUAGES
from tests.pictures import on_a_fixed_day, practise
from tests.tui.exploring import open_problem
from tests.tui.playing import make_app
from tests.tui.test_snapshots import EXAM, SIZES, SMALL, Play, progress, stay, then
from tui.app import Start
from tui.screens.own_lesson import OwnLessonScreen
from tui.screens.settings import SettingsScreen
from tui.screens.skill import SkillScreen

FOLDER = Path("records")
"""The settings say where they are kept."""


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    FOLDER.mkdir()


async def settings(pilot: Pilot[Any]) -> None:
    """The settings, from home."""
    await pilot.press("f9")
    await pilot.pause()
    assert isinstance(pilot.app.screen, SettingsScreen)


async def skill(pilot: Pilot[Any]) -> None:
    """The page of the first skill that was practised."""
    await progress(pilot)
    await pilot.press("1")
    await pilot.pause()
    assert isinstance(pilot.app.screen, SkillScreen)


async def own_lesson(pilot: Pilot[Any]) -> None:
    """The first question of a lesson made of the values that one explores."""
    await open_problem(pilot)
    await pilot.press("a")
    await pilot.pause()
    assert isinstance(pilot.app.screen, OwnLessonScreen)


PRACTISED = ("progress", "skill")
PAGES: dict[str, tuple[Start, Play]] = {
    "progress": ("home", progress),
    "skill": ("home", skill),
    "settings": ("home", settings),
    "own_lesson": ("home", own_lesson),
    "exam": (EXAM, then(stay, "1", "enter")),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("page", PAGES)
def test_the_page_looks_as_it_did(
    page: str, size: tuple[int, int], language: str, snap_compare: Any
) -> None:
    _compare(page, size, language, snap_compare)


@pytest.mark.parametrize("page", PAGES)
def test_a_small_page_looks_as_it_did(page: str, snap_compare: Any) -> None:
    _compare(page, SMALL, "en", snap_compare)


def _compare(page: str, size: tuple[int, int], language: str, snap_compare: Any) -> None:
    start, play = PAGES[page]
    with on_a_fixed_day():
        if page in PRACTISED:
            practise(FOLDER)
        app = make_app(FOLDER, start, language=language)
        assert snap_compare(app, terminal_size=size, run_before=play)
