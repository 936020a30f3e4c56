"""Exploring by keyboard: opening a problem, waiting for a run, the text on the screen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from tests.tui.playing import make_app, type_text
from tui.app import BackhandApp
from tui.screens.explore import ExploreScreen


def explore_app(folder: Path, *, language: str = "en") -> BackhandApp:
    """The app at home, with its records in a folder of its own."""
    return make_app(folder, language=language)


async def open_problem(pilot: Pilot[Any], problem: str = "masha") -> ExploreScreen:
    """Open a problem to play with."""
    pilot.app.open_explore(problem)
    await pilot.pause()
    screen = pilot.app.screen
    assert isinstance(screen, ExploreScreen)
    await pilot.pause()
    return screen


async def press_and_wait(pilot: Pilot[Any], *keys: str) -> None:
    """Press keys and wait until every run has ended and is shown."""
    await pilot.press(*keys)
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()
    await pilot.pause()


async def set_rate(pilot: Pilot[Any], rate: str) -> None:
    """Type another learning rate."""
    await pilot.press("l")
    await type_text(pilot, rate)
    await pilot.press("enter")
    await pilot.pause()
