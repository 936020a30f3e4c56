"""Known matrices are shown with their labels, side by side where there is room."""

from __future__ import annotations

from fractions import Fraction

from textual.app import App, ComposeResult
from textual.content import Content
from textual.widgets import Static

from tui.widgets.matrix_view import Highlight, MatrixView, Values, matrix_content, side_by_side
from tui.widgets.verdicts import verdict_variables

H1: Values = [[2, -1], [0, 1]]


class ViewApp(App[None]):
    """Shows one matrix."""

    CSS = "Screen { layout: vertical; }"

    def __init__(self, view: MatrixView | Static) -> None:
        super().__init__()
        self.view = view

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return verdict_variables(dark=True)

    def compose(self) -> ComposeResult:
        yield self.view


def styled(content: Content) -> dict[str, str]:
    """Style by text, where a style is given."""
    return {content.plain[span.start : span.end]: str(span.style) for span in content.spans}


def lines_of(view: MatrixView | Static) -> list[str]:
    return [view.render_line(y).text.rstrip() for y in range(view.size.height)]


def test_the_label_stands_on_the_middle_line() -> None:
    column: Values = [[1], [2], [3]]
    assert matrix_content("x", column).plain == "    ⎛ 1 ⎞\nx = ⎜ 2 ⎟\n    ⎝ 3 ⎠"
    assert matrix_content("H₁", H1).plain == "H₁ = ⎛ 2  -1 ⎞\n     ⎝ 0   1 ⎠"


def test_a_scalar_is_shown_without_brackets() -> None:
    assert matrix_content("L", 0.25).plain == "L = 0.25"
    assert matrix_content("", Fraction(1, 8), decimals=2, comma=True).plain == "0,13"


def test_texts_are_shown_as_they_stand_but_never_obeyed() -> None:
    assert matrix_content("", [["[/b]", "1/3"]]).plain == "( [/b]  1/3 )"
    assert "\x1b" not in matrix_content("", [["\x1b[2J"]]).plain


def test_lit_rows_columns_and_cells_differ_from_the_others() -> None:
    highlight = Highlight(rows={0}, columns={1}, cells={(1, 0)})
    values: Values = [[1, 2, 3], [4, 5, 6]]
    assert styled(matrix_content("", values, highlight=highlight)) == {
        "1": "bold underline",
        "2": "bold underline",
        "3": "bold underline",
        "5": "bold underline",
        "4": "bold reverse",
    }


def test_a_verdict_is_a_symbol_and_a_colour() -> None:
    content = matrix_content("", [[1, 2, 3]], marks=[["right", "wrong", "blank"]])
    assert content.plain == "( 1✓  2✗  3  )"
    assert "$verdict-right" in styled(content)["1"]
    assert "$verdict-wrong" in styled(content)["2"]
    assert "3" not in styled(content)


def test_matrices_stand_side_by_side_with_their_middles_level() -> None:
    column: Values = [[1], [2], [3]]
    placed = side_by_side([matrix_content("H₁", H1), matrix_content("x", column)], 60)
    assert placed.plain.split("\n") == [
        "                     ⎛ 1 ⎞",
        "H₁ = ⎛ 2  -1 ⎞   x = ⎜ 2 ⎟",
        "     ⎝ 0   1 ⎠       ⎝ 3 ⎠",
    ]


def test_matrices_fold_where_the_room_ends() -> None:
    contents = [matrix_content(name, H1) for name in ("H₁", "W₁", "O₁")]
    exactly_two = 14 + 3 + 14
    assert side_by_side(contents, exactly_two).plain.count("\n") == 3
    assert side_by_side(contents, exactly_two - 1).plain.count("\n") == 5
    assert max(len(line) for line in side_by_side(contents, 40).plain.split("\n")) <= 40


def test_a_matrix_wider_than_the_room_keeps_a_row_to_itself() -> None:
    wide = matrix_content("W", [[1.2345] * 8])
    placed = side_by_side([matrix_content("L", 1), wide, matrix_content("M", 2)], 20)
    assert [line.strip() for line in placed.plain.split("\n")] == ["L = 1", wide.plain, "M = 2"]


def test_folded_rows_can_be_set_apart() -> None:
    contents = [matrix_content("a", [[1], [2]]), matrix_content("b", 3)]
    assert side_by_side(contents, 9, row_gap=1).plain == "a = ⎛ 1 ⎞\n    ⎝ 2 ⎠\n\nb = 3"


def test_single_numbers_need_no_line_between_them() -> None:
    contents = [matrix_content("a", 1), matrix_content("b", 2)]
    assert side_by_side(contents, 5, row_gap=1).plain == "a = 1\nb = 2"


async def test_a_view_is_as_large_as_its_matrix() -> None:
    view = MatrixView(H1, label="H₁")
    async with ViewApp(view).run_test() as pilot:
        await pilot.pause()
        assert view.size == (14, 2)
        assert lines_of(view) == ["H₁ = ⎛ 2  -1 ⎞", "     ⎝ 0   1 ⎠"]


async def test_a_view_takes_another_matrix_and_another_light() -> None:
    view = MatrixView(H1, label="H₁", highlight=Highlight(rows=[0]))
    async with ViewApp(view).run_test() as pilot:
        view.update([[1], [2], [3]])
        await pilot.pause()
        assert lines_of(view) == ["     ⎛ 1 ⎞", "H₁ = ⎜ 2 ⎟", "     ⎝ 3 ⎠"]
        assert view.highlight == Highlight()
        view.highlight = Highlight(cells=[(2, 0)])
        await pilot.pause()
        lit = [s.text for s in view.render_line(2) if s.style and s.style.reverse]
        assert lit == ["3"]


async def test_verdicts_are_coloured_on_the_screen() -> None:
    view = MatrixView([[1, 2]], marks=[["right", "wrong"]])
    async with ViewApp(view).run_test() as pilot:
        await pilot.pause()
        colours = {
            segment.text: segment.style.color.name
            for segment in view.render_line(0)
            if segment.style and segment.style.color
        }
        variables = verdict_variables(dark=True)
        assert colours["✓"] == variables["verdict-right"]
        assert colours["✗"] == variables["verdict-wrong"]


async def test_a_matrix_too_wide_for_40_columns_is_cut_and_not_wrapped() -> None:
    view = MatrixView([[-1.2345] * 8] * 2, label="W")
    async with ViewApp(view).run_test(size=(40, 12)) as pilot:
        await pilot.pause()
        assert view.size == (40, 2)
        assert all(line.endswith("…") for line in lines_of(view))
