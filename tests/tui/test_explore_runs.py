"""Pilot tests of the runs that one makes while exploring: curves, weights, optimizers, ends."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from textual.worker import WorkerCancelled

import engine
from tests.tui.exploring import SIZE, explore_app, exploring, open_problem, press_and_wait, set_rate
from tests.tui.playing import screen_text
from tui.screens.explore import ExploreScreen
from tui.screens.home import HomeScreen
from tui.screens.optimizers import OptimizerScreen


async def test_a_rate_of_one_is_seen_to_overshoot_beside_a_smaller_one(tmp_path: Path) -> None:
    async with exploring(tmp_path) as (app, pilot, screen):
        await press_and_wait(pilot, "s")
        assert "0.25 → 24.9063" in screen_text(app)
        assert "W₁ := ⎛ 1.5▴ -1 ⎞" in screen_text(app)
        await set_rate(pilot, "0,1")
        assert screen.explorer.step == 0
        await press_and_wait(pilot, "t")
        text = screen_text(app)
        assert "1  sgd  γ = 1    1 step    0.25 → 24.9063" in text
        assert "▸ 2  sgd  γ = 0.1  10 steps  0.25 → 1.793e-10" in text


async def test_where_it_overshot_and_why_it_stands_still_is_said(tmp_path: Path) -> None:
    async with exploring(tmp_path) as (app, pilot, _):
        await press_and_wait(pilot, "t")
        text = screen_text(app)
        assert "At step 1 it overshot to 24.90625." in text
        assert "From step 2 on no weight moves any more. No cell of H₁ is positive" in text


@pytest.mark.parametrize(("key", "steps"), [("s", 1), ("t", 10), ("h", 100), ("k", 1000)])
async def test_steps_are_those_of_engine_train(key: str, steps: int, tmp_path: Path) -> None:
    async with exploring(tmp_path, "masha-logistic") as (_, pilot, screen):
        await press_and_wait(pilot, key)
        run = screen.explorer.run
        assert run is not None
        losses = engine.train("masha-logistic", steps)
        assert [run.losses.at(step) for step in range(steps)] == losses.tolist()
        assert run.weights.at(steps)["W1"].tolist() == losses.parameters["W1"].tolist()


async def test_a_run_without_end_goes_on_until_escape(tmp_path: Path) -> None:
    async with exploring(tmp_path, "masha-logistic") as (app, pilot, screen):
        await pilot.press("u")
        while not (screen.explorer.run and screen.explorer.run.steps):
            await pilot.pause()
        assert "Esc stops it" in screen_text(app)
        await pilot.press("5", "enter")
        assert screen.explorer.value("X")[0, 0] == 1
        await pilot.press("s", "down")
        await press_and_wait(pilot, "escape")
        assert app.screen is screen
        run = screen.explorer.run
        assert run is not None
        assert "Run 1:" in screen_text(app)
        assert run.losses.last == run.steps == run.training.count
        await press_and_wait(pilot, "s")
        assert run.steps == run.training.count


async def test_leaving_stops_the_run(tmp_path: Path) -> None:
    async with exploring(tmp_path) as (app, pilot, screen):
        await pilot.press("u")
        stop = screen._stop
        assert stop is not None
        app.open_home()
        with suppress(WorkerCancelled):
            await app.workers.wait_for_complete()
        await pilot.pause()
        assert isinstance(app.screen, HomeScreen)
        assert stop.is_set()


async def test_the_progress_of_a_run_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone_on = Event()
    real = ExploreScreen._work

    def slowly(self: ExploreScreen, *given: Any) -> None:
        gone_on.wait(10)
        real(self, *given)

    monkeypatch.setattr(ExploreScreen, "_work", slowly)
    async with exploring(tmp_path) as (app, pilot, _):
        await pilot.press("k")
        text = screen_text(app)
        assert "0 of 1000   Esc stops it" in text
        gone_on.set()
        await press_and_wait(pilot)
        assert "of 1000   Esc stops it" not in screen_text(app)


async def test_a_diverging_run_is_said_to_be_one(tmp_path: Path) -> None:
    async with exploring(tmp_path, "book-2-1-gd") as (app, pilot, screen):
        await set_rate(pilot, "10")
        await press_and_wait(pilot, "k")
        run = screen.explorer.run
        assert run is not None
        text = screen_text(app)
        assert f"the loss left all bounds at step {run.failed_at}" in text
        assert "→ ∞" in text
        await press_and_wait(pilot, "s")
        assert "this run can't go on" in screen_text(app)


async def test_left_and_right_show_the_weights_of_every_step(tmp_path: Path) -> None:
    async with exploring(tmp_path) as (app, pilot, screen):
        await press_and_wait(pilot, "t", "v")
        assert screen.focused is screen.panel
        await pilot.press("home", "right")
        text = screen_text(app)
        assert "step 1 of 10" in text
        assert "W₁ := ⎛ 1.5▴ -1 ⎞" in text
        await pilot.press("left", "left")
        assert screen.explorer.step == 0
        await pilot.press("end", "v", "pageup")
        assert screen.explorer.step == 9
        assert screen.focused is screen.sheet
        await pilot.press("pagedown", "pagedown")
        assert screen.explorer.step == 10


async def test_runs_are_chosen_and_forgotten(tmp_path: Path) -> None:
    async with exploring(tmp_path) as (app, pilot, screen):
        await press_and_wait(pilot, "s")
        await set_rate(pilot, "0.1")
        await press_and_wait(pilot, "t", "v")
        first, second = screen.explorer.runs
        await pilot.press("up")
        assert screen.explorer.run is first
        assert "γ := 1" in screen_text(app)
        await pilot.press("down")
        assert screen.explorer.run is second
        await pilot.click("#runs", offset=(8, 0))
        assert screen.explorer.run is first
        await pilot.press("delete")
        assert screen.explorer.runs == [second]
        assert screen.explorer.run is None
        await pilot.press("down", "delete")
        assert screen.explorer.runs == []
        assert "Run some steps" in screen_text(app)


async def test_another_optimizer_is_chosen_from_all(tmp_path: Path) -> None:
    async with exploring(tmp_path) as (app, pilot, screen):
        await press_and_wait(pilot, "s", "o")
        assert isinstance(app.screen, OptimizerScreen)
        for name in ("sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw"):
            assert name in screen_text(app)
        await pilot.press("6")
        await pilot.pause()
        text = screen_text(app)
        for part in ("adam", "β₁ := 0.9", "β₂ := 0.999", "ε := 1e-8"):
            assert part in text
        assert screen.explorer.loss == 0.25
        await press_and_wait(pilot, "s", "o", "escape")
        assert [run.optimizer for run in screen.explorer.runs] == ["sgd", "adam"]


async def test_a_run_may_begin_from_the_weights_shown(tmp_path: Path) -> None:
    async with exploring(tmp_path) as (_, pilot, screen):
        await press_and_wait(pilot, "s", "b")
        await set_rate(pilot, "0.001")
        await press_and_wait(pilot, "s")
        assert [run.losses.items[0] for run in screen.explorer.runs] == [0.25, 24.90625]


async def test_where_there_is_nothing_to_train_it_is_said(tmp_path: Path) -> None:
    async with exploring(tmp_path, "book-5-1") as (app, pilot, screen):
        for key in ("s", "l", "o"):
            screen.about_cell()
            await pilot.press(key)
            assert "There is nothing to train here" in screen.note.visual.plain  # type: ignore[attr-defined]
        await pilot.press("n")
        await pilot.press("enter")
        assert "There is no loss here" in screen_text(app)


async def test_without_animation_a_run_is_shown_at_its_end_only(tmp_path: Path) -> None:
    app = explore_app(tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        app.animation_level = "none"
        screen = await open_problem(pilot)
        await press_and_wait(pilot, "k")
        assert screen.explorer.step == 1000
        assert "step 1000 of 1000" in screen_text(app)


PLOT_CODE = """
import asyncio, sys
from pathlib import Path
from tests.tui.exploring import explore_app, open_problem, press_and_wait
async def main():
    app = explore_app(Path(sys.argv[1]))
    async with app.run_test(size=(120, 36)) as pilot:
        await open_problem(pilot)
        await pilot.press("3", "enter", "v")
        assert "textual_plot" not in sys.modules
        await press_and_wait(pilot, "s")
        assert "textual_plot" in sys.modules
asyncio.run(main())
"""


def test_the_plot_library_is_loaded_with_the_first_curve(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PLOT_CODE, str(tmp_path)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr


async def test_a_run_that_overflows_writes_nothing_to_the_terminal(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    async with exploring(tmp_path, "book-2-1-momentum") as (app, pilot, _):
        await set_rate(pilot, "1e30")
        await press_and_wait(pilot, "k")
        assert "left all bounds" in screen_text(app)
    assert capfd.readouterr().err == ""
