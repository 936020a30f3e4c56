"""Typed matrices: every notation is read, what is ambiguous is noted, the rest is refused."""

from __future__ import annotations

import tracemalloc
from contextlib import suppress
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.marking.typed import MAX_TEXT, Matrix, UnreadableAnswer, read_matrix


def values(matrix: Matrix) -> list[list[object]]:
    return [[cell and cell.value for cell in row] for row in matrix.rows]


@pytest.mark.parametrize(
    "text",
    [
        "2 -1; 0 1",
        "2 -1;0 1;",
        "2 -1\n0 1\n\n",
        "2 -1\r\n0 1",
        "2 -1;\n0 1",
        "  2\t-1 ;\t0\t 1  ",
        "2, -1; 0, 1",
        "2 , -1\n0 , 1",
        "2,-1; 0, 1",
        "[[2, -1], [0, 1]]",
        "[[2,-1],[0,1]]",
        "[2 -1; 0 1]",
        "[2, -1; 0, 1]",
        "[2 -1]\n[0 1]",
        "[[2. -1.]\n [0. 1.]]",
        "[[ 2 -1]\n [ 0  1]]",
        "[[2, -1],\n [0, 1],\n]",
        "array([[ 2., -1.],\n       [ 0.,  1.]])",
        "np.array([[2, -1], [0, 1]], dtype=np.float32)",
        "numpy.array([[2, -1], [0, 1]], float)",
        "tensor([[2., -1.],\n        [0., 1.]])",
        "torch.tensor([[2., -1.], [0., 1.]], dtype=torch.float64, device='cuda:0')",
        "tensor([[2., -1.], [0., 1.]], grad_fn=<MmBackward0>)",
        "Parameter containing:\ntensor([[2., -1.], [0., 1.]], requires_grad=True)",
        "torch.tensor(np.array([[2, -1], [0, 1]]))",
        "[[np.float64(2.0), np.float64(-1.0)], [np.float64(0.0), np.float64(1.0)]]",
        "tensor([[[[2., -1.], [0., 1.]]]])",
        "(2 -1; 0 1)",
        "((2 -1; 0 1))",
        "( 2 -1\n  0 1 )",
        "(2 -1); (0 1)",
        "((2, -1), (0, 1))",
        "((2,-1),(0,1))",
        "[(2,-1),(0,1)]",
        r"\begin{pmatrix} 2 & -1 \\ 0 & 1 \end{pmatrix}",
        r"\begin{bmatrix}2&-1\\0&1\\\end{bmatrix}",
        r"$$\left(\begin{array}{cc} 2 & -1 \\[2pt] 0 & 1 \end{array}\right)$$",
        r"\[ \begin{pmatrix} 2 & -1 \\ 0 & 1 \end{pmatrix} \]",
        r"2 & -1 \\ 0 & 1",
        "⎛ 2  -1 ⎞\n⎜       ⎟\n⎝ 0   1 ⎠",
        "2 −1; 0 1",
        "2 –1; 0 1",
        "\ufeff2\u00a0-1;\u200b0\u20091",
        "4/2 -1; 1-1 exp(0)",
        "2 - 0 -1; 0 1 * 1",
    ],
)
def test_every_notation_gives_the_same_matrix(text):
    matrix = read_matrix(text, (2, 2))
    assert values(matrix) == [[2, -1], [0, 1]]
    assert matrix.shape == (2, 2)
    assert matrix.notes == ()
    assert values(read_matrix(text)) == [[2, -1], [0, 1]]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("2 - 1", [1]),
        ("2 -1", [2, -1]),
        ("2- 1", [1]),
        ("2-1", [1]),
        ("2 + 1", [3]),
        ("2 +1", [2, 1]),
        ("2 - -1", [3]),
        ("2 -1 - 1", [2, -2]),
        ("- 1 2", [-1, 2]),
        ("2, - 1", [2, -1]),
        ("2 * 3", [6]),
        ("2 *-3 4", [-6, 4]),
        ("1 / 3 2", [Fraction(1, 3), 2]),
        ("6 · 1 / 3", [2]),
        ("( 1 + 2 ) 3", [3, 3]),
        ("1 ( 2 -1 )", [1, 1]),
        ("2 -(1)", [2, -1]),
        ("[2 - 1, 3 -1]", [1, 3, -1]),
        (r"2 -1 & 3", [1, 3]),
        (r"\frac{1}{2} -\frac{1}{2}", [Fraction(1, 2), Fraction(-1, 2)]),
    ],
)
def test_blanks_join_around_operators_and_inside_brackets_only(text, row):
    assert values(read_matrix(text)) == [row]


