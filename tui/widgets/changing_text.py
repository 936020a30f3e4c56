"""A text that changes often: the screen is laid out anew only where it takes other lines."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static


def change_text(static: Static, content: Content) -> None:
    """Show another text; much sooner where it is as high as the one before."""
    before = static.visual
    width = static.content_size.width
    same = (
        isinstance(before, Content)
        and width > 0
        and _height(before, width) == _height(content, width)
    )
    static.update(content, layout=not same)


def _height(content: Content, width: int) -> int:
    return len(content.wrap(width))
