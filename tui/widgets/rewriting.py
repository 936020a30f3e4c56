"""Writing a text anew many times a second: the screen is laid out again only where it must be."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static


def rewrite(static: Static, content: Content) -> None:
    """Show another text; all that stands below moves only if it takes more lines or fewer.

    A layout of the screen costs as much as all the rest of a key's way to the screen. For texts
    whose height follows from their width (`height: auto`).
    """
    size = static.content_size
    if static.display:
        fits = size.width > 0 and _height(static, content, size.width) == size.height
    else:
        fits = True  # it takes no room; showing it lays the screen out
    static.update(content, layout=not fits)


def _height(static: Static, content: Content, width: int) -> int:
    if "\n" not in content.plain and content.cell_length <= width:
        return 1
    return content.get_height(static.styles.get_rules(), width)
