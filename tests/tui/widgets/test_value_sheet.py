"""A sheet of numbers: the cursor, typing over given cells, what is lit."""

from __future__ import annotations

from textual import on
from textual.app import App, ComposeResult
from textual.events import Paste
from textual.message import Message

from tests.tui.playing import screen_text
from tui.themes import THEMES
from tui.widgets.sheet_layout import Block
from tui.widgets.value_sheet import ValueSheet

X = Block("X", "X := ", (("1", "2"), ("-1", "2")), given=True, heading="forward pass")
H = Block("H", "H = ", (("2.5", "-1"), ("0", "1")), ((1, -1), (0, 0)))
RATE = Block("eta", "η := ", (("0.1",),), given=True)


class SheetApp(App[None]):
    """A sheet alone on the screen, and what it posted."""

    def __init__(self, *blocks: Block) -> None:
        super().__init__()
        self.blocks = blocks or (X, H, RATE)
        self.posted: list[Message] = []
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name

    def compose(self) -> ComposeResult:
        yield ValueSheet()

    def on_mount(self) -> None:
        self.sheet.show(self.blocks)
        self.sheet.focus()

    @property
    def sheet(self) -> ValueSheet:
        return self.query_one(ValueSheet)

    @on(ValueSheet.Edited)
    @on(ValueSheet.Pasted)
    def _keep(self, event: Message) -> None:
        self.posted.append(event)


def text_of(app: SheetApp) -> list[str]:
    """The lines of the screen without blanks at their ends."""
    return [line.rstrip() for line in screen_text(app).splitlines() if line.strip()]  # type: ignore[arg-type]


async def test_given_values_are_told_from_others_and_changed_cells_have_a_sign() -> None:
    app = SheetApp()
    async with app.run_test(size=(50, 8)) as pilot:
        await pilot.pause()
        assert text_of(app) == [
            "forward pass",
            "X := ⎛  1  2 ⎞  H = ⎛ 2.5▴ -1▾⎞  η := 0.1",
            "     ⎝ -1  2 ⎠      ⎝ 0     1 ⎠",
        ]


async def test_digits_type_over_a_given_cell_and_enter_posts_them() -> None:
    app = SheetApp()
    async with app.run_test(size=(50, 8)) as pilot:
        await pilot.press("right", "3", "full_stop", "5", "enter")
        assert app.posted == [ValueSheet.Edited("X", 0, 1, "3.5")]
        assert "3.5" not in "".join(text_of(app)), "the sheet itself changes nothing"


async def test_enter_changes_the_text_that_is_there() -> None:
    app = SheetApp()
    async with app.run_test(size=(50, 8)) as pilot:
        await pilot.press("tab", "enter", "left", "1", "enter")
        assert app.posted == [ValueSheet.Edited("X", 0, 1, "12")]


async def test_letters_type_only_while_something_is_typed() -> None:
    app = SheetApp()
    async with app.run_test(size=(50, 8)) as pilot:
        await pilot.press("e", "x")
        assert not app.sheet.typing
        await pilot.press("delete", "e", "x", "p", "(", "1", ")", "enter")
        assert app.posted == [ValueSheet.Edited("X", 0, 0, "exp(1)")]


async def test_escape_leaves_the_cell_as_it_was() -> None:
    app = SheetApp()
    async with app.run_test(size=(50, 8)) as pilot:
        await pilot.press("9", "9")
        assert "99" in "".join(text_of(app))
        await pilot.press("escape")
        assert not app.sheet.typing
        assert app.posted == []
        assert "99" not in "".join(text_of(app))


async def test_moving_on_takes_what_was_typed() -> None:
    app = SheetApp()
    async with app.run_test(size=(50, 8)) as pilot:
        await pilot.press("9", "tab", "8", "down", "7", "shift+tab")
        assert app.posted == [
            ValueSheet.Edited("X", 0, 0, "9"),
            ValueSheet.Edited("X", 0, 1, "8"),
            ValueSheet.Edited("X", 1, 1, "7"),
        ]
        assert app.sheet.cursor == ("X", 1, 0)


async def test_tab_goes_over_given_cells_only_and_arrows_over_all() -> None:
    app = SheetApp()
    async with app.run_test(size=(50, 8)) as pilot:
        seen = []
        for _ in range(5):
            await pilot.press("tab")
            seen.append(app.sheet.cursor)
        assert seen == [("X", 0, 1), ("X", 1, 0), ("X", 1, 1), ("eta", 0, 0), ("X", 0, 0)]
        await pilot.press("right", "right")
        assert app.sheet.cursor == ("H", 0, 0)
        await pilot.press("end", "down", "home")
        assert app.sheet.cursor == ("H", 1, 0)
        await pilot.press("ctrl+end")
        assert app.sheet.cursor == ("eta", 0, 0)
        await pilot.press("ctrl+home")
        assert app.sheet.cursor == ("X", 0, 0)


