"""The first line of a lesson: what it says before it says how far one is."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult

from tui.widgets.header_bar import HeaderBar


class HeaderApp(App[None]):
    """A header over nothing."""

    def compose(self) -> ComposeResult:
        """The header alone."""
        yield HeaderBar()


async def line_of(title: str, width: int = 80) -> str:
    """The header with this title."""
    app = HeaderApp()
    async with app.run_test(size=(width, 5)) as pilot:
        header = app.query_one(HeaderBar)
        header.show(title, "backward pass", 3, 19, 2)
        await pilot.pause()
        return header.render().plain


@pytest.mark.parametrize(("letters", "bar"), [(20, 20), (30, 20), (40, 12), (44, 8), (45, 0)])
async def test_the_bar_gives_way_before_the_title_is_cut(letters: int, bar: int) -> None:
    line = await line_of("T" * letters)
    assert "T" * letters in line
    assert line.count("━") + line.count("╸") + line.count("─") == bar
    assert len(line) <= 78


async def test_a_title_longer_than_the_line_is_cut_and_the_count_stays() -> None:
    line = await line_of("T" * 100)
    assert "TTT…" in line
    assert "backward pass   3 of 19" in line
