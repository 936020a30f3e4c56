"""Pictures of exploring: fresh, edited, after runs with two curves, a nudge, an error, a menu.

After a wanted change run ``make snapshots`` and look at every picture that changed.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from engine.language import LANGUAGES
from tests.tui.exploring import explore_app, open_problem, press_and_wait, set_rate

Play = Callable[[Pilot[Any]], Awaitable[object]]

SIZES = [(80, 24), (120, 36)]
SMALL = (40, 12)


def pressing(*keys: str, problem: str = "masha") -> Play:
    """Open a problem, press keys, wait for what runs."""

    async def play(pilot: Pilot[Any]) -> None:
        await open_problem(pilot, problem)
        await press_and_wait(pilot, *keys)

    return play


async def two_curves(pilot: Pilot[Any]) -> None:
    """A rate of 1 that overshoots, beside a tenth of it."""
    await pressing("t")(pilot)
    await set_rate(pilot, "0.1")
    await press_and_wait(pilot, "t", "v")


async def refused(pilot: Pilot[Any]) -> None:
    """A probability that the loss has no value for."""
    screen = await open_problem(pilot, "masha-logistic")
    screen.sheet.go("p")
    await press_and_wait(pilot, "n", "minus", "2", "enter")


async def choosing(pilot: Pilot[Any]) -> None:
    """Where a problem is chosen."""
    await pilot.app.run_action("explore")
    await pilot.pause()


STATES: dict[str, Play] = {
    "choosing": choosing,
    "fresh": pressing(),
    "edited": pressing("3", "enter", "tab"),
    "typing": pressing("minus", "0", "full_stop", "5"),
    "two_curves": two_curves,
    "nudge": pressing("n", "enter"),
    "refused": refused,
    "optimizers": pressing("o"),
    "forward_only": pressing("2", "enter", problem="book-5-1"),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("state", STATES)
def test_exploring_looks_as_it_did(
    state: str, size: tuple[int, int], language: str, tmp_path: Path, snap_compare: Any
) -> None:
    app = explore_app(tmp_path, language=language)
    assert snap_compare(app, terminal_size=size, run_before=STATES[state])


@pytest.mark.parametrize("state", ["fresh", "edited", "two_curves", "nudge"])
def test_a_small_window_looks_as_it_did(state: str, tmp_path: Path, snap_compare: Any) -> None:
    assert snap_compare(explore_app(tmp_path), terminal_size=SMALL, run_before=STATES[state])
