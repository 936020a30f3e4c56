"""Hands at the keyboard of the real app, whose time passes only where it has nothing left to do.

What the monkey and the day's work have in common: the app with its records in a folder, keys and
pastes sent as a terminal sends them, and the pages that one goes to.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import Any, TypeVar
from unittest.mock import patch

from textual import events
from textual._compositor import CompositorUpdate
from textual.keys import _character_to_key

from engine.network.training import Training
from engine.practice.running import EVERY, Stretch, stretches
from engine.practice.session import Session
from engine.records.places import open_places
from engine.records.recorder import Recorder
from tests.fuzz.timeless import StuckError, TimelessLoop, rare_collections, run_timeless
from tui.app import BackhandApp
from tui.screens.home import HomeScreen

T = TypeVar("T")

MOMENT = 0.05
"""Seconds of the app's own time between batches: the screen is painted in between."""

PATIENCE = 50
"""So many moments may go by until the app answers."""

HOMEWARD = 40
"""The most presses that the way home may take."""

MOST_STEPS = 300
"""The steps of a run of the optimizer: they keep nobody waiting, but the test."""

FIRST_DAY = datetime(2025, 3, 3, 12, tzinfo=UTC)
DAYS_PER_SECOND = 0.02
"""A day goes by while one plays for a moment, so that skills fall due."""


class Hands:
    """Sends keys and pastes to an app; ``last`` are the latest things done."""

    def __init__(self, app: BackhandApp, loop: TimelessLoop, seed: int) -> None:
        self.app: Any = app
        self.loop = loop
        self.dice = Random(seed)
        self.last: deque[str] = deque(maxlen=60)
        self.painted = 0
        self.app._display = self._display

    def _display(self, screen: Any, update: Any) -> None:
        """Make the bytes that a terminal would get: without one Textual stops short of them."""
        if isinstance(update, CompositorUpdate) and not self.app._batch_count:
            update.render_segments(self.app.console)
            self.painted += 1

    async def settle(self) -> None:
        """Let the app do what was asked of it; raise what it raised."""
        await asyncio.sleep(MOMENT)
        if self.app._exception is not None:
            raise self.app._exception
        if self.loop.faults:
            raise self.loop.faults[0]

    async def must_answer(self) -> None:
        """The screen takes a message, and paints itself when it is asked to."""
        answered: list[bool] = []
        painted = self.painted
        self.app.screen.call_later(answered.append, True)
        self.app.screen.refresh()
        for _ in range(PATIENCE):
            await self.settle()
            if answered and self.painted > painted:
                return
        raise StuckError(f"{self.app.screen!r} answers nothing")

    def press(self, key: str) -> None:
        """Send a key as a terminal does."""
        self.last.append(key)
        if len(key) == 1:
            self.app.post_message(events.Key(_character_to_key(key), key))
        else:
            self.app.post_message(events.Key(key, " " if key == "space" else None))

    def paste(self, text: str) -> None:
        """Paste a text."""
        self.last.append(f"paste {text[:20]!r}")
        self.app.post_message(events.Paste(text))

    def give(self, text: str) -> None:
        """Type or paste an answer to the question on the screen, and check it."""
        if len(text) == 1:
            self.press(text)
        else:
            self.paste(text)
        self.press("enter")

    async def go_home(self) -> None:
        """Find the way home."""
        await self.must_answer()
        for _ in range(HOMEWARD):
            if isinstance(self.app.screen, HomeScreen):
                return
            self.press("escape")
            await self.settle()
            if not isinstance(self.app.screen, HomeScreen) and self.app.screen.focused is None:
                self.press("q")
                await self.settle()
        raise StuckError(f"no way home from {self.app.screen!r}")

    def open_page(self, name: str) -> None:
        """Open a page by its action."""
        self.last.append(f"open {name}")
        self.app.call_later(self.app.run_action, f"app.{name}")

    def open_explore(self, name: str) -> None:
        """Open a problem to play with."""
        self.last.append(f"explore {name}")
        self.app.call_later(self.app.open_explore, name)

    def open_quiz(self, **options: Any) -> None:
        """Open a quiz."""
        self.last.append(f"quiz {options}")
        self.app.call_later(self.app.open_quiz, options)


def _short_run(training: Training, steps: int, stop: Callable[[], bool]) -> Iterator[Stretch]:
    """A run of a few steps, a few at a time, whatever the machine's speed."""
    return stretches(training, min(steps, MOST_STEPS), stop, count(step=EVERY / 100).__next__)


class TimelessRecorder(Recorder):
    """Records at the loop's time, and draws what is asked by dice that can be thrown again."""

    def __init__(self, places: Any, loop: TimelessLoop, dice: Random) -> None:
        def now() -> datetime:
            return FIRST_DAY + timedelta(days=DAYS_PER_SECOND * loop.now)

        super().__init__(places.database, now, dice.randrange)
        self._clock = loop.time

    def attach(self, session: Session) -> None:
        """Let the session wait for the loop's time only."""
        session.clock = self._clock
        session.go(session.position)
        super().attach(session)


def in_the_app(
    folder: Path, seed: int, play: Callable[[BackhandApp, TimelessLoop], Awaitable[T]]
) -> T:
    """Play on an app whose records are in a folder; what the play returns."""

    async def main(loop: TimelessLoop) -> T:
        with open_places(folder) as places:
            app = BackhandApp(places=places)
            app.recorder = TimelessRecorder(places, loop, Random(seed))
            app.exit = lambda *_args, **_options: app.open_home()  # type: ignore[method-assign]
            async with app.run_test(size=(80, 24), notifications=True, tooltips=True):
                result = await play(app, loop)
            app.recorder.finish()
        return result

    with rare_collections(), patch("tui.screens.explore.stretches", _short_run):
        return run_timeless(main)
