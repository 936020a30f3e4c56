"""The curve of the loss: its axes, and that it is drawn at every size."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from textual.app import App, ComposeResult

from tests.tui.playing import screen_text
from tui.themes import THEMES
from tui.widgets.loss_plot import Curve, LossAxis, LossPlot, round_ticks


class PlotApp(App[None]):
    """A plot alone on the screen."""

    def __init__(self, *curves: Curve, step: int | None = None) -> None:
        super().__init__()
        self.curves, self.step = curves, step
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name

    def compose(self) -> ComposeResult:
        yield LossPlot()

    def on_mount(self) -> None:
        self.query_one(LossPlot).show(self.curves, self.step)


def curve(number: int, *losses: float) -> Curve:
    return Curve(number, "accent", range(len(losses)), losses)


@pytest.mark.parametrize(
    ("low", "high"), [(0, 1), (0, 10), (-3, 4), (0.2, 0.25), (0, 1e-9), (1e12, 3e12), (0, 1000)]
)
def test_the_numbers_along_an_axis_are_round_few_and_within_it(low: float, high: float) -> None:
    ticks = round_ticks(low, high, 4)
    assert 1 <= len(ticks) <= 4
    assert all(low <= tick <= high * (1 + 1e-9) for tick in ticks)
    distances = {round((b - a) / 10 ** math.floor(math.log10(b - a))) for a, b in pairwise(ticks)}
    assert distances <= {1, 2, 5, 10}


def test_an_axis_of_one_number_has_that() -> None:
    assert round_ticks(3, 3, 4) == [3]


def test_losses_far_apart_have_powers_of_ten_along_the_axis() -> None:
    axis = LossAxis(logarithmic=True)
    ticks = axis.get_ticks(-9.7, 1.4)
    assert axis.get_labels_for_ticks(ticks) == ["1e-9", "1e-6", "0.001", "1"]
    assert axis.get_labels_for_ticks(axis.get_ticks(0.1, 0.9)) != []
    plain = LossAxis(logarithmic=False)
    assert plain.get_labels_for_ticks(plain.get_ticks(0, 25)) == ["0", "10", "20"]


@pytest.mark.parametrize(
    ("losses", "logarithmic"),
    [
        ((0.25, 24.9), False),
        ((0.25, 1e-9), True),
        ((0.25, 1e-9, 0.0), True),
        ((0.0, 0.0), False),
        ((-1.0, 1e-9, 5.0), False),
    ],
)
async def test_the_axis_follows_the_losses(losses: tuple[float, ...], logarithmic: bool) -> None:
    app = PlotApp(curve(1, *losses))
    async with app.run_test(size=(60, 16)):
        assert app.query_one(LossPlot).logarithmic is logarithmic


async def test_each_curve_ends_in_the_number_of_its_run() -> None:
    app = PlotApp(curve(1, 0.25, 24.9), curve(2, 0.25, 0.2), step=1)
    async with app.run_test(size=(60, 16)) as pilot:
        await pilot.pause()
        text = screen_text(app)  # type: ignore[arg-type]
        inside = [line.strip(" ┃┫┣│") for line in text.splitlines()[1:-2]]
        ends = [line[-1:] for line in inside]
        assert ends.index("1") < ends.index("2") == len(ends) - 1
        assert text.count("•") > 40


@pytest.mark.parametrize("size", [(1, 1), (9, 2), (12, 3), (20, 5), (200, 60)])
@pytest.mark.parametrize(
    "losses", [(0.25,), (0.25, 24.9), (0.0,) * 3, (1e-300, 1e300), (-5.0, 1.0), tuple(range(2000))]
)
async def test_any_losses_are_drawn_at_any_size(
    size: tuple[int, int], losses: tuple[float, ...]
) -> None:
    app = PlotApp(curve(1, *losses), step=0)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await pilot.resize_terminal(30, 10)
        await pilot.pause()
        assert "•" in screen_text(app).replace("1", "•")  # type: ignore[arg-type]


async def test_another_theme_draws_in_its_colours() -> None:
    app = PlotApp(curve(1, 0.25, 24.9))
    async with app.run_test(size=(60, 16)) as pilot:
        plot = app.query_one(LossPlot)
        before = app.theme_variables["accent"]
        app.theme = "backhand-light"
        await pilot.pause()
        styles = {dataset.marker_style for dataset in plot._datasets}  # type: ignore[attr-defined]
        assert app.theme_variables["accent"] != before
        assert {style.removeprefix("bold ") for style in styles} == {app.theme_variables["accent"]}


@pytest.mark.parametrize("height", [6, 7, 8, 10, 16, 30])
async def test_no_two_numbers_of_the_loss_share_a_line(height: int) -> None:
    app = PlotApp(curve(1, 24.9, 1.0, 1e-10))
    async with app.run_test(size=(40, height)) as pilot:
        await pilot.pause()
        labels = [line[:8].strip() for line in screen_text(app).split("\n")]
        told = [label for label in labels if label]
        assert len(told) >= 2
        assert set(told) <= {f"1e-{power}" for power in range(4, 11)} | {
            "100", "10", "1", "0.1", "0.01", "0.001",
        }  # fmt: skip