def test_blanks_belong_to_a_function():
    matrix = read_matrix("sigmoid (1) exp( 0 ) σ(0,5)")
    assert matrix.echo() == (("sigmoid(1)", "exp(0)", "sigmoid(0.5)"),)


@pytest.mark.parametrize(
    "text", ["", " \n\t", ";", "_", "_ _; _ _", "[[_, _], [_, _]]", "[]", "()"]
)
def test_an_answer_of_blanks_has_the_shape_asked(text):
    assert read_matrix(text, (3, 2)).rows == ((None, None),) * 3
    assert read_matrix(text, ()).rows == ((None,),)
    assert read_matrix(text, (3, 2)).echo() == (("", ""),) * 3


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("_ 1; 2 _", [[None, 1], [2, None]]),
        ("1, , ; 2, 3, 4", [[1, None], [2, 3, 4]]),
        ("[[1, _], [2, 3]]", [[1, None], [2, 3]]),
        (r"\begin{pmatrix} 1 & \\ & 2 \end{pmatrix}", [[1, None], [None, 2]]),
        ("\t1\n2\t", [[None, 1], [2, None]]),
        ("1 2;", [[1, 2], [None, None]]),
    ],
)
def test_cells_can_be_left_empty(text, cells):
    if len({len(row) for row in cells}) > 1:
        with pytest.raises(UnreadableAnswer, match="Row 1 has 2 cells, but row 2 has 3 cells"):
            read_matrix(text)
    else:
        assert values(read_matrix(text, (2, 2))) == cells


def test_an_empty_cell_of_a_pasted_table_is_kept_where_the_shape_asks_for_it():
    assert values(read_matrix("1\t\t3", (1, 3))) == [[1, None, 3]]
    assert values(read_matrix("1\t\t3", (1, 2))) == [[1, 3]]
    assert values(read_matrix("1;;3", (3, 1))) == [[1], [None], [3]]
    assert values(read_matrix("1\n\n3", (2, 1))) == [[1], [3]]


@pytest.mark.parametrize(
    ("text", "shape", "cells", "note"),
    [
        ("1,2; 3,4", (2, 2), [[1, 2], [3, 4]], "separating cells: 1,2 is 1 and 2"),
        ("1,2; 3,4", (2, 1), [["1.2"], ["3.4"]], "decimal comma: 1,2 is 1.2"),
        ("0,5 1,5; 2 3", (2, 2), [["0.5", "1.5"], [2, 3]], "decimal comma"),
        ("0,5 1", (1, 3), [[0, 5, 1]], "separating cells"),
        ("0,5, 1,5", (1, 2), [["0.5", "1.5"]], "decimal comma"),
        ("1, 2,5", (1, 3), [[1, 2, 5]], "separating cells"),
        ("0,5; 1,5", (5, 5), [["0.5"], ["1.5"]], "decimal comma"),
        ("0.5 1,5", (5, 5), [["0.5", 1, 5]], "separating cells"),
        ("2,-1; 0,1", (5, 5), [[2, -1], [0, 1]], "separating cells"),
        ("2,-1; 0,1", None, [[2, -1], [0, 1]], "separating cells"),
        ("1e3,5", None, [[1000, 5]], "separating cells"),
    ],
)
def test_a_comma_that_could_be_both_is_read_to_fit_with_a_note(text, shape, cells, note):
    matrix = read_matrix(text, shape)
    assert values(matrix) == [[Fraction(cell) for cell in row] for row in cells]
    assert len(matrix.notes) == 1
    assert note in matrix.notes[0]


@pytest.mark.parametrize(
    ("text", "shape", "cells"),
    [
        ("0,5", (), [["0.5"]]),
        ("1,2,3", None, [[1, 2, 3]]),
        ("0.5,1", None, [["0.5", 1]]),
        ("2,-1", None, [[2, -1]]),
        (",5 ,25", None, [["0.5", "0.25"]]),
        ("1, 2,", None, [[1, 2]]),
        ("[0,5, 1]", (1, 2), [[0, 5, 1]]),
        (r"0,5 & 0{,}25", None, [["0.5", "0.25"]]),
    ],
)
def test_a_comma_that_could_be_one_thing_only_needs_no_note(text, shape, cells):
    matrix = read_matrix(text, shape)
    assert values(matrix) == [[Fraction(cell) for cell in row] for row in cells]
    assert matrix.notes == ()


