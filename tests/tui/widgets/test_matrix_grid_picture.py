"""A grid looks like a matrix while it is filled in, small or large, wide window or narrow."""

from __future__ import annotations

import pytest
from textual.geometry import Region
from textual.strip import Strip

from tests.tui.widgets.grid_app import GridApp, colour_of, lines_of, reversed_at
from tui.widgets.matrix_grid import MatrixGrid
from tui.widgets.verdicts import verdict_variables


async def test_a_grid_looks_like_a_matrix_with_lines_to_write_on() -> None:
    app = GridApp(MatrixGrid(2, 2, cells=[["-0.5", ""], ["12", "-1"]], label="d"))
    async with app.run_test() as pilot:
        await pilot.press("escape")
        assert lines_of(app.grid) == [
            "d = ⎛   -0.5       _  ⎞",
            "    ⎝   12        -1  ⎠",
        ]


async def test_a_scalar_is_a_plain_field() -> None:
    app = GridApp(MatrixGrid(1, 1, label="L"))
    async with app.run_test() as pilot:
        await pilot.press("0", ".", "2")
        assert lines_of(app.grid) == ["L = 0.2"]
        assert reversed_at(app.grid, 0) == [(7, " ")]


async def test_the_caret_stands_behind_what_was_typed_and_nowhere_else() -> None:
    app = GridApp(MatrixGrid(2, 2))
    async with app.run_test() as pilot:
        await pilot.press("down", "1", "2", "left")
        assert reversed_at(app.grid, 0) == []
        assert [text for _, text in reversed_at(app.grid, 1)] == ["2"]
        await pilot.press("escape")
        assert reversed_at(app.grid, 1) == []


async def test_verdicts_are_symbols_and_colours_until_the_cell_is_edited() -> None:
    app = GridApp(MatrixGrid(2, 2, cells=[["2", "3"], ["", "1"]]))
    async with app.run_test() as pilot:
        app.grid.mark([["right", "wrong"], ["blank", "right"]])
        await pilot.press("down")
        assert lines_of(app.grid) == ["⎛      2✓      3✗ ⎞", "⎝              1✓ ⎠"]
        variables = verdict_variables(dark=True)
        assert colour_of(app.grid, 0, "✓") == variables["verdict-right"]
        assert colour_of(app.grid, 0, "✗") == variables["verdict-wrong"]
        await pilot.press("up", "right", "4")
        assert lines_of(app.grid)[0] == "⎛      2✓      4  ⎞"
        app.grid.mark([])
        assert lines_of(app.grid)[0] == "⎛      2       4  ⎞"


async def test_after_a_verdict_typing_replaces_the_cell() -> None:
    app = GridApp(MatrixGrid(1, 2, cells=[["", "1"]]))
    async with app.run_test() as pilot:
        await pilot.press("5", "enter")
        app.grid.mark([["wrong", "right"]])
        await pilot.press("6")
        assert app.grid.cells == [["6", "1"]]


async def test_an_echo_stands_beside_its_cell_until_it_is_edited() -> None:
    app = GridApp(MatrixGrid(1, 2, cells=[["1/3", "2"]]))
    async with app.run_test() as pilot:
        app.grid.set_echo(0, 0, "≈ 0.3333")
        await pilot.pause()
        assert lines_of(app.grid) == ["(    1/3  ≈ 0.3333      2  )"]
        await pilot.press("f2", "0")
        assert lines_of(app.grid) == ["(   1/30       2  )"]


async def test_a_column_widens_with_its_longest_cell() -> None:
    app = GridApp(MatrixGrid(2, 2))
    async with app.run_test() as pilot:
        await pilot.press(*"exp(-1.5)", "escape")
        await pilot.pause()
        assert lines_of(app.grid) == ["⎛ exp(-1.5)       _  ⎞", "⎝         _       _  ⎠"]
        assert app.grid.virtual_size == (22, 2)


