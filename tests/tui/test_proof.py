"""On the screen: the proof by nudging, the line of code that is copied, what is called d."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.tui.playing import answer_rightly, make_app, screen_text, session_of
from tui.screens.session import SessionScreen

SIZE = (110, 40)


async def go_to(pilot: Pilot[Any], identity: str) -> None:
    """Reveal everything before a question and stop there."""
    await pilot.pause()
    await pilot.press("enter")
    await pilot.pause()
    screen = pilot.app.screen
    assert isinstance(screen, SessionScreen)
    while screen.session.question.id != identity:
        screen.session.reveal()
        screen.session.next()
    screen.show()
    await pilot.pause()


@pytest.mark.parametrize("key", ["p", "з"])
async def test_nudging_a_cell_gives_its_gradient(key: str, tmp_path: Path) -> None:
    app = make_app(tmp_path, ("lesson", "masha"))
    async with app.run_test(size=SIZE) as pilot:
        await go_to(pilot, "grad.H1")
        await answer_rightly(pilot)
        await pilot.press("ctrl+home", key)
        text = screen_text(app)
        assert "n·L = 0.5   + → 0.4995   − → 0.5005" in text
        assert "✓ the gradient is -0.5: they agree." in text
        await pilot.press("right")
        assert "✓ the gradient is 0: they agree." in screen_text(app)
        await pilot.press(key)
        assert "they agree" not in screen_text(app)


async def test_at_a_kink_both_slopes_are_said(tmp_path: Path) -> None:
    app = make_app(tmp_path, ("lesson", "masha-logistic"))
    async with app.run_test(size=SIZE) as pilot:
        await go_to(pilot, "grad.H1")
        await answer_rightly(pilot)
        await pilot.press("ctrl+home", "down", "p")
        text = screen_text(app)
        for part in ("There is a kink here: upwards the slope is", "-0.1345", "downwards 0"):
            assert part in text


async def test_before_the_answer_nothing_is_nudged_nor_copied(tmp_path: Path) -> None:
    app = make_app(tmp_path, ("lesson", "masha"))
    async with app.run_test(size=SIZE) as pilot:
        await go_to(pilot, "grad.H1")
        await pilot.press("escape", "p", "c")
        assert "nudged" not in screen_text(app)
        assert app.clipboard == ""


@pytest.mark.parametrize("key", ["local.H1", "grad.H1"])
async def test_the_gradient_that_arrives_is_called_d(key: str, tmp_path: Path) -> None:
    app = make_app(tmp_path, ("lesson", "masha"))
    async with app.run_test(size=SIZE) as pilot:
        await go_to(pilot, key)
        assert session_of(app).question.id == key
        assert "d = ∂L/∂O₁ = ⎛" in screen_text(app)
