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
        rules = static.styles.get_rules()
        fits = size.width > 0 and content.get_height(rules, size.width) == size.height
    else:
        fits = True  # it takes no room; showing it lays the screen out
    static.update(content, layout=not fits)