def test_a_row_is_read_as_the_column_that_is_asked_and_the_reverse():
    column = read_matrix("1 2 3", (3, 1))
    assert values(column) == [[1], [2], [3]]
    assert column.echo() == (("1",), ("2",), ("3",))
    assert "read as that column" in column.notes[0]
    assert values(read_matrix("[0.5, -1]", (2,))) == [[Fraction(1, 2)], [-1]]
    row = read_matrix("1; 2; 3", (1, 3))
    assert values(row) == [[1, 2, 3]]
    assert "read as that row" in row.notes[0]


def test_a_matrix_of_another_shape_is_read_as_it_stands():
    assert read_matrix("1 2 3; 4 5 6", (3, 2)).shape == (2, 3)
    assert read_matrix("1 2 3", (2, 1)).shape == (1, 3)
    assert read_matrix("1 2 3", (2, 1)).notes == ()
    assert read_matrix("1 2", ()).shape == (1, 2)


def test_round_brackets_around_one_number_are_arithmetic():
    assert values(read_matrix("(2 -1)", ())) == [[1]]
    assert values(read_matrix("(2 -1)", (1, 2))) == [[2, -1]]
    assert values(read_matrix("(1+2)/(3+4)")) == [[Fraction(3, 7)]]
    assert values(read_matrix("(2 -1); (0 -1)", (2, 1))) == [[1], [-1]]
    assert values(read_matrix("(2 -1); (0 -1)", (2, 2))) == [[2, -1], [0, -1]]
    assert values(read_matrix("(1+2), (3+4)", (1, 2))) == [[3, 7]]


def test_a_long_row_that_numpy_breaks_is_one_row():
    row = np.arange(100, dtype=float)
    assert values(read_matrix(str(row), (100, 1))) == [[x] for x in range(100)]
    assert values(read_matrix(str(row.reshape(2, 50)), (2, 50)))[1] == list(range(50, 100))


def test_each_cell_keeps_the_digits_it_was_typed_with():
    matrix = read_matrix("0.20 1e-3; 1/3 -2")
    assert [[cell.decimals for cell in row if cell] for row in matrix.rows] == [[2, 3], [None, 0]]
    assert matrix.echo() == (("0.20", "0.001"), ("1/3", "-2"))
    assert matrix.rows[0][0].text == "0.20"