async def test_a_key_press_draws_the_line_of_its_cell_only() -> None:
    class CountingGrid(MatrixGrid):
        drawn: list[int]

        def render_line(self, y: int) -> Strip:
            self.drawn.append(y)
            return super().render_line(y)

    CountingGrid.drawn = []
    app = GridApp(CountingGrid(8, 8))
    async with app.run_test() as pilot:
        await pilot.press("down", "1")
        await pilot.pause()
        CountingGrid.drawn.clear()
        await pilot.press("2")
        await pilot.pause()
        assert set(CountingGrid.drawn) == {1}


# Small windows and large matrices.


async def test_a_large_matrix_scrolls_to_the_cursor() -> None:
    app = GridApp(MatrixGrid(64, 64))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+end", "7")
        await pilot.pause()
        *_, last, _scrollbar = lines_of(app.grid)
        assert "_  " in last
        assert last.endswith("7  ⎠")
        await pilot.press("ctrl+home")
        assert lines_of(app.grid)[0].startswith("⎛ ")
        assert reversed_at(app.grid, 0) != []


async def test_a_large_matrix_is_drawn_the_same_scrolled_or_not() -> None:
    cells = [[f"{row}.{column}" for column in range(30)] for row in range(3)]
    app = GridApp(MatrixGrid(3, 30, cells=cells, label="W"))
    async with app.run_test(size=(300, 10)) as pilot:
        await pilot.press("escape")
        whole = [app.grid.render_line(y).text for y in range(3)]
        await pilot.resize_terminal(50, 10)
        for x in range(0, app.grid.virtual_size.width - 50, 7):
            app.grid.scroll_to(x, 0, animate=False)
            assert [app.grid.render_line(y).text for y in range(3)] == [
                line[x : x + 50] for line in whole
            ]


async def test_a_click_in_a_scrolled_matrix_picks_the_cell_that_is_seen() -> None:
    app = GridApp(MatrixGrid(40, 40))
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.press("ctrl+end")
        await pilot.pause()
        left = app.grid.scroll_offset
        await pilot.click(app.grid, offset=(1, 0))
        row, column = app.grid.cursor
        assert row == left.y
        assert 30 < column < 39


async def test_forty_columns_are_enough_for_a_3x3_matrix() -> None:
    app = GridApp(MatrixGrid(3, 3, label="∂L/∂W₁"))
    async with app.run_test(size=(40, 12)) as pilot:
        for _ in range(9):
            app.grid.insert("-0.125")
            await pilot.press("enter")
        await pilot.pause()
        assert app.submitted() == ["; ".join(["-0.125 -0.125 -0.125"] * 3)]
        assert app.grid.size == (40, 3)
        assert lines_of(app.grid)[1] == "∂L/∂W₁ = ⎜ -0.125  -0.125  -0.125  ⎟"


async def test_the_cursor_stays_in_view_when_the_window_shrinks() -> None:
    app = GridApp(MatrixGrid(2, 8))
    async with app.run_test(size=(80, 12)) as pilot:
        await pilot.press("end", "5")
        await pilot.resize_terminal(40, 12)
        await pilot.pause()
        assert "5" in lines_of(app.grid)[0]
        seen = Region(*app.grid.scroll_offset, *app.grid.size)
        assert seen.right == app.grid.virtual_size.width


@pytest.mark.parametrize("columns", [2, 12])
async def test_a_matrix_wider_than_the_window_keeps_its_rows_above_the_scrollbar(
    columns: int,
) -> None:
    app = GridApp(MatrixGrid(2, columns))
    async with app.run_test(size=(40, 12)) as pilot:
        app.grid.insert("exp(-1.5)*exp(-2.5)*exp(-3.5)")
        await pilot.pause()
        assert app.grid.show_horizontal_scrollbar
        assert not app.grid.show_vertical_scrollbar
        assert app.grid.scrollable_content_region.height == 2
