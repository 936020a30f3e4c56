"""What only holds other widgets, and draws nothing but its background."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.geometry import Region
from textual.strip import Strip

if TYPE_CHECKING:
    from textual.widget import Widget
else:
    Widget = object  # a second widget among the bases would hide the first one's default CSS


class Blank(Widget):
    """A widget without a border, a title or a text of its own; stands before its other class.

    At every key each widget that is seen is asked for its lines, changed or not.
    """

    def render_lines(self, crop: Region) -> list[Strip]:
        """The background, the same on every line."""
        line = Strip.blank(crop.width, self.visual_style.rich_style)
        background = self.background_colors[1]
        for line_filter in self.get_line_filters():
            line = line.apply_filter(line_filter, background)
        return [line] * crop.height
