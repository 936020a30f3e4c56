"""A text that is written anew: the screen is laid out again only where something moves."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult
from textual.content import Content
from textual.widgets import Static

from tui.widgets.rewriting import rewrite


class TextApp(App[None]):
    """A text, and what stands below it; counts how often the screen is laid out."""

    layouts = 0

    def compose(self) -> ComposeResult:
        yield Static(Content("one line"), id="text")
        yield Static("below", id="below")

    def on_mount(self) -> None:
        self.screen.screen_layout_refresh_signal.subscribe(self, self._count)

    def _count(self, _: object) -> None:
        self.layouts += 1

    def top_of_below(self) -> int:
        return self.query_one("#below").region.y


async def test_a_text_of_as_many_lines_moves_nothing() -> None:
    app = TextApp()
    async with app.run_test() as pilot:
        await pilot.pause()
        before = app.layouts
        rewrite(app.query_one("#text", Static), Content("another line"))
        await pilot.pause()
        assert app.layouts == before
        assert app.query_one("#text", Static).render_line(0).text.rstrip() == "another line"


async def test_a_text_of_more_lines_pushes_down_what_is_below() -> None:
    app = TextApp()
    async with app.run_test(size=(20, 10)) as pilot:
        await pilot.pause()
        rewrite(app.query_one("#text", Static), Content("words that need two lines"))
        await pilot.pause()
        assert app.top_of_below() == 2


async def test_a_hidden_text_takes_its_room_when_it_is_shown() -> None:
    app = TextApp()
    async with app.run_test(size=(20, 10)) as pilot:
        text = app.query_one("#text", Static)
        text.display = False
        await pilot.pause()
        before = app.layouts
        rewrite(text, Content("words that need two lines"))
        await pilot.pause()
        assert app.layouts == before
        text.display = True
        await pilot.pause()
        assert app.top_of_below() == 2


@pytest.mark.parametrize(
    ("height", "text", "moves"),
    [(2, "one", False), (2, "1\n2", False), (2, "1\n2\n3", True), (3, "1\n2\n3\n4", False)],
)
async def test_a_least_and_a_largest_height_count_as_the_texts_own(
    height: int, text: str, moves: bool
) -> None:
    app = TextApp()
    async with app.run_test() as pilot:
        static = app.query_one("#text", Static)
        static.styles.min_height, static.styles.max_height = height, 3
        while static.size.height != height:
            await pilot.pause()
        told: list[bool] = []
        static.update = lambda _, layout: told.append(layout)  # type: ignore[method-assign]
        rewrite(static, Content(text))
        assert told == [moves]
