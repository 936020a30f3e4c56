"""Playing the app by keyboard: right and wrong answers, and the text on the screen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from textual.events import Key
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.strip import Strip

from engine.practice.session import Question, Session
from engine.records.places import open_places
from tui.app import BackhandApp, Start
from tui.screens.session import SessionScreen


def make_app(folder: Path, start: Start = "home", *, language: str = "en") -> BackhandApp:
    """The app with its records in a folder of its own."""
    return BackhandApp(start, places=open_places(folder), language=language)


def session_of(app: BackhandApp) -> Session:
    """The session on the screen."""
    assert isinstance(app.screen, SessionScreen)
    return app.screen.session


def screen_text(app: BackhandApp) -> str:
    """Every character on the screen, a line a line."""
    return "\n".join(line.text for line in screen_lines(app))


def screen_lines(app: BackhandApp) -> list[Strip]:
    """The lines of the screen, with their looks."""
    width, height = app.size
    lines = app.screen._compositor.render_strips()
    assert len(lines) == height
    return [line.crop(0, width) for line in lines]


def right_cells(question: Question) -> list[str]:
    """The right cells in reading order, as digits."""
    values = np.atleast_2d(question.problem.solution[question.key].value)
    return [np.format_float_positional(float(cell), trim="-") for cell in values.flat]


async def type_text(pilot: Pilot[Any], text: str) -> None:
    """Press every character of a text, as a terminal sends it.

    `Pilot.press` knows no key for ``·``, and sends it without its character.
    """
    for character in text:
        pilot.app.post_message(Key(_character_to_key(character), character))
    await pilot.pause()


async def press_at_once(pilot: Pilot[Any], *keys: str) -> None:
    """Press keys faster than the app can look at them, as a held key or a slow line does."""
    for key in keys:
        pilot.app.post_message(Key(key, None))
    await pilot.pause()
    await pilot.pause()


async def type_cells(pilot: Pilot[Any], cells: list[str]) -> None:
    """Type cells into a fresh grid, Enter after each: the last Enter checks."""
    for cell in cells:
        await type_text(pilot, cell)
        await pilot.press("enter")


async def answer_rightly(pilot: Pilot[Any]) -> None:
    """Give the right answer to the question on the screen."""
    question = session_of(pilot.app).question  # type: ignore[arg-type]
    if question.task is not None:
        await pilot.press(str(question.task.right + 1), "enter")
    elif question.kind == "formula":
        await type_text(pilot, question.problem.solution.formula(question.key))
        await pilot.press("enter")
    else:
        await type_cells(pilot, right_cells(question))


async def answer_wrongly(pilot: Pilot[Any]) -> None:
    """Give an answer that isn't right to the question on the screen."""
    question = session_of(pilot.app).question  # type: ignore[arg-type]
    if question.task is not None:
        await pilot.press(str((question.task.right + 1) % question.task.count + 1), "enter")
    elif question.kind == "formula":
        await type_text(pilot, f"3*({question.problem.solution.formula(question.key)})")
        await pilot.press("enter")
    else:
        await type_cells(pilot, ["77.25"] * len(right_cells(question)))


async def clear_cells(pilot: Pilot[Any], question: Question) -> None:
    """Empty the grid from its first cell on, and go back to that cell."""
    await pilot.press("ctrl+home")
    for _ in right_cells(question):
        await pilot.press("delete", "tab")
    await pilot.press("ctrl+home")
