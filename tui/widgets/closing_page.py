"""What stands behind a quiz's last question: the score, each misconception by name, what to do."""

from __future__ import annotations

from collections.abc import Sequence

from textual import getters
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.content import Content
from textual.widgets import Static

from engine.language import ntr, tr
from tui.closing import Closing, MissedWords, MistakeWords
from tui.shown import shown
from tui.widgets.bars import progress_line
from tui.widgets.charts import count_bar
from tui.widgets.menu import Item, Menu
from tui.widgets.question_words import NOTED

BAR, COUNT = 30, 8
LEAST = 60
"""The least width for a bar with words beside it; in a narrower window they stand below."""


class ClosingPage(Vertical):
    """The score on top, what went wrong and what went well in panels, a menu below."""

    DEFAULT_CSS = """
    ClosingPage {
        height: auto;
        #score { margin-bottom: 1; }
        #panels { height: auto; margin-bottom: 1; }
        .panel {
            height: auto;
            padding: 0 1;
            border: round $foreground 20%;
            border-title-color: $muted;
        }
        #mistakes { border: round $accent 60%; border-title-color: $accent; }
    }
    """

    menu = getters.query_one(Menu)

    def compose(self) -> ComposeResult:
        """All parts; which of them are seen depends on what there is to say."""
        yield Static(id="score", markup=False)
        with Container(id="panels"):
            with Vertical(id="wrong"):
                yield Static(id="mistakes", classes="panel", markup=False)
                yield Static(id="missed", classes="panel", markup=False)
            yield Static(id="well", classes="panel", markup=False)
        yield Menu(id="after")

    def show_closing(self, finished: str, page: Closing, again: str) -> None:
        """The end of a quiz or of an exam; ``again`` is what another one is called."""
        right, total = page.known.count(True), len(page.known)
        items = Content("  ").join(
            [
                Content.styled(f"{number}✓", "$verdict-right")
                if known
                else Content.styled(f"{number}✗", "$verdict-wrong")
                for number, known in enumerate(page.known, 1)
            ]
        )
        self._score(
            [
                Content.styled(finished, "bold"),
                *self._barred(right, total, Content.styled(page.score, "bold")),
                items,
            ]
        )
        self._panel("#mistakes", tr("Mistakes met, by name"), _mistakes(page.mistakes))
        self._panel("#missed", tr("To look at again"), _missed(page.missed))
        well = [Content.assemble(("✓ ", "$verdict-right"), title) for title in page.well]
        self._panel("#well", tr("Went well"), well)
        self.query_one("#wrong").display = bool(page.missed)
        self._choose([Item("again", again), Item("home", tr("Home"))])

    def show_overview(self, answered: Sequence[bool], titles: Sequence[str]) -> None:
        """Behind an exam's last question, as long as it isn't handed in: each can be gone to."""
        left = answered.count(False)
        counts = ntr("{number} question is left open.", "{number} questions are left open.", left)
        words = counts if left else tr("Every question is answered.")
        self._score(
            [
                Content.styled(tr("Before you hand in"), "bold"),
                *self._barred(len(answered) - left, len(answered), Content(words)),
                Content.styled(tr("Each answer can still be changed."), "$muted"),
            ]
        )
        self.query_one("#panels").display = False
        questions = [
            Item(f"question:{at}", f"{NOTED if done else '·'} {at + 1}  {title}")
            for at, (done, title) in enumerate(zip(answered, titles, strict=True))
        ]
        first = Item("hand_in", tr("Hand in"))
        if left:
            at = answered.index(False)
            words = tr("Go to question {number}, which is open", number=at + 1)
            first, last = Item(f"question:{at}", words), first
            questions = [last, *questions]
        self._choose([first, *questions])

    def _barred(self, done: int, total: int, words: Content) -> list[Content]:
        bar = progress_line(done, total, BAR)
        return [bar, words] if self.app.size.width < LEAST else [bar + "  " + words]

    def _score(self, lines: list[Content]) -> None:
        self.query_one("#score", Static).update(Content("\n").join(lines))

    def _panel(self, selector: str, title: str, lines: list[Content]) -> None:
        self.query_one("#panels").display = True
        panel = self.query_one(selector, Static)
        panel.display = bool(lines)
        panel.border_title = Content(title)
        panel.update(Content("\n").join(lines))

    def _choose(self, items: list[Item]) -> None:
        self.menu.show(items)
        self.menu.index = 0
        self.menu.focus(scroll_visible=False)


def _mistakes(mistakes: Sequence[MistakeWords]) -> list[Content]:
    """Each misconception with how many items it spoilt, and what there is to say about it."""
    most = max((mistake.times for mistake in mistakes), default=1)
    lines = []
    for mistake in mistakes:
        bar = count_bar(mistake.times, most, COUNT) if most > 1 else Content.styled("✗", "$accent")
        times = f" ×{mistake.times}" if mistake.times > 1 else ""
        lines.append(Content.assemble(bar, (f" {mistake.title}{times}", "bold")))
        if mistake.message:
            lines.append(Content.styled(shown(mistake.message), "$muted"))
    return lines


def _missed(missed: Sequence[MissedWords]) -> list[Content]:
    lines = []
    for each in missed:
        why = [(f"{each.why}", "$muted")]
        if each.mended:
            why.append(("  ✓ " + tr("Right when it came back."), "$verdict-right"))
        lines.append(Content.assemble(("✗ ", "$verdict-wrong"), f"{each.number}  {each.title}"))
        lines.append(Content.assemble("  ", *why))
    return lines
