"""Writing a text anew many times a second: the screen is laid out again only where it must be."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static


def rewrite(static: Static, content: Content) -> None:
    """Show another text; all that stands below moves only if it takes more lines or fewer.

    A layout of the screen costs as much as all the rest of a key's way to the screen. For texts
    whose height follows from their width (`height: auto`), within a least and a largest height.
    """
    size = static.content_size
    if static.display:
        fits = size.width > 0 and _height(static, content, size.width) == size.height
    else:
        fits = True  # it takes no room; showing it lays the screen out
    static.update(content, layout=not fits)


def _height(static: Static, content: Content, width: int) -> int:
    styles = static.styles
    height = content.get_height(styles.get_rules(), width)
    least, most = styles.min_height, styles.max_height
    if most is not None and most.cells is not None:
        height = min(height, most.cells)
    if least is not None and least.cells is not None:
        height = max(height, least.cells)
    return height
