"""Numbered options to choose from, matrices or words: digits and arrows mark, Enter confirms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.style import Style
from textual.widget import Widget

from engine.language import mark_text
from tui.widgets.brackets import middle
from tui.widgets.matrix_view import Values, matrix_content, side_by_side

GAP = 4


class Option(NamedTuple):
    """One option: words, a value, or both, as in ``H₁ = …``."""

    label: str
    value: Values | None = None


class OptionsView(Widget, can_focus=True):
    """The options side by side as far as there is room, one of them marked."""

    DEFAULT_CSS = """
    OptionsView {
        height: auto;
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "left,up",
            "move(-1)",
            mark_text("Up"),
            tooltip=mark_text("Mark the option before"),
            id="options.before",
            show=False,
        ),
        Binding(
            "right,down",
            "move(1)",
            mark_text("Choose"),
            key_display="1–9",
            tooltip=mark_text("Mark an option: by its number, or the next one by arrow"),
            id="options.next",
        ),
        Binding(
            "enter",
            "submit",
            mark_text("Check"),
            tooltip=mark_text("Check the marked option"),
            id="options.check",
        ),
        Binding(
            "f5",
            "submit",
            mark_text("Check"),
            tooltip=mark_text("Check the marked option"),
            id="options.check_now",
            show=False,
        ),
        Binding(
            "escape",
            "leave",
            mark_text("Commands"),
            tooltip=mark_text("Leave the options, so that single letters are commands"),
            id="options.leave",
        ),
    ]

    @dataclass
    class Changed(Message):
        """The learner marked an option; the text is its number."""

        text: str

    @dataclass
    class Submitted(Message):
        """The learner wants the marked option to be checked."""

        text: str

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self._options: Sequence[Option] = ()
        self._chosen: int | None = None
        self._right: int | None = None

    def show(self, options: Sequence[Option], chosen: int | None, right: int | None) -> None:
        """Show these, one marked; with the right one's place, from 0, nothing can be chosen."""
        self._options, self._chosen, self._right = options, chosen, right
        self.can_focus = right is None
        self.refresh(layout=True)

    @property
    def text(self) -> str:
        """The number of the marked option, or nothing."""
        return "" if self._chosen is None else str(self._chosen + 1)

    @property
    def read_only(self) -> bool:
        """Whether the question is answered."""
        return self._right is not None

    def choose(self, place: int) -> None:
        """Mark an option by its place from 0; one that isn't there is passed over."""
        if self.read_only or not 0 <= place < len(self._options):
            return
        self._chosen = place
        self.refresh()
        self.post_message(self.Changed(self.text))
        self.call_after_refresh(self._show_marked)

    def _show_marked(self) -> None:
        """Keep the marked option in view."""
        lines = self._content(self.content_size.width or 80).split(allow_blank=True)
        own = [
            y
            for y, line in enumerate(lines)
            for span in line.spans
            if isinstance(span.style, Style) and span.style.meta.get("option") == self._chosen
        ]
        scrolled = (each for each in self.ancestors if isinstance(each, Widget))
        body = next((each for each in scrolled if each.max_scroll_y > 0), None)
        if own and body is not None:
            top = self.content_region.y - body.content_region.y + body.scroll_offset.y
            region = Region(0, top + own[0], 1, own[-1] - own[0] + 1)
            body.scroll_to_region(region, animate=False)

    @property
    def pair(self) -> int:
        """The width in which any two options fit beside each other."""
        blocks = [self._block(place, option) for place, option in enumerate(self._options)]
        widths = sorted(max(line.cell_length for line in block.split()) for block in blocks)
        return sum(widths[-2:]) + GAP

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the options take at this width."""
        return len(self._content(width).split(allow_blank=True))

    def render(self) -> Content:
        """The options at the width there is."""
        return self._content(self.content_size.width)

    def _content(self, width: int) -> Content:
        blocks = [self._block(place, option) for place, option in enumerate(self._options)]
        tall = any(len(block.split(allow_blank=True)) > 1 for block in blocks)
        roomy = tall and not self.has_class("-dense")
        return side_by_side(blocks, max(width, 1), gap=GAP, row_gap=int(roomy))

    def _block(self, place: int, option: Option) -> Content:
        sign, style = self._sign(place)
        if option.value is None:
            body = [Content(option.label)]
        else:
            body = matrix_content(option.label, option.value).split(allow_blank=True)
        number = Content.assemble((f"{sign} ", style), (str(place + 1), style or "$muted"), "  ")
        blank = Content.blank(number.cell_length)
        lines = [
            Content.assemble(number if row == middle(len(body)) else blank, line)
            for row, line in enumerate(body)
        ]
        block = Content("\n").join(lines)
        if style and self._right is None:
            block = block.stylize("bold")
        return block.stylize(Style.from_meta({"option": place}))

    def _sign(self, place: int) -> tuple[str, str]:
        """The symbol in front of an option and its style; never by colour alone."""
        if self._right == place:
            return "✓", "bold $verdict-right"
        if self._chosen != place:
            return " ", ""
        return ("▸", "bold $accent") if self._right is None else ("✗", "bold $verdict-wrong")

    def on_key(self, event: events.Key) -> None:
        """A digit marks its option."""
        if event.character and event.character in "123456789":
            event.stop()
            self.choose(int(event.character) - 1)

    def on_click(self, event: events.Click) -> None:
        """A click marks the option."""
        place = event.style.meta.get("option")
        if isinstance(place, int):
            self.focus()
            self.choose(place)

    def action_move(self, steps: int) -> None:
        """Mark another option; at the edges the mark stays."""
        if self._chosen is None:
            self.choose(0 if steps > 0 else len(self._options) - 1)
        else:
            self.choose(min(max(self._chosen + steps, 0), len(self._options) - 1))

    def action_submit(self) -> None:
        """Have the marked option checked."""
        self.post_message(self.Submitted(self.text))

    def action_leave(self) -> None:
        """Give up the focus."""
        self.screen.set_focus(None)
