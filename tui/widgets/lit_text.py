"""A drawing whose cells are lit anew at every key: only what has changed is painted again."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import accumulate

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.content import Content, Span
from textual.geometry import Region, Size
from textual.selection import Selection
from textual.strip import Strip
from textual.visual import Visual
from textual.widgets import Static

from tui.widgets.rewriting import rewrite

_PLAIN = Style.null()


class LitText(Static):
    """A text of which some parts are lit; lines that have such parts don't wrap.

    Rendering a whole drawing takes longer than all else between a key and what it paints.
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self._text = Content("")
        self._lit: frozenset[Span] = frozenset()
        self._lights: Mapping[int, Mapping[Region, Style]] = {}
        """Where each line is lit, from left to right, and how."""
        self._starts: list[int] = []
        """Where in the text its lines begin."""
        self._places: dict[Span, Region] = {}
        self._unlit: tuple[Size, list[Strip]] | None = None
        """The lines without any light, rendered for a size."""

    @property
    def lit(self) -> Content:
        """The text with what is lit."""
        return Content(self._text.plain, [*self._text.spans, *self._lit])

    def show(self, text: Content) -> None:
        """Show another text, with nothing lit; the same one goes on as it is."""
        if text is not self._text:
            self._text, self._lit, self._lights = text, frozenset(), {}
            lengths = (len(line) + 1 for line in text.plain.split("\n"))
            self._starts = [*accumulate(lengths, initial=0)]
            self._places, self._unlit = {}, None
            rewrite(self, text)

    def light(self, spans: Iterable[Span]) -> None:
        """Light these parts, none of which goes on in another line, and no others."""
        lit = frozenset(spans)
        changed = lit ^ self._lit
        if not changed:
            return
        lights: defaultdict[int, dict[Region, Style]] = defaultdict(dict)
        for span in sorted(lit):
            at = self._place(span)
            style = lights[at.y].get(at, _PLAIN)
            lights[at.y][at] = style + Style.parse(str(span.style))
        self._lit, self._lights = lit, lights
        lines: dict[int, Region] = {}
        for span in changed:
            at = self._place(span)
            lines[at.y] = lines.get(at.y, at).union(at)
        self.refresh(*lines.values())

    def _place(self, span: Span) -> Region:
        if span not in self._places:
            plain, line = self._text.plain, bisect_right(self._starts, span.start) - 1
            before = cell_len(plain[self._starts[line] : span.start])
            width = cell_len(plain[span.start : span.end])
            self._places[span] = Region(before, line, width, 1)
        return self._places[span]

    def notify_style_update(self) -> None:
        """Render the lines anew, in other colours."""
        super().notify_style_update()
        self._unlit = None

    def selection_updated(self, selection: Selection | None) -> None:
        """Render the lines anew, with what the mouse has marked."""
        self._unlit = None
        super().selection_updated(selection)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines with their lights; there is neither a border nor padding to be drawn."""
        lines = [self.render_line(y) for y in crop.line_range]
        background = self.background_colors[1]
        for line_filter in self.get_line_filters():
            lines = [line.apply_filter(line_filter, background) for line in lines]
        return [line.crop(crop.x, crop.right) for line in lines]

    def render_line(self, y: int) -> Strip:
        """A line with its lights."""
        if self._unlit is None or self._unlit[0] != self.size:
            width, height = self.size
            style = self.visual_style
            strips = Visual.to_strips(self, self.visual, width, height, style, pad=True)
            self._unlit = self.size, strips
        lines = self._unlit[1]
        if y >= len(lines):
            return Strip.blank(self.size.width, self.visual_style.rich_style)
        lights = self._lights.get(y)
        return _lit(lines[y], lights) if lights else lines[y]


def _lit(strip: Strip, lights: Mapping[Region, Style]) -> Strip:
    width = strip.cell_length  # which may be too small for the drawing, until it is drawn anew
    seen = {region: style for region, style in lights.items() if region.right <= width}
    cuts = [cut for region in seen for cut in (region.x, region.right)]
    dark, *parts = strip.divide([*cuts, width])
    segments = [*dark]
    for style, part, behind in zip(seen.values(), parts[::2], parts[1::2], strict=True):
        segments += [Segment(text, (own or _PLAIN) + style) for text, own, _ in part]
        segments += behind
    return Strip(segments, width)
