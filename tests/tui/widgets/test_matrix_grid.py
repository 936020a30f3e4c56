"""A whole matrix is filled in with digits and Enter, with the mouse, or by pasting."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual import events
from textual.binding import Binding
from textual.widgets import Button

from tests.tui.widgets.grid_app import GridApp, lines_of
from tui.widgets.matrix_grid import MatrixGrid

# Typing.


async def test_a_matrix_is_filled_with_digits_and_enter() -> None:
    app = GridApp(MatrixGrid(2, 2))
    async with app.run_test() as pilot:
        await pilot.press("2", "enter", "-", "1", "enter", "0", "enter", ".", "5")
        assert app.submitted() == []
        await pilot.press("enter")
        assert app.grid.text == "2 -1; 0 .5"
        assert app.submitted() == ["2 -1; 0 .5"]


async def test_typing_replaces_a_cell_just_arrived_at_and_adds_to_one_being_edited() -> None:
    app = GridApp(MatrixGrid(1, 2, cells=[["7", "8"]]))
    async with app.run_test() as pilot:
        await pilot.press("1", "2")
        assert app.grid.cells == [["12", "8"]]
        await pilot.press("right", "left", "3")
        assert app.grid.cells == [["3", "8"]]
        await pilot.press("up", "f2", "4")
        assert app.grid.cells == [["34", "8"]]


async def test_every_change_is_told_with_its_place_and_text() -> None:
    app = GridApp(MatrixGrid(2, 2))
    async with app.run_test() as pilot:
        await pilot.press("down", "-", "5")
        assert app.told(MatrixGrid.Changed) == [
            MatrixGrid.Changed(app.grid, 1, 0, "-"),
            MatrixGrid.Changed(app.grid, 1, 0, "-5"),
        ]
        assert app.told(MatrixGrid.CellMoved) == [MatrixGrid.CellMoved(app.grid, 1, 0)]
        assert all(message.control is app.grid for message in app.messages)


async def test_letters_and_brackets_type_an_expression_and_command_keys_stay_commands() -> None:
    app = GridApp(MatrixGrid(1, 2))
    async with app.run_test() as pilot:
        await pilot.press("t", "a", "n", "h", *"(1)", "?")
        assert app.grid.cells == [["tanh(1)", ""]]
        assert app.commands == ["?"]


async def test_russian_letters_and_a_decimal_comma_are_typed_too() -> None:
    app = GridApp(MatrixGrid(1, 1))
    async with app.run_test() as pilot:
        await pilot.press("0", ",", "5", "ы")
        assert app.grid.text == "0,5ы"


async def test_f5_submits_what_is_there() -> None:
    app = GridApp(MatrixGrid(2, 2))
    async with app.run_test() as pilot:
        await pilot.press("2", "f5")
        assert app.submitted() == ["2 _; _ _"]


async def test_enter_goes_round_to_the_next_empty_cell_in_reading_order() -> None:
    app = GridApp(MatrixGrid(2, 2, cells=[["", "1"], ["2", "3"]]))
    async with app.run_test() as pilot:
        await pilot.press("down", "enter")
        assert app.grid.cursor == (0, 0)
        await pilot.press("enter")
        assert (app.grid.cursor, app.submitted()) == ((0, 0), [])


async def test_an_underscore_counts_as_an_empty_cell() -> None:
    app = GridApp(MatrixGrid(1, 2))
    async with app.run_test() as pilot:
        await pilot.press("_", "right", "3", "enter")
        assert app.grid.cursor == (0, 0)
        assert app.grid.text == "_ 3"


# Blanks.


async def test_a_whole_matrix_can_be_typed_on_one_line() -> None:
    app = GridApp(MatrixGrid(2, 2))
    async with app.run_test() as pilot:
        await pilot.press("2", "space", "-", "1", ";", "space", "0", ",", "space", "1")
        assert app.grid.cells == [["2", "-1"], ["0", "1"]]


async def test_a_blank_within_an_expression_stays_in_the_cell() -> None:
    app = GridApp(MatrixGrid(1, 2))
    async with app.run_test() as pilot:
        await pilot.press("2", "*", "space", "(", "1", "space", "-", "3", ")", "space", "4")
        assert app.grid.cells == [["2* (1 -3)", "4"]]
        assert app.grid.text == "2*(1-3) 4"


async def test_a_blank_in_an_empty_cell_or_after_the_last_one_does_nothing() -> None:
    app = GridApp(MatrixGrid(1, 2))
    async with app.run_test() as pilot:
        await pilot.press("space")
        assert app.grid.cursor == (0, 0)
        await pilot.press("right", "3", "space")
        assert (app.grid.cursor, app.grid.cells) == ((0, 1), [["", "3"]])


async def test_a_scalar_takes_blanks_because_there_is_no_next_cell() -> None:
    app = GridApp(MatrixGrid(1, 1))
    async with app.run_test() as pilot:
        await pilot.press("space", "2", "space", "-", "space", "1")
        assert app.grid.cells == [["2 - 1"]]
        assert app.grid.text == "2-1"


async def test_a_blank_between_two_operands_keeps_the_cell_in_one_piece() -> None:
    grid = MatrixGrid(1, 2, cells=[["1 2", "2 - 1"]])
    assert grid.text == "(1 2) 2-1"


# Moving.


@pytest.mark.parametrize(
    ("keys", "cursor"),
    [
        ("right", (0, 1)),
        ("left", (0, 0)),
        ("up", (0, 0)),
        ("down down down", (2, 0)),
        ("end", (0, 2)),
        ("end down home", (1, 0)),
        ("ctrl+end", (2, 2)),
        ("ctrl+end ctrl+home", (0, 0)),
        ("tab tab tab", (1, 0)),
        ("tab tab tab shift+tab", (0, 2)),
        ("1 2 left left", (0, 0)),
        ("1 right", (0, 1)),
        ("right 1 2 left left left", (0, 0)),
        ("right 1 2 home left", (0, 0)),
        ("1 2 home end right", (0, 1)),
        ("1 2 left down", (1, 0)),
    ],
)
async def test_keys_move_the_cursor(keys: str, cursor: tuple[int, int]) -> None:
    app = GridApp(MatrixGrid(3, 3))
    async with app.run_test() as pilot:
        await pilot.press(*keys.split())
        assert app.grid.cursor == cursor


async def test_the_caret_moves_within_a_cell_being_edited() -> None:
    app = GridApp(MatrixGrid(1, 2))
    async with app.run_test() as pilot:
        await pilot.press("1", "3", "left", "2", "home", "-", "end", "4")
        assert app.grid.cells == [["-1234", ""]]


async def test_tab_on_the_last_cell_goes_on_to_the_next_widget() -> None:
    app = GridApp(MatrixGrid(1, 2))
    async with app.run_test() as pilot:
        await pilot.press("tab", "tab")
        assert isinstance(app.focused, Button)


async def test_the_mouse_picks_a_cell_and_a_double_click_edits_it() -> None:
    app = GridApp(MatrixGrid(2, 2, cells=[["1", "2"], ["3", "4"]]))
    async with app.run_test() as pilot:
        await pilot.click(app.grid, offset=(12, 1))
        assert (app.grid.cursor, app.grid.editing) == ((1, 1), False)
        await pilot.click(app.grid, offset=(4, 0), times=2)
        await pilot.press("5")
        assert app.grid.cells[0] == ["15", "2"]


# Erasing, and the way back.


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("backspace", "12"),
        ("delete", ""),
        ("f2 backspace", "12"),
        ("f2 left backspace", "13"),
        ("f2 home delete", "23"),
        ("f2 delete", "123"),
        ("f2 home backspace", "123"),
        ("9 backspace", ""),
        ("9 backspace backspace", ""),
        ("9 ctrl+z", "123"),
        ("9 8 7 ctrl+z", "123"),
        ("delete down up 5 ctrl+z", ""),
        ("delete right left 5 ctrl+z ctrl+z ctrl+z", "123"),
    ],
)
async def test_erasing_and_undo(keys: str, text: str) -> None:
    app = GridApp(MatrixGrid(2, 2, cells=[["123", ""], ["", ""]]))
    async with app.run_test() as pilot:
        await pilot.press(*keys.split())
        assert app.grid.cells == [[text, ""], ["", ""]]


async def test_undo_goes_back_to_the_cell_it_changes_and_tells_it() -> None:
    app = GridApp(MatrixGrid(2, 2))
    async with app.run_test() as pilot:
        await pilot.press("1", "down")
        app.messages.clear()
        await pilot.press("ctrl+z")
        assert app.grid.cursor == (0, 0)
        assert app.told(MatrixGrid.Changed) == [MatrixGrid.Changed(app.grid, 0, 0, "")]


async def test_undo_takes_back_a_fill() -> None:
    app = GridApp(MatrixGrid(1, 2, cells=[["1", ""]]))
    async with app.run_test() as pilot:
        app.grid.fill([["3", "4"]])
        await pilot.press("ctrl+z")
        assert app.grid.cells == [["1", ""]]


async def test_a_cell_takes_200_characters() -> None:
    app = GridApp(MatrixGrid(1, 2))
    async with app.run_test():
        app.grid.insert("1" * 200)
        app.grid.insert("2")
        assert app.grid.cells[0][0] == "1" * 200


# Pasting and filling.


@pytest.mark.parametrize("text", ["2 -1; 0 1", "2\t-1\n0\t1", "[[2,-1],[0,1]]", "1\\\\2", "1;2"])
async def test_a_pasted_matrix_is_left_to_the_owner_as_it_came(text: str) -> None:
    app = GridApp(MatrixGrid(2, 2))
    async with app.run_test() as pilot:
        app.grid.post_message(events.Paste(text))
        await pilot.pause()
        assert app.told(MatrixGrid.Pasted) == [MatrixGrid.Pasted(app.grid, text)]
        assert app.grid.text == "_ _; _ _"


async def test_a_pasted_number_is_typed_into_the_cell_without_control_characters() -> None:
    app = GridApp(MatrixGrid(1, 2))
    async with app.run_test() as pilot:
        app.grid.post_message(events.Paste(" -0.5\x1b\u200b\n"))
        await pilot.pause()
        assert app.grid.cells == [["-0.5", ""]]


async def test_fill_puts_the_cursor_on_the_first_empty_cell_and_tells_no_change() -> None:
    app = GridApp(MatrixGrid(2, 2))
    async with app.run_test() as pilot:
        app.grid.fill([["2", "-1"], ["_", "\x1b[1m1"]])
        await pilot.pause()
        assert app.grid.cells == [["2", "-1"], ["", "[1m1"]]
        assert app.grid.cursor == (1, 0)
        assert app.told(MatrixGrid.Changed) == []
        app.grid.clear()
        assert app.grid.text == "_ _; _ _"


@pytest.mark.parametrize("rows", [[["1"]], [["1", "2"], ["3"]], []])
def test_cells_of_another_shape_are_refused(rows: list[list[str]]) -> None:
    grid = MatrixGrid(2, 2)
    refusals: list[Callable[[list[list[str]]], object]] = [
        grid.fill,
        lambda cells: MatrixGrid(2, 2, cells=cells),
    ]
    for refuse in refusals:
        with pytest.raises(ValueError, match="expected 2 rows of 2"):
            refuse(rows)


async def test_a_grid_becomes_another_one_in_place() -> None:
    app = GridApp(MatrixGrid(2, 2, cells=[["1", "2"], ["3", "4"]], label="H₁"))
    async with app.run_test() as pilot:
        app.grid.read_only = True
        app.grid.reset(1, 3, label="y")
        await pilot.pause()
        await pilot.press("7", "enter", "8", "ctrl+z")
        assert app.grid.text == "7 _ _"
        assert lines_of(app.grid)[0].startswith("y = (")
        assert app.grid.size.height == 1


# Leaving and coming back.


async def test_escape_leaves_the_grid_so_that_letters_are_commands() -> None:
    app = GridApp(MatrixGrid(2, 2))
    async with app.run_test() as pilot:
        await pilot.press("1", "h", "escape", "h")
        assert app.grid.text == "1h _; _ _"
        assert app.told(MatrixGrid.Left) == [MatrixGrid.Left(app.grid)]
        assert app.commands == ["h"]
        assert not app.grid.has_focus


async def test_begin_takes_the_focus_and_replaces_the_cell() -> None:
    app = GridApp(MatrixGrid(2, 2))
    async with app.run_test() as pilot:
        await pilot.press("1", "2", "escape")
        app.grid.begin("7")
        await pilot.pause()
        await pilot.press("8")
        assert app.grid.text == "78 _; _ _"


async def test_a_read_only_grid_lets_every_key_through_but_those_that_move() -> None:
    app = GridApp(MatrixGrid(1, 2, cells=[["1", "2"]]))
    async with app.run_test() as pilot:
        app.grid.read_only = True
        await pilot.press(
            "right", "1", "h", "delete", "backspace", "enter", "f5", "ctrl+z", "space"
        )
        app.grid.post_message(events.Paste("5"))
        await pilot.pause()
        assert app.grid.cursor == (0, 1)
        assert app.grid.cells == [["1", "2"]]
        assert app.commands == ["1", "h", "enter"]
        assert app.submitted() == []


async def test_a_disabled_grid_cannot_be_typed_into() -> None:
    app = GridApp(MatrixGrid(1, 2, disabled=True))
    async with app.run_test() as pilot:
        await pilot.press("1")
        assert app.grid.text == "_ _"


def test_every_key_has_an_id_of_its_own() -> None:
    bindings = [each for each in MatrixGrid.BINDINGS if isinstance(each, Binding)]
    ids = [each.id for each in bindings]
    assert len(bindings) == len(MatrixGrid.BINDINGS) == len(set(ids))
    assert all(each and each.startswith("grid.") for each in ids)
