"""One skill's page: its history as a curve, its mistakes, practising it, beginning it anew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from engine.language import mark_text, ntr, tr
from engine.practice.mastery import DIFFICULTY, expected
from engine.practice.mistakes import mistake_title
from engine.practice.skills import SKILLS
from engine.practice.titles import skill_title
from engine.records.connection import RecordsError
from engine.records.overview import DayRecord, SkillRecord, read_history
from engine.records.resets import reset_skill
from tui.screens.menu_page import MenuPage, close_key
from tui.steady import ClosesOnce
from tui.widgets.charts import column_chart
from tui.widgets.menu import Item, Menu
from tui.widgets.skill_menu import due_words

HEIGHT, HEIGHT_SHORT = 6, 3


class SkillScreen(ClosesOnce, MenuPage):
    """How one skill went, day by day."""

    BINDINGS: ClassVar[list[BindingType]] = [close_key("skill", mark_text("Back"))]

    def __init__(self, record: SkillRecord) -> None:
        super().__init__()
        self.record = record
        self._asked = False

    def above_menu(self) -> Iterator[Widget]:
        """The curve."""
        yield Static(id="curve", markup=False)

    def below_menu(self) -> Iterator[Widget]:
        """What is said before a new beginning."""
        yield Static(id="note", markup=False)

    @property
    def heading(self) -> str:
        """The skill's title."""
        return skill_title(self.record.skill)

    @property
    def about(self) -> str:
        """How one stands."""
        return "\n".join(_facts(self.record))

    def show_items(self) -> None:
        """The curve, and what one can do."""
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
