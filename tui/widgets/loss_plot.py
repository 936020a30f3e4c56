"""The loss by step, a dotted curve a run; this and the plot library load when it is first shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

import numpy as np
from rich.segment import Segment
from rich.style import Style
from textual.app import ComposeResult
from textual.containers import Grid
from textual.strip import Strip
from textual_hires_canvas import Canvas
from textual_plot import PlotWidget
from textual_plot.axis_formatter import AxisFormatter
from textual_plot.plot_widget import Legend

from tui.widgets.number_text import number_text

LEFT, BOTTOM, FRAME = 9, 1, 2
"""The room for the numbers along the axes; the two lines above and below the curves."""

LOGARITHMIC = 1000.0
"""From this ratio of the largest to the smallest loss on, the axis has powers of ten."""

TICKS = 4
"""About how many numbers stand along an axis."""

HUGE = 300
"""The power of ten beyond which a curve isn't drawn in its true height."""

DENSITY = 4
"""Dots for a column of characters: as many as keep a steep curve in one piece."""


@dataclass(frozen=True, slots=True)
class Curve:
    """One run: the loss after so many steps."""

    number: int
    colour: str
    """A style variable's name."""
    steps: Sequence[int]
    losses: Sequence[float]


class LossAxis(AxisFormatter):
    """Numbers of the loss, or of its decimal logarithm, along the axis."""

    def __init__(self, logarithmic: bool, most: int = TICKS) -> None:
        """``most`` is about how many numbers there is room for."""
        self.logarithmic = logarithmic
        self.most = most

    def get_ticks(self, min_: float, max_: float, max_ticks: int = TICKS) -> list[float]:
        """Round numbers, or whole powers of ten where there are two of them at least."""
        most = min(max_ticks, self.most)
        first, last = ceil(min_), floor(max_)
        if self.logarithmic and last > first:
            return [float(tick) for tick in range(first, last + 1, ceil((last - first) / most))]
        return round_ticks(min_, max_, most)

    def get_labels_for_ticks(self, ticks: Sequence[float]) -> list[str]:
        """The loss that each of them is."""
        return [self._label(tick) for tick in ticks]

    def _label(self, tick: float) -> str:
        if not self.logarithmic:
            return number_text(tick, 3)
        return number_text(10**tick, 3) if abs(tick) < HUGE else f"1e{tick:.0f}"


def round_ticks(low: float, high: float, most: int) -> list[float]:
    """At most so many numbers between two, at distances of 1, 2 or 5 times a power of ten."""
    if not high > low:
        return [low]
    power = 10.0 ** floor(log10((high - low) / most))
    for distance in (power, 2 * power, 5 * power, 10 * power, 20 * power):
        first, last = ceil(low / distance), floor(high / distance)
        if last - first < most:
            return [number * distance for number in range(first, last + 1)]
    return [low]


class StyledCanvas(Canvas):
    """A canvas that draws where there are no colours, too: there every text needs a style."""

    def render_line(self, y: int) -> Strip:
        """The library's line, with a style where it has none."""
        strip = super().render_line(y)
        segments = (Segment(each.text, each.style or Style.null()) for each in strip)
        return Strip(segments, strip.cell_length)


class LossPlot(PlotWidget, can_focus=False, inherit_bindings=False):
    """Curves of dots that end in the number of their run, and a line at the step that is shown."""

    DEFAULT_CSS = """
    LossPlot {
        & > .plot--axis { color: $faint; text-style: none; }
        & > .plot--tick { color: $muted; text-style: none; }
        & > .plot--label { color: $muted; text-style: none; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, allow_pan_and_zoom=False)
        self.set_reactive(PlotWidget.margin_left, LEFT)
        self.set_reactive(PlotWidget.margin_top, 0)
        self.set_reactive(PlotWidget.margin_bottom, BOTTOM)
        self._curves: tuple[Curve, ...] = ()
        self._step: int | None = None

    def compose(self) -> ComposeResult:
        """The parts that the library has, under its names for them."""
        with Grid():
            for name in ("margin-top", "margin-left", "plot", "margin-bottom"):
                yield StyledCanvas(1, 1, id=name)
        yield Legend(id="legend")

    def show(self, curves: Sequence[Curve], step: int | None) -> None:
        """Show these; ``step`` is where the line stands, if anywhere."""
        if (tuple(curves), step) != (self._curves, self._step):
            self._curves, self._step = tuple(curves), step
            self._draw()

    def notify_style_update(self) -> None:
        """Draw in the colours that there are now."""
        super().notify_style_update()
        self._draw()

    def on_resize(self) -> None:
        """Dots for every column there is; this is also the first time that there are any."""
        self._draw()

    @property
    def logarithmic(self) -> bool:
        """Whether the losses are so far apart that the axis has powers of ten."""
        losses = [loss for curve in self._curves for loss in curve.losses]
        above = [loss for loss in losses if loss > 0]
        if not above or min(losses) < 0:
            return False
        return max(above) > LOGARITHMIC * min(above)

    def _draw(self) -> None:
        if not self.is_mounted or not self._curves:
            return
        self.clear()
        logarithmic = self.logarithmic
        most = max(max(curve.steps[-1] for curve in self._curves), 1)
        columns = max(self.size.width - LEFT, 2)
        variables = self.app.theme_variables
        lines, ends = [], []
        heights: list[float] = []
        for curve in self._curves:
            steps, losses = np.array(curve.steps, float), np.array(curve.losses, float)
            losses = losses.clip(-(10.0**HUGE), 10.0**HUGE)
            if logarithmic:
                steps, losses = steps[losses > 0], np.log10(losses[losses > 0])
            if not len(steps):
                continue
            style = variables[curve.colour]
            dots = np.linspace(steps[0], steps[-1], columns * DENSITY)
            lines.append((dots, np.interp(dots, steps, losses), style))
            # Behind the end, where the line of the step doesn't hide it.
            end = steps[-1] + 2 * most / columns
            ends.append((end, losses[-1], str(curve.number % 10), f"bold {style}"))
            heights += [float(losses.min()), float(losses.max())]
        low, high = min(heights, default=0.0), max(heights, default=1.0)
        room = 0.08 * (high - low) or abs(high) * 0.1 or 1.0
        low, high = low - room, high + room
        if self._step is not None:
            line = np.linspace(low, high, 2 * max(self.size.height, 2))
            self.scatter(np.full(len(line), self._step), line, "│", variables["faint"])
        for dots, losses, style in lines:
            self.scatter(dots, losses, "•", style)
        for step, loss, number, style in ends:
            self.scatter([step], [loss], number, style)
        self.set_ylimits(low, high)
        self.set_xlimits(-most / columns, most * (1 + 4 / columns))
        self.set_xticks([tick for tick in round_ticks(0, most, TICKS + 1) if tick == int(tick)])
        self.set_x_formatter(LossAxis(logarithmic=False))
        rows = self.size.height - BOTTOM - FRAME
        self.set_y_formatter(LossAxis(logarithmic, max(min(rows // 2, TICKS), 1)))
