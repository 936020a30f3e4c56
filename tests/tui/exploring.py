"""Exploring by keyboard: opening a problem, waiting for a run, the text on the screen."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from tests.tui.playing import make_app, session_of, type_text
from tui.app import BackhandApp
from tui.screens.explore import ExploreScreen

SIZE = (120, 36)


def explore_app(folder: Path, *, language: str = "en") -> BackhandApp:
    """The app at home, with its records in a folder of its own."""
    return make_app(folder, language=language)


@asynccontextmanager
async def exploring(
    folder: Path, problem: str = "masha", size: tuple[int, int] = SIZE
) -> AsyncIterator[tuple[BackhandApp, Pilot[Any], ExploreScreen]]:
    """The app with a problem opened, its pilot and its screen."""
    app = explore_app(folder)
    async with app.run_test(size=size) as pilot:
        yield app, pilot, await open_problem(pilot, problem)


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


async def reveal_all(pilot: Pilot[Any]) -> None:
    """Have every answer of the lesson on the screen shown, and come to its end."""
    session = session_of(pilot.app)
    while not session.finished:
        session.reveal()
        session.next()
    pilot.app.screen.show()  # type: ignore[attr-defined]
    await pilot.pause()
