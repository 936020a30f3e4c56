"""A text of which parts are lit: what is painted anew, and that it looks as lit text does."""

from __future__ import annotations

from rich.style import Style
from textual.app import App, ComposeResult
from textual.content import Content, Span
from textual.geometry import Region
from textual.widgets import Static

from tui.widgets.lit_text import LitText

TEXT = Content.assemble(("H = ⎛ 1  2 ⎞\n    ⎝ 3  4 ⎠\n", "$accent"), "the same as X·W")
ONE, TWO, FOUR = Span(6, 7, "bold reverse"), Span(9, 10, "bold underline"), Span(22, 23, "bold")


class Texts(App[None]):
    """A lit text, and below it the same as a plain one."""

    CSS = """
    Static { height: 4; text-wrap: nowrap; text-overflow: ellipsis; background: $surface; }
    """

    def compose(self) -> ComposeResult:
        yield LitText(id="lit")
        yield Static(id="plain", markup=False)

    @property
    def lit(self) -> LitText:
        return self.query_one(LitText)

    def lines(self, name: str) -> list[list[tuple[str, str]]]:
        """The characters of each line with their looks; of a blank only the background is seen."""
        static = self.query_one(name)
        return [
            [(char, _look(char, style)) for text, style, _ in strip if style for char in text]
            for strip in static.render_lines(Region(0, 0, *static.size))
        ]


def _look(character: str, style: Style) -> str:
    seen = Style(color=style.color, bgcolor=style.bgcolor) + style.without_color
    return str(style.bgcolor if character == " " and not style.reverse else seen)


async def test_lit_parts_look_as_if_the_whole_text_had_been_rendered() -> None:
    app = Texts()
    async with app.run_test(size=(40, 10)) as pilot:
        app.lit.show(TEXT)
        for lit in ([ONE], [ONE, TWO, FOUR], [FOUR, ONE], [], [TWO]):
            app.lit.light(lit)
            app.query_one("#plain", Static).update(Content(TEXT.plain, [*TEXT.spans, *lit]))
            await pilot.pause()
            assert app.lines("#lit") == app.lines("#plain")


async def test_only_the_lines_whose_lights_changed_are_painted_again() -> None:
    app = Texts()
    async with app.run_test(size=(40, 10)) as pilot:
        app.lit.show(TEXT)
        app.lit.light([ONE, FOUR])
        await pilot.pause()
        painted: list[Region] = []
        refresh = app.lit.refresh

        def remember(*regions: Region, **how: bool) -> LitText:
            painted.extend(regions)
            return refresh(*regions, **how)

        app.lit.refresh = remember  # type: ignore[assignment, method-assign]
        app.lit.light([ONE, FOUR])
        assert painted == []
        app.lit.light([TWO, FOUR])
        assert painted == [Region(6, 0, 4, 1)]


async def test_another_text_has_no_lights() -> None:
    app = Texts()
    async with app.run_test(size=(40, 10)):
        app.lit.show(TEXT)
        app.lit.light([ONE])
        app.lit.show(TEXT)
        assert [*app.lit.lit.spans] == [*TEXT.spans, ONE]
        app.lit.show(Content("another"))
        assert not app.lit.lit.spans


async def test_what_a_narrow_window_cuts_off_is_not_lit() -> None:
    app = Texts()
    async with app.run_test(size=(40, 10)) as pilot:
        app.lit.show(TEXT)
        app.lit.light([ONE, TWO])
        await pilot.resize_terminal(9, 10)
        assert "".join(text for text, _ in app.lines("#lit")[0]) == "H = ⎛ 1 …"
        await pilot.resize_terminal(40, 10)
        assert any("reverse" in look for _, look in app.lines("#lit")[0])


async def test_a_part_that_is_lit_in_two_ways_looks_like_both() -> None:
    app = Texts()
    async with app.run_test(size=(40, 10)):
        app.lit.show(TEXT)
        app.lit.light([ONE, Span(ONE.start, ONE.end, "underline")])
        (look,) = [look for text, look in app.lines("#lit")[0] if text == "1"]
        assert "reverse" in look
        assert "underline" in look


async def test_lights_take_on_the_colours_of_another_theme() -> None:
    app = Texts()
    async with app.run_test(size=(40, 10)) as pilot:
        app.lit.show(TEXT)
        app.lit.light([ONE])
        before = app.lines("#lit")
        app.theme = "textual-light"
        await pilot.pause()
        assert app.lines("#lit") != before
        app.query_one("#plain", Static).update(app.lit.lit)
        await pilot.pause()
        assert app.lines("#lit") == app.lines("#plain")
