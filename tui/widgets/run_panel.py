"""The runs of an explored problem: where one is, the loss as a curve, each run on a line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import events, getters
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from engine.language import mark_text, ntr, tr
from tui.widgets.number_text import number_text
from tui.widgets.rewriting import rewrite

if TYPE_CHECKING:
    from engine.practice.exploring import Explorer
    from engine.practice.running import Run
    from tui.widgets.loss_plot import LossPlot

COLOURS = ("accent", "verdict-right", "verdict-wrong", "primary", "foreground", "muted")
"""The colours of the runs, one after the other; each has its number beside it."""

LEAST_PLOT, LOW = 5, 12
"""The least height in which a curve is drawn, and the one below which all is in fewer lines."""


class RunPanel(Vertical, can_focus=True):
    """Shows what an explorer has run; posts where the learner wants to go and decides nothing."""

    DEFAULT_CSS = """
    RunPanel {
        & > Static { height: auto; text-wrap: nowrap; text-overflow: ellipsis; }
        #runs { margin-top: 1; }
        #plot { height: 1fr; min-height: 0; }
        #no-plot { color: $muted; text-wrap: wrap; margin-top: 1; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "right",
            "move(1)",
            mark_text("Steps"),
            key_display="←→",
            tooltip=mark_text("Show the weights a step later"),
            id="runs.later",
        ),
        Binding(
            "left",
            "move(-1)",
            mark_text("Step back"),
            tooltip=mark_text("Show the weights a step earlier"),
            id="runs.earlier",
            show=False,
        ),
        Binding(
            "home",
            "go('first')",
            mark_text("First step"),
            tooltip=mark_text("Show the weights that the run began from"),
            id="runs.first",
            show=False,
        ),
        Binding(
            "end",
            "go('last')",
            mark_text("Last step"),
            tooltip=mark_text("Show the weights that the run has come to"),
            id="runs.last",
            show=False,
        ),
        Binding(
            "down",
            "choose(1)",
            mark_text("Runs"),
            key_display="↑↓",
            tooltip=mark_text("Show the next run"),
            id="runs.next",
        ),
        Binding(
            "up",
            "choose(-1)",
            mark_text("Previous run"),
            tooltip=mark_text("Show the run before"),
            id="runs.previous",
            show=False,
        ),
        Binding(
            "delete,backspace",
            "drop",
            mark_text("Forget run"),
            tooltip=mark_text("Forget the run that is shown"),
            id="runs.drop",
        ),
    ]

    head = getters.query_one("#head", Static)
    lines = getters.query_one("#runs", Static)

    @dataclass
    class Moved(Message):
        """The learner wants to see the weights so many kept steps on, or back."""

        steps: int

    @dataclass
    class Chosen(Message):
        """The learner wants to see another run."""

        run: Run

    @dataclass
    class Dropped(Message):
        """The learner wants a run to be forgotten."""

        run: Run

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._explorer: Explorer | None = None
        self.plot: LossPlot | None = None
        """The curve, once there was one to be shown."""

    def compose(self) -> ComposeResult:
        """A line about where one is, room for the curve, the runs."""
        yield Static(id="head", markup=False)
        yield Static(id="no-plot", markup=False)
        yield Static(id="runs", markup=False)

    def show(self, explorer: Explorer) -> None:
        """Show where the explorer is."""
        self._explorer = explorer
        self._show_plot(explorer)
        self._fit()

    def _show_plot(self, explorer: Explorer) -> None:
        drawn = [run for run in explorer.runs if run.steps]
        nothing = self.query_one("#no-plot", Static)
        nothing.display = not drawn
        words = explorer.untrainable or tr("Run some steps, and the loss is drawn here.")
        nothing.update(Content(words))
        if not drawn:
            if self.plot is not None:
                self.plot.display = False
            return
        # The plot library is large: it is loaded when there is something to draw.
        from tui.widgets.loss_plot import Curve, LossPlot

        if self.plot is None:
            self.plot = LossPlot(id="plot")
            self.mount(self.plot, after=nothing)
        curves = [
            Curve(run.number, colour_of(run), run.losses.steps, run.losses.items) for run in drawn
        ]
        self.plot.show(curves, explorer.step if explorer.run in drawn else None)

    def on_resize(self, event: events.Resize) -> None:
        """Use the height there is."""
        self._fit()

    def _fit(self) -> None:
        """In a low window one line says where one is, and only the run that is shown is named."""
        explorer = self._explorer
        if explorer is None:
            return
        low = self.size.height < LOW
        head = head_lines(explorer, counted=not low)
        rewrite(self.head, Content("   ").join(head) if low else Content("\n").join(head))
        lines = run_lines(explorer, whole=not low)
        if low and explorer.run in explorer.runs:
            lines = [lines[explorer.runs.index(explorer.run)]]
        rewrite(self.lines, Content("\n").join(lines))
        self.lines.display = bool(lines)
        if self.plot is not None:
            room = self.size.height - len(lines) - (1 if low else 3)
            self.plot.display = any(run.steps for run in explorer.runs) and room >= LEAST_PLOT

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without runs there is nowhere to go."""
        explorer = self._explorer
        if action == "choose":
            others = [] if explorer is None else [r for r in explorer.runs if r is not explorer.run]
            return bool(others)
        if action in ("move", "go", "drop"):
            return explorer is not None and explorer.run is not None
        return True

    def action_move(self, steps: int) -> None:
        """Ask for the weights of another step."""
        self.post_message(self.Moved(steps))

    def action_go(self, where: str) -> None:
        """Ask for the first or the last weights."""
        self.post_message(self.Moved(10**9 if where == "last" else -(10**9)))

    def action_choose(self, lines: int) -> None:
        """Ask for the run above or below."""
        explorer = self._explorer
        if explorer is None or not explorer.runs:
            return
        runs = explorer.runs
        here = runs.index(explorer.run) if explorer.run in runs else len(runs)
        self.post_message(self.Chosen(runs[min(max(here + lines, 0), len(runs) - 1)]))

    def action_drop(self) -> None:
        """Ask for the run that is shown to be forgotten."""
        if self._explorer is not None and self._explorer.run is not None:
            self.post_message(self.Dropped(self._explorer.run))

    def on_click(self, event: events.Click) -> None:
        """A click on a run's line chooses it."""
        explorer = self._explorer
        if explorer is None or event.widget is not self.lines or self.size.height < LOW:
            return
        line = event.get_content_offset_capture(self.lines).y
        if 0 <= line < len(explorer.runs):
            self.post_message(self.Chosen(explorer.runs[line]))


