"""One skill's page: its history as a curve, its mistakes, practising it, beginning it anew."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from engine.language import mark_text, ntr, tr
from engine.practice.mastery import DIFFICULTY, expected
from engine.practice.mistakes import mistake_title
from engine.practice.skills import SKILLS
from engine.practice.titles import skill_title
from engine.records.connection import RecordsError
from engine.records.overview import DayRecord, SkillRecord, read_history
from engine.records.resets import reset_skill
from tui.steady import ClosesOnce
from tui.widgets.charts import column_chart
from tui.widgets.key_bar import KeyBar
from tui.widgets.menu import Item, Menu
from tui.widgets.skill_menu import due_words

if TYPE_CHECKING:
    from tui.app import BackhandApp

HEIGHT, HEIGHT_SHORT = 6, 3


class SkillScreen(ClosesOnce, Screen[None]):
    """How one skill went, day by day."""

    CSS_PATH = "progress.tcss"
    AUTO_FOCUS = ""
    VERTICAL_BREAKPOINTS = [(0, "-short"), (20, "-tall")]  # noqa: RUF012

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "q,й,escape",
            "close",
            mark_text("Back"),
            tooltip=mark_text("Leave this page"),
            id="skill.close",
        ),
    ]

    menu = getters.query_one(Menu)

    if TYPE_CHECKING:
        app = getters.app(BackhandApp)

    def __init__(self, record: SkillRecord) -> None:
        super().__init__()
        self.record = record
        self._asked = False

    def compose(self) -> ComposeResult:
        """Words, the curve, what one can do."""
        with VerticalScroll(id="body", can_focus=False):
            yield Static(id="title", markup=False)
            yield Static(id="sum", markup=False)
            yield Static(id="curve", markup=False)
            yield Menu()
            yield Static(id="note", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """The menu takes the keys."""
        self.retranslate()
        self.menu.focus(scroll_visible=False)

    def retranslate(self) -> None:
        """Write every text in the language there is now."""
        self.query_one("#title", Static).update(Content(skill_title(self.record.skill)))
        self.query_one("#sum", Static).update(Content("\n".join(_facts(self.record))))
        self._draw()
        items = [Item("anew", tr("Begin this skill anew")), Item("back", tr("Back"))]
        if self.record.skill in SKILLS:  # a step that its problem gave as a formula is not drawn
            items.insert(0, Item("practise", tr("Practise this skill")))
        self.menu.show(items)
        self.query_one("#note").display = False

    def on_resize(self) -> None:
        """Use the room there is."""
        self._draw()

    def _draw(self) -> None:
        try:
            days = self.app.places.database.read(lambda c: read_history(c, self.record.skill))
        except RecordsError:
            days = ()
        width = min(self.size.width - 4, 80)
        height = HEIGHT if self.size.height >= 20 else HEIGHT_SHORT
        curve = self.query_one("#curve", Static)
        curve.update(Content("\n").join(curve_lines(days, width, height)))
        curve.display = bool(days)

    @on(Menu.Chosen)
    def _do(self, event: Menu.Chosen) -> None:
        event.stop()
        match event.key:
            case "practise":
                self.app.open_quiz({"skill": self.record.skill})
            case "anew":
                self._begin_anew()
            case _:
                self.action_close()

    def _begin_anew(self) -> None:
        if not self._asked:
            self._asked = True
            self._note(
                tr(
                    "Mastery, dates and mistakes of this skill begin anew. "
                    "Choose it once more to confirm; it can be taken back."
                )
            )
            return
        try:
            reset_skill(self.app.places.database, self.record.skill)
        except RecordsError as error:
            self._note(str(error))
            return
        self.dismiss()
        self.app.notify(tr("The skill begins anew. U takes that back."), markup=False)

    def _note(self, text: str) -> None:
        note = self.query_one("#note", Static)
        note.update(Content(text))
        note.display = True
        note.scroll_visible(animate=False)

    def action_close(self) -> None:
        """Back to the progress page."""
        self.dismiss()


def curve_lines(days: tuple[DayRecord, ...], width: int, height: int) -> list[Content]:
    """The chance of knowing an item of level 2 at the end of each day, and which days these are."""
    if not days:
        return []
    shares = [expected(day.rating, DIFFICULTY[2]) for day in days]
    shown = days[-max(width - 7, 1) :]
    heading = tr("The chance of a right answer, day by day")
    dates = shown[0].day if len(shown) == 1 else f"{shown[0].day} – {shown[-1].day}"
    return [
        Content.styled(heading, "$muted"),
        *column_chart(shares, width, height),
        Content.styled(f"       {dates}", "$muted"),
    ]


def _facts(record: SkillRecord) -> list[str]:
    standing = record.standing
    mastered = tr("mastered") if standing.mastered else tr("not mastered yet")
    due = due_words(standing, datetime.now(UTC))
    first = ntr(
        "{known} of {number} question right at the first try",
        "{known} of {number} questions right at the first try",
        standing.firsts,
        known=standing.known,
    )
    lines = [" · ".join(filter(None, (mastered, due))), first]
    if record.mistakes:
        named = [f"{mistake_title(tag)} ×{times}" for tag, times in record.mistakes[:4]]
        lines.append(tr("Mistakes met: {mistakes}.", mistakes="; ".join(named)))
    return lines
