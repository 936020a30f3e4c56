"""A line that shows how far one has come: ``9 of 21 ━━━━━━━╸─────────``."""

from __future__ import annotations

from textual.content import Content


def progress_line(done: int, total: int, width: int) -> Content:
    """A bar of ``width`` cells; the filled part in the accent colour, never by colour alone."""
    halves = round(2 * width * done / total) if total else 0
    full, half = divmod(min(halves, 2 * width), 2)
    filled = "━" * full + "╸" * half
    return Content.assemble((filled, "$accent"), ("─" * (width - len(filled)), "$faint"))
