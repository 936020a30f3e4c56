"""Progress: mastery by skill and when each is due, the mistakes met most, a calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from engine.language import mark_text, ntr, tr
from engine.practice.mistakes import mistake_title
from engine.practice.titles import skill_title
from engine.records.connection import RecordsError
from engine.records.overview import Overview, read_overview
from engine.records.resets import last_reset, reset_lesson, undo_reset
from tui.widgets.charts import calendar_chart, last_months, sparkline
from tui.widgets.key_bar import KeyBar
from tui.widgets.menu import Item, Menu
from tui.widgets.skill_menu import SkillMenu

if TYPE_CHECKING:
    from tui.app import BackhandApp

LISTED = 6
"""The misconceptions that are listed."""

MONTHS, MONTHS_NARROW = 12, 6
WEEKS, WEEKS_NARROW = 26, 15


class ProgressScreen(Screen[None]):
    """What the records say; a skill opens its own page."""

    CSS_PATH = "progress.tcss"
    AUTO_FOCUS = ""
    VERTICAL_BREAKPOINTS = [(0, "-short"), (20, "-tall")]  # noqa: RUF012

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "u,г",
            "undo",
            mark_text("Undo"),
            tooltip=mark_text("Take the last new beginning back"),
            id="progress.undo",
        ),
        Binding(
            "q,й,escape",
            "close",
            mark_text("Home"),
            tooltip=mark_text("Leave this page"),
            id="progress.close",
        ),
        Binding(
            "pagedown,space",
            "scroll_page(1)",
            mark_text("Scroll"),
            key_display="pgdn",
            tooltip=mark_text("Show what is further below"),
            id="progress.down",
        ),
        Binding(
            "pageup",
            "scroll_page(-1)",
            mark_text("Scroll up"),
            tooltip=mark_text("Show what is further above"),
            id="progress.up",
            show=False,
        ),
    ]

    menu = getters.query_one(SkillMenu)

    if TYPE_CHECKING:
        app = getters.app(BackhandApp)

    def __init__(self) -> None:
        super().__init__()
        self.overview = Overview()
        self._asked = ""
        """The lesson for which a new beginning is to be confirmed."""

    def compose(self) -> ComposeResult:
        """The sum, the skills, the mistakes, the calendar."""
        with VerticalScroll(id="body", can_focus=False):
            yield Static(id="title", markup=False)
            yield Static(id="sum", markup=False)
            yield SkillMenu()
            yield Static(id="note", markup=False)
            yield Static(id="mistakes", markup=False)
            yield Static(id="calendar", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """The menu takes the keys."""
        self.menu.focus(scroll_visible=False)

    def on_screen_resume(self) -> None:
        """Read the records anew: a skill's page may have changed them."""
        self.retranslate()

    def retranslate(self) -> None:
        """Read everything, and write every text in the language there is now."""
        self.query_one("#title", Static).update(Content(tr("Progress")))
        self.overview = Overview()
        trouble = ""
        database = self.app.places.database
        try:
            self.overview = database.read(read_overview)
        except RecordsError as error:
            path = database.path
            trouble = tr("The records can't be read: {cause} ({path})", cause=error, path=path)
        now = datetime.now(UTC)
        self.query_one("#sum", Static).update(Content(trouble or sum_words(self.overview, now)))
        standings = {record.skill: record.standing for record in self.overview.skills}
        self.menu.show_standings(self._items(), standings, now)
        self._show("#mistakes", self._mistakes(now.astimezone().date()))
        self._show("#calendar", self._calendar(now))
        self._note("")
        self.refresh_bindings()

    def _items(self) -> list[Item]:
        items = []
        for place, record in enumerate(self.overview.skills):
            heading = tr("Skills, the next due first") if place == 0 else ""
            name = skill_title(record.skill)
            items.append(Item(f"skill:{record.skill}", name, total=100, heading=heading))
        items.append(Item("quiz", tr("Quiz: what helps most now"), heading=" "))
        items += [
            Item(f"lesson:{card.id}", tr("Begin anew: {title}", title=card.title))
            for card in self.app.lesson_cards()
            if card.begun
        ]
        return items

    def _mistakes(self, today: date) -> Content:
        """The misconceptions met most, and how often each was met in each of the last months."""
        most = self.overview.mistakes[:LISTED]
        if not most:
            return Content("")
        roomy = self.size.width >= 70
        months = last_months(today, MONTHS if roomy else MONTHS_NARROW)
        met = {(tag, month): times for month, tag, times in self.overview.by_month}
        heading = ntr(
            "Mistakes met most, by month: the last {number} month",
            "Mistakes met most, by month: the last {number} months",
            len(months),
        )
        lines = [Content.styled(heading, "$muted")]
        width = max(len(str(times)) for _, times in most)
        highest = max(met.values(), default=1)
        for tag, times in most:
            curve = sparkline([met.get((tag, month), 0) for month in months], highest)
            lines.append(Content.assemble(f"{times:>{width}} ", curve, f"  {mistake_title(tag)}"))
        return Content("\n").join(lines)

    def _calendar(self, now: datetime) -> Content:
        if not self.overview.calendar:
            return Content("")
        weeks = WEEKS if self.size.width >= 70 else WEEKS_NARROW
        heading = tr("Answers by day, the last {number} weeks", number=weeks)
        today = now.astimezone().date()
        lines = calendar_chart(dict(self.overview.calendar), today, weeks)
        return Content("\n").join([Content.styled(heading, "$muted"), *lines])

    def _show(self, selector: str, content: Content) -> None:
        static = self.query_one(selector, Static)
        static.update(content)
        static.display = bool(content.plain)

    def _note(self, text: str) -> None:
        self._show("#note", Content(text))
        if text:
            self.query_one("#note").scroll_visible(animate=False)

    # What the learner does.

    @on(Menu.Chosen)
    def _open(self, event: Menu.Chosen) -> None:
        event.stop()
        match event.key.partition(":"):
            case ("skill", _, skill):
                from tui.screens.skill import SkillScreen

                records = {each.skill: each for each in self.overview.skills}
                if skill in records:  # it may have been forgotten since the line was chosen
                    self.app.push_screen(SkillScreen(records[skill]))
            case ("lesson", _, identity):
                self._begin_anew(identity)
            case _:
                self.app.open_quiz()

    def _begin_anew(self, identity: str) -> None:
        if self._asked != identity:
            self._asked = identity
            self._note(
                tr(
                    "The place in this lesson is dropped and its answers no longer count. "
                    "Choose it once more to confirm; it can be taken back."
                )
            )
            return
        self._asked = ""
        try:
            reset_lesson(self.app.places.database, identity)
        except RecordsError as error:
            self._note(str(error))
            return
        self.retranslate()
        self._note(tr("The lesson begins anew. U takes that back."))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what was done can be taken back."""
        return action != "undo" or self._can_undo()

    def _can_undo(self) -> bool:
        try:
            return self.app.places.database.read(last_reset) is not None
        except RecordsError:
            return False

    def action_undo(self) -> None:
        """Take the last new beginning back."""
        database = self.app.places.database
        try:
            reset = database.read(last_reset)
            if reset is None:
                return
            undo_reset(database, reset)
        except RecordsError as error:
            self._note(str(error))
            return
        self.retranslate()
        self._note(tr("Taken back: everything counts again."))

    def action_scroll_page(self, direction: int) -> None:
        """Scroll by half a screen."""
        body = self.query_one("#body")
        body.scroll_relative(y=direction * max(body.size.height // 2, 1), animate=False)

    def action_close(self) -> None:
        """Go home."""
        self.app.open_home()


def sum_words(overview: Overview, now: datetime) -> str:
    """How much was practised, and how much is due."""
    if not overview.calendar:
        return tr("Nothing is recorded yet. Every answer in a lesson or a quiz will count here.")
    answers = ntr("{number} answer", "{number} answers", overview.answers)
    days = ntr("on {number} day", "on {number} days", len(overview.calendar))
    due = len(overview.due(now))
    waiting = ntr("{number} skill is due", "{number} skills are due", due)
    mastered = sum(record.standing.mastered for record in overview.skills)
    known = ntr("{number} skill mastered", "{number} skills mastered", mastered)
    streak = overview.streak(now.astimezone().date())
    row = ntr("{number} day in a row", "{number} days in a row", streak)
    return f"{answers} {days} · {row}\n{known} · {waiting}"