def colour_of(run: Run) -> str:
    """The style variable of a run's colour."""
    return COLOURS[(run.number - 1) % len(COLOURS)]


def head_lines(explorer: Explorer, *, counted: bool = True) -> list[Content]:
    """The optimizer with its rate and, ``counted``, the step; the loss there."""
    lines = []
    if explorer.optimizer:
        rate = number_text(float(explorer.value(explorer.rate_key)))
        symbol = explorer.solution.symbol(explorer.rate_key)
        last = explorer.run.steps if explorer.run is not None else 0
        parts: list[tuple[str, str]] = [(explorer.optimizer, "bold"), (f"   {symbol} = {rate}", "")]
        if last and counted:
            step = tr("step {step} of {last}", step=explorer.step, last=last)
            parts.append((f"   {step}", "$muted"))
        lines.append(Content.assemble(*parts))
    if explorer.loss is not None:
        loss = Content.styled(f"L = {number_text(explorer.loss)}", "bold $accent")
        lines.append(loss)
    return lines


def run_lines(explorer: Explorer, *, whole: bool = True) -> list[Content]:
    """Each run: its number, optimizer and rate if ``whole``, steps, what became of the loss."""
    symbol = explorer.solution.symbol(explorer.rate_key)
    rows = [_run_texts(run, symbol) for run in explorer.runs]
    if not whole:
        rows = [(number, *rest) for number, _, _, *rest in rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for run, row in zip(explorer.runs, rows, strict=True):
        here = run is explorer.run
        number, *cells = (text.ljust(width) for text, width in zip(row, widths, strict=True))
        lines.append(
            Content.assemble(
                ("▸ " if here else "  ", "$accent"),
                (f"{number}  ", f"bold ${colour_of(run)}"),
                ("  ".join(cells), "bold" if here else "$muted"),
            )
        )
    return lines


def _run_texts(run: Run, symbol: str) -> tuple[str, ...]:
    steps = ntr("{number} step", "{number} steps", run.steps)
    first, last = run.losses.items[0], run.losses.items[-1]
    became = f"{number_text(first)} → {number_text(last)}"
    if run.failed_at is not None:
        became = f"{number_text(first)} → ∞"
    rate = f"{symbol} = {number_text(run.rate)}"
    return str(run.number), run.optimizer, rate, steps, became
