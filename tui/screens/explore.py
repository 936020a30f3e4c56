"""Explore: a problem's network to play with; every value in place, the runs and their curve."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from threading import Event
from typing import TYPE_CHECKING, ClassVar

from textual import events, getters, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static

from engine.language import tr
from engine.practice.exploring import Explorer, Refused
from engine.practice.question import Question
from engine.practice.running import Run, Stretch, stretches
from tui.screens.explore_keys import EXPLORE_KEYS
from tui.screens.explore_words import (
    cell_content,
    nudge_content,
    outcome_content,
    progress_content,
)
from tui.widgets.cell_text import STARTS_TYPING
from tui.widgets.header_bar import HeaderBar
from tui.widgets.key_bar import KeyBar
from tui.widgets.network_map import NetworkMap
from tui.widgets.network_marks import MapState, Mark, lit_marks
from tui.widgets.nudge_line import NudgeLine
from tui.widgets.number_text import number_text
from tui.widgets.rewriting import rewrite
from tui.widgets.run_panel import RunPanel
from tui.widgets.sheet_blocks import sheet_blocks
from tui.widgets.sheet_layout import Block
from tui.widgets.value_sheet import ValueSheet

if TYPE_CHECKING:
    from engine.practice.session import Session
    from engine.problems.problem import Problem
    from tui.app import BackhandApp

SHORT, TALL = 18, 30
"""Below these heights the map goes, and the lines between the matrices."""

NUDGE = 0.001
"""The nudge that is proposed."""


class ExploreScreen(Screen[None]):
    """Shows an explorer and sends it what the learner does; it decides nothing."""

    CSS_PATH = "explore.tcss"
    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-short"), (SHORT, "-tall")]  # noqa: RUF012

    BINDINGS: ClassVar[list[BindingType]] = EXPLORE_KEYS

    header = getters.query_one(HeaderBar)
    map = getters.query_one(NetworkMap)
    sheet = getters.query_one(ValueSheet)
    panel = getters.query_one(RunPanel)
    note = getters.query_one("#note", Static)
    amount = getters.query_one(NudgeLine)

    if TYPE_CHECKING:
        app = getters.app(BackhandApp)

    @dataclass
    class Advanced(Message):
        """A run has made some steps; posted by the thread that makes them."""

        run: Run
        stretch: Stretch

    def __init__(self, problem: Problem) -> None:
        super().__init__()
        self.explorer = Explorer(problem)
        self._stop: Event | None = None
        """Tells the run that goes on now to stop; None while none does."""
        self._asked = self._made = 0
        self._blocks: list[Block] = []
        self._lit: frozenset[Mark] = frozenset()
        self._nudged: tuple[str, int, int] | None = None
        self._own: tuple[object, Problem, Session] | None = None
        """The lesson that was made of the values last, and of which state."""

    def compose(self) -> ComposeResult:
        """The map; the values beside the runs; a few words; the keys."""
        yield HeaderBar()
        yield NetworkMap()
        with Horizontal(id="work"):
            yield ValueSheet()
            yield RunPanel()
        yield NudgeLine()
        yield Static(id="note", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """The values take the keys."""
        self.amount.display = False
        self.show()
        self.sheet.focus()
        self.about_cell()

    # Showing.

    def show(self) -> None:
        """Show what the explorer says now."""
        explorer = self.explorer
        last = explorer.run.steps if explorer.run is not None else 0
        stage = tr("step {step} of {last}", step=explorer.step, last=last) if last else ""
        self.header.show(explorer.problem.title, stage or tr("explore"), 0, last, explorer.step)
        self._blocks = sheet_blocks(explorer, self._blocks)
        self.sheet.show(self._blocks, 1 if self.size.height >= TALL else 0)
        self.panel.show(explorer)
        self._light()
        self.refresh_bindings()

    def retranslate(self) -> None:
        """Write every text anew, in the language and with the decimal sign there are now."""
        self._blocks = []
        self.show()
        self.about_cell()

    def say(self, content: Content) -> None:
        """Show some words below the matrices."""
        rewrite(self.note, content)

    def about_cell(self) -> None:
        """Say what the number under the cursor is and what it follows from."""
        self.say(cell_content(self.explorer, *self.sheet.cursor))

    def _light(self) -> None:
        """The map shows where the cursor is; the numbers stand below it anyway."""
        explorer, key = self.explorer, self.sheet.cursor[0]
        if explorer.given(key):
            lit = frozenset({Mark("node", key), Mark("weight", key)})
        else:
            lit = lit_marks(Question(explorer.problem, "value", key))
        if lit != self._lit:
            self._lit = lit
            known = frozenset(explorer.solution.numbers)
            self.map.light(MapState(explorer.solution, lit, known, numbers=False))

    def on_resize(self, event: events.Resize) -> None:
        """Use the room there is."""
        if self.is_mounted:
            self.call_after_refresh(self.show)

    # Changing values.

    @on(ValueSheet.Edited)
    def _edit(self, event: ValueSheet.Edited) -> None:
        explorer = self.explorer
        self._try(partial(explorer.edit, event.key, event.row, event.column, event.text))

    @on(ValueSheet.Pasted)
    def _paste(self, event: ValueSheet.Pasted) -> None:
        self._try(partial(self.explorer.fill, event.key, event.text))

    @on(ValueSheet.Moved)
    def _moved(self) -> None:
        self._light()
        if self._stop is None:
            self.about_cell()

    def _try(self, change: Callable[[], object]) -> bool:
        """Let the explorer do something, show it, or say why it can't be done."""
        if self._stop is not None:
            self.say(Content(tr("The run goes on: Esc stops it.")))
            return False
        try:
            change()
        except Refused as error:
            self.say(Content.styled(str(error), "$warning"))
            return False
        self.show()
        self.about_cell()
        return True

    def action_undo(self) -> None:
        """Take the last change back."""
        self._try(partial(self.explorer.undo))

    def action_reset(self) -> None:
        """Go back to the problem's own values."""
        self._try(partial(self.explorer.reset))

    def action_stay(self) -> None:
        """Let training begin from the weights that are shown."""
        self._try(partial(self.explorer.stay))

    def action_rate(self) -> None:
        """Type another learning rate."""
        key = self.explorer.rate_key
        if not key:
            self.say(Content.styled(self.explorer.untrainable, "$warning"))
            return
        self._show_values(values=True)
        self.sheet.go(key)
        self.sheet.begin(replace=True)

    def action_optimizer(self) -> None:
        """Choose another optimizer."""
        from tui.screens.optimizers import OptimizerScreen

        if reason := self.explorer.untrainable:
            self.say(Content.styled(reason, "$warning"))
            return
        self.app.push_screen(OptimizerScreen(self.explorer.optimizer), self._choose)

    def _choose(self, optimizer: str | None) -> None:
        if optimizer:
            self._try(partial(self.explorer.choose, optimizer))

    # Runs.

    def action_run(self, steps: int) -> None:
        """Make so many steps in a thread."""
        if self._stop is not None:
            self.say(Content(tr("The run goes on: Esc stops it.")))
            return
        try:
            run = self.explorer.start()
        except Refused as error:
            self.say(Content.styled(str(error), "$warning"))
            return
        self._stop = Event()
        self._asked, self._made = steps, 0
        self.say(progress_content(run, 0, steps))
        self.run_worker(partial(self._work, run, steps, self._stop), thread=True, group="run")

    def _work(self, run: Run, steps: int, stop: Event) -> None:
        """Make the steps; this is the thread, which only posts messages."""
        for stretch in stretches(run.training, steps, stop.is_set):
            self.post_message(self.Advanced(run, stretch))

    @on(Advanced)
    def _advance(self, event: Advanced) -> None:
        """Take what the thread has made."""
        self.explorer.take(event.run, event.stretch)
        self._made += len(event.stretch.weights)
        if event.stretch.end:
            self._stop = None
            self.show()
            self.say(outcome_content(self.explorer, event.run))
            return
        self.say(progress_content(event.run, self._made, self._asked))
        if self.app.animation_level != "none":
            self.show()

    def on_unmount(self) -> None:
        """Whatever still runs is of no use."""
        if self._stop is not None:
            self._stop.set()

    @on(RunPanel.Moved)
    def _step(self, event: RunPanel.Moved) -> None:
        self.action_move(event.steps)

    @on(RunPanel.Chosen)
    def _select(self, event: RunPanel.Chosen) -> None:
        self._try(partial(self.explorer.select, event.run))

    @on(RunPanel.Dropped)
    def _drop(self, event: RunPanel.Dropped) -> None:
        self._try(partial(self.explorer.drop, event.run))

    def action_move(self, steps: int) -> None:
        """Show the weights of another step."""
        run = self.explorer.run
        if self._try(partial(self.explorer.move, steps)) and run and self.focused is self.panel:
            self.say(outcome_content(self.explorer, run))

    def action_explore(self) -> None:
        """One is there already."""

    def action_switch(self) -> None:
        """Go from the values to the runs, or back."""
        self._show_values(values=self.focused is self.panel)

    def _show_values(self, *, values: bool) -> None:
        self.set_class(not values, "-runs")
        (self.sheet if values else self.panel).focus()

    # Nudging.

    def action_nudge(self) -> None:
        """Ask by how much."""
        self._nudged = self.sheet.cursor
        symbol = self.explorer.solution.symbol(self._nudged[0])
        self.amount.propose(number_text(NUDGE), f"Δ{symbol}")
        self.amount.display = True
        self.add_class("-nudging")
        self.amount.focus()

    @on(NudgeLine.Submitted)
    def _nudge(self, event: NudgeLine.Submitted) -> None:
        if self._nudged is None:
            return
        event.grid.move_to(0, 0)  # what is typed next replaces it
        try:
            nudge = self.explorer.nudge(*self._nudged, event.grid.cells[0][0])
        except Refused as error:
            self.say(Content.styled(str(error), "$warning"))
            return
        self.say(nudge_content(nudge))

    @on(NudgeLine.Left)
    def _nudged_enough(self) -> None:
        self._nudged = None
        self.amount.display = False
        self.remove_class("-nudging")
        self._show_values(values=True)

    # More.

    def action_ask(self) -> None:
        """Make a lesson of the values that are shown."""
        from engine.practice.session import lesson
        from tui.screens.own_lesson import OwnLessonScreen

        explorer = self.explorer
        state = (explorer.network, explorer.run, explorer.step)
        if self._own is None or self._own[0] != state:
            try:
                problem = explorer.lesson()
            except Refused as error:
                self.say(Content.styled(str(error), "$warning"))
                return
            self._own = (state, problem, lesson(problem))
        _, problem, session = self._own
        self.app.push_screen(OwnLessonScreen(problem, session))

    def action_close(self) -> None:
        """Stop what runs; if nothing does, leave."""
        if self._stop is not None:
            self._stop.set()
            return
        self.dismiss()

    def on_key(self, event: events.Key) -> None:
        """A digit typed anywhere begins to type over the number under the cursor."""
        typed = event.character
        if typed and typed in STARTS_TYPING and self.focused in (None, self.panel):
            event.stop()
            self._show_values(values=True)
            self.sheet.begin(typed)