@pytest.mark.parametrize(
    ("text", "reason", "row", "column"),
    [
        ("1 2; 3 2^2", "Row 2, column 2: Powers", 2, 2),
        ("1 50 %", "Row 1, column 3: Percent", 1, 3),
        ("[[1, 2], [x, 4]]", "Row 2, column 1: “x” is not known", 2, 1),
        ("1 nan", "finite", 1, 2),
        ("1/0", "zero", None, None),
        ("1 2; 3", "Row 1 has 2 cells, but row 2 has 1 cell.", 2, None),
        ("[1, 2", "not closed", None, None),
        ("1, 2]", "not opened", None, None),
        ("[[1, 2], 3]", "outside the brackets of a row: “3”", None, None),
        ("[[1]] [2]", "a pair of its own", None, None),
        ("[[[1]], [[2]]]", "more than two dimensions", None, None),
        ("[" * 9 + "1" + "]" * 9, "inside each other", None, None),
        ("H1 = 2 -1; 0 1", "equals sign", None, None),
        ("[0 1 ... 9]", "left out", 1, 3),
        ("array([[1, 2]]).T", "outside", None, None),
        (r"\begin{pmatrix} 1 & 2", r"\begin has no \end", None, None),
        (r"2 \begin{pmatrix} 1 \end{pmatrix}", "outside the matrix: “2”", None, None),
        ("[True False]", "“True” is not known", 1, 1),
        ("exp(1, 2)", "comma", None, None),
        ("1 " * 20_000, "16384 cells", None, None),
        ("1" * (MAX_TEXT + 1), "100000 characters", None, None),
        (" ".join(f"{i}/7+1" for i in range(10_000)), "too much arithmetic", None, None),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(text, reason, row, column):
    with pytest.raises(UnreadableAnswer) as caught:
        read_matrix(text)
    assert reason in caught.value.message
    assert (caught.value.row, caught.value.column) == (row, column)


def test_a_message_carries_no_control_characters():
    with pytest.raises(UnreadableAnswer) as caught:
        read_matrix("\x1b]0;evil\x07 \u202eabc\x9b1m 2")
    assert caught.value.message.isprintable()


def test_the_largest_matrix_of_a_problem_is_read():
    numbers = np.random.default_rng(0).normal(size=(64, 64))
    for text in (str(numbers.tolist()), "\n".join(" ".join(map(str, r)) for r in numbers.tolist())):
        assert np.array_equal(np.array(values(read_matrix(text)), dtype=float), numbers)


_PIECES = st.sampled_from(
    [*"0123456789.,;-+*/()[]{}&\\ \t\n_eσ½−·^%jx=$\u200b\u00a0", "exp", "ln(", "tanh(", "array(",
     "tensor(", ", dtype=", "\\begin{pmatrix}", "\\end{pmatrix}", "\\\\", "\\frac{", "1e", "nan",
     "np.float64(", "[[", "]]", "1/3", "0,5", " - ", " -1", "(1, 2)", "\\left("]
)  # fmt: skip
_TEXTS = st.one_of(st.text(), st.lists(_PIECES, max_size=25).map("".join))
_SHAPES = st.one_of(
    st.none(),
    st.just(()),
    st.tuples(st.integers(1, 3)),
    st.tuples(st.integers(1, 3), st.integers(1, 3)),
)


@settings(deadline=None, max_examples=400)
@given(_TEXTS, _SHAPES)
def test_any_text_is_read_or_refused_and_its_echo_is_read_the_same(text, shape):
    try:
        matrix = read_matrix(text, shape)
    except UnreadableAnswer:
        return
    assert len({len(row) for row in matrix.rows}) == 1
    echo = "; ".join(", ".join(cell or "_" for cell in row) for row in matrix.echo())
    again = read_matrix(echo, matrix.shape)
    assert values(again) == values(matrix)
    assert again.echo() == matrix.echo()


_cells = st.one_of(st.none(), st.decimals(-1000, 1000, places=3, allow_nan=False))


@settings(deadline=None)
@given(
    st.integers(1, 4).flatmap(
        lambda width: st.lists(st.lists(_cells, min_size=width, max_size=width), min_size=1)
    ),
    st.sampled_from([(" ", ";"), ("\t", "\n"), (", ", "; "), (" & ", r" \\ ")]),
    st.booleans(),
)
def test_a_matrix_written_in_any_notation_comes_back(rows, separators, decimal_comma):
    def written(cell: object) -> str:
        text = "_" if cell is None else str(cell)
        return text.replace(".", ",") if decimal_comma else text

    between, end = separators
    text = end.join(between.join(map(written, row)) for row in rows)
    matrix = read_matrix(text, (len(rows), len(rows[0])))
    assert values(matrix) == [[None if c is None else Fraction(c) for c in row] for row in rows]


_LONG = [
    "(", ")", "()", "(1)", "(1,2),", "(1,2)\n", "[", "[1],", "{", " ", "\t", "1\t\t", "\n", "\n1",
    ";", "1;", "1,", "1,5 ", ",5 ", "1", "1/", "-", "- ", "x", "_ ", "½", "1½ ", "\\", "\\\\", "1&",
    "$", "a.", "np.float64(", "np.float64(1)", "array(", ",a", "exp (", "exp ", "\\begin{matrix}",
    "\\,", "\\frac{", "\u200b", "−1 ", "1e9", "e", "^", "tensor([1],",
]  # fmt: skip


@pytest.mark.parametrize("piece", _LONG)
def test_a_text_of_full_length_is_read_or_refused_with_a_short_message(piece):
    for around in ("{}", "1{}1", "[{}]", "array([{}])"):
        text = around.format((piece * MAX_TEXT)[: MAX_TEXT - len(around)])
        message = ""
        try:
            read_matrix(text, (2, 2))
        except UnreadableAnswer as error:
            message = error.message
        assert len(message) < 200


@pytest.mark.parametrize("piece", ["1 ", "1;", "1,5 ", "½;", "(1,2),", "1&", "1\t\t", "((("])
def test_a_text_of_full_length_takes_little_memory(piece):
    text = (piece * MAX_TEXT)[:MAX_TEXT]
    tracemalloc.start()
    try:
        with suppress(UnreadableAnswer):
            read_matrix(text, (2, 2))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 30 * 2**20