async def test_what_is_typed_over_a_computed_cell_is_posted_to_be_refused() -> None:
    app = SheetApp()
    async with app.run_test(size=(50, 8)) as pilot:
        app.sheet.go("H", 1, 1)
        await pilot.press("5")
        assert app.posted == [ValueSheet.Edited("H", 1, 1, "5")]
        assert not app.sheet.typing


async def test_a_pasted_number_is_typed_and_a_pasted_matrix_posted() -> None:
    app = SheetApp()
    async with app.run_test(size=(50, 8)) as pilot:
        app.post_message(Paste("[[1, 2], [3, 4]]"))
        await pilot.pause()
        assert app.posted == [ValueSheet.Pasted("X", "[[1, 2], [3, 4]]")]
        app.post_message(Paste("0.5"))
        await pilot.pause()
        await pilot.press("7", "enter")
        assert app.posted[1:] == [ValueSheet.Edited("X", 0, 0, "0.57")]


async def test_a_click_puts_the_cursor_and_a_second_one_types() -> None:
    app = SheetApp()
    async with app.run_test(size=(50, 8)) as pilot:
        await pilot.click(ValueSheet, offset=(28, 2))
        assert app.sheet.cursor == ("H", 1, 1)
        await pilot.click(ValueSheet, offset=(8, 1), times=2)
        assert app.sheet.cursor == ("X", 0, 0)
        assert app.sheet.typing
        await pilot.click(ValueSheet, offset=(8, 6))
        assert app.sheet.cursor == ("X", 0, 0)


async def test_the_cursor_stays_on_its_matrix_when_others_come_before_it() -> None:
    app = SheetApp()
    async with app.run_test(size=(50, 8)) as pilot:
        app.sheet.go("eta")
        app.sheet.show((RATE, X, H))
        assert app.sheet.cursor == ("eta", 0, 0)
        app.sheet.show((X, H))
        await pilot.pause()
        assert app.sheet.cursor == ("X", 0, 0)


async def test_a_sheet_of_nothing_takes_every_key() -> None:
    app = SheetApp()
    app.blocks = ()
    async with app.run_test(size=(50, 8)) as pilot:
        await pilot.press("5", "enter", "tab", "up", "left", "end", "ctrl+end", "backspace")
        app.post_message(Paste("1 2"))
        await pilot.pause()
        assert app.posted == []


async def test_the_cell_under_the_cursor_is_in_view() -> None:
    blocks = [
        Block(f"A{number}", f"A{number} := ", (("1",) * 12,) * 3, given=True) for number in range(9)
    ]
    app = SheetApp(*blocks)
    async with app.run_test(size=(30, 6)) as pilot:
        await pilot.press("ctrl+end")
        await pilot.pause()
        assert app.sheet.scroll_offset.y > 0
        assert any(line.endswith("⎠") for line in text_of(app))
        await pilot.press("ctrl+home")
        await pilot.pause()
        assert "A0 := " in "".join(text_of(app))
        await pilot.resize_terminal(20, 3)
        await pilot.press("ctrl+end")
        await pilot.pause()
        assert app.sheet.scroll_offset.x > 0


async def test_a_part_of_a_wide_sheet_looks_as_the_whole_does_there() -> None:
    texts = tuple(tuple(str(row - column) for column in range(20)) for row in range(3))
    wide = Block("W", "W := ", texts, given=True)
    whole = SheetApp(wide, RATE)
    async with whole.run_test(size=(wide.width + 10, 8)):
        lines = screen_text(whole).splitlines()  # type: ignore[arg-type]
    part = SheetApp(wide, RATE)
    async with part.run_test(size=(30, 8)) as pilot:
        for x in range(wide.width - 30):
            part.sheet.scroll_to(x, animate=False, immediate=True)
            await pilot.pause()
            seen = screen_text(part).splitlines()  # type: ignore[arg-type]
            assert seen[:3] == [line[x : x + 30] for line in lines[:3]]


async def test_a_sheet_that_scrolls_is_folded_beside_its_scrollbar() -> None:
    wide = max(X.width + H.width + 2, RATE.width)
    app = SheetApp(X, H, *(Block(f"eta{n}", "η := ", (("0.1",),), heading="η") for n in range(9)))
    async with app.run_test(size=(wide, 8)) as pilot:
        await pilot.pause()
        assert app.sheet.show_vertical_scrollbar
        assert not app.sheet.show_horizontal_scrollbar
        assert "H = " not in text_of(app)[2]
        await pilot.resize_terminal(wide + 1, 8)
        await pilot.pause()
        assert "H = " in text_of(app)[1]
