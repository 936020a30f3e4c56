"""The given values: exact, bounded, in the shape that they are written in."""

from __future__ import annotations

from fractions import Fraction

import pytest

from engine.problems.values import MAX_SIDE
from tests.engine.problems.files import HEAD, Folder, values

LINEAR = '\n[[forward]]\nlayer = "linear"\nweight = "W"\nto = "h"\n'


# --- values ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("[[1, 2], [3, 4]]", [[1, 2], [3, 4]]),
        ("[1, 2]", [[1], [2]]),
        ("[[1, 2]]", [[1, 2]]),
        ("[3]", [[3]]),
        ("[[3]]", [[3]]),
        ("3", 3),
        ("0.1", Fraction(1, 10)),
        ("-1e-3", Fraction(-1, 1000)),
        ("1_000", 1000),
        ("0xff", 255),
        ("-0.0", 0),
    ],
)
def test_a_value_is_exact_and_of_the_shape_that_it_is_written_in(
    folder: Folder, text: str, rows: object
) -> None:
    assert folder.read(values(A=text)).network.values["A"].exact.tolist() == rows


@pytest.mark.parametrize("role", ["bias"])
def test_a_flat_list_is_a_column_but_a_bias_is_a_row(folder: Folder, role: str) -> None:
    text = values(X="[[1], [2]]", W="[[1, 2]]", b="[3, 4]", y="[3, 4]")
    problem = folder.read(text + LINEAR + f'{role} = "b"\n')
    assert problem.network.values["b"].shape == (1, 2)
    assert problem.network.values["y"].shape == (2, 1)
    assert problem.solution["h"].value.tolist() == [[4, 6], [5, 8]]


def test_a_bias_of_the_first_problem_stays_a_row_where_it_is_replaced(folder: Folder) -> None:
    text = values(X="[[1], [2]]", W="[[1, 2]]", b="[3, 4]") + LINEAR + 'bias = "b"\n'
    folder.write(text.replace("small", "first"), "first.toml")
    problem = folder.read(HEAD + 'continues = "first"\n[values]\nb = [0, 1]\n')
    assert problem.solution["h"].value.tolist() == [[1, 3], [2, 5]]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("'x'", "5:1: values.A: expected a number, a list of numbers, or a list of rows"),
        ("true", "5:1: values.A: expected a number, a list of numbers, or a list of rows"),
        ("[]", "5:1: values.A: expected a number, a list of numbers, or a list of rows"),
        ("{ a = 1 }", "5:1: values.A: expected a number, a list of numbers, or a list of rows"),
        ("[[]]", "5:6: values.A[0]: expected a list of rows, each a list of numbers"),
        ("[1, [2]]", "5:6: values.A[0]: expected a list of rows, each a list of numbers"),
        ("[[1], 2]", "5:11: values.A[1]: expected a list of rows, each a list of numbers"),
        (
            "[[1, 2],\n     [3]]",
            "6:6: values.A[1]: the rows must be equally long: "
            "in row 1 there are 2 numbers, in row 2 1",
        ),
        ("nan", "5:1: values.A: NaN is not a number"),
        ("inf", "5:1: values.A: Infinity is not a number"),
        ("[[1, -inf]]", "5:10: values.A[0][1]: -Infinity is not a number"),
        ("[1, nan]", "5:9: values.A[1]: NaN is not a number"),
        ("[1, '2']", '5:9: values.A[1]: "2" is not a number'),
        ("[[1, false]]", "5:10: values.A[0][1]: false is not a number"),
        ("[[1], [[2]]]", "5:12: values.A[1][0]: a list is not a number"),
        ("[1, 1979-05-27]", "5:9: values.A[1]: 1979-05-27 is not a number"),
        ("1e31", "5:1: values.A: 1E+31 is too large or too small"),
        ("1e-31", "5:1: values.A: 1E-31 is too large or too small"),
        ("1e99999999999999999999", "5:1: values.A: 1E+1000 is too large or too small"),
        (f"0x{'f' * 6000}", "5:1: values.A: 1E+1000 is too large or too small"),
        (
            str([[0] * (MAX_SIDE + 1)]),
            "5:1: values.A: a matrix has at most 64 rows and columns",
        ),
        (str([0] * (MAX_SIDE + 1)), "5:1: values.A: a matrix has at most 64 rows and columns"),
    ],
)
def test_a_value_that_is_none_is_named_with_its_place(
    folder: Folder, text: str, fault: str
) -> None:
    assert folder.faults(values(A=text)) == [f"small.toml:{fault}"]


def test_the_largest_matrix_and_number_are_read(folder: Folder) -> None:
    problem = folder.read(values(A=str([[0] * MAX_SIDE] * MAX_SIDE), b="9e30", c="1e-30"))
    assert problem.network.values["A"].shape == (64, 64)


def test_every_wrong_cell_is_named(folder: Folder) -> None:
    assert [fault.split(":")[2] for fault in folder.faults(values(A="[[nan, 1], [2, inf]]"))] == [
        "7",
        "20",
    ]


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("'1a'", "a name has letters, digits and _ and begins with a letter"),
        ("'a-b'", "a name has letters, digits and _ and begins with a letter"),
        ("'ы'", "a name has letters, digits and _ and begins with a letter"),
        ("''", "a name has letters, digits and _ and begins with a letter"),
        ("L", "the name L is taken by the tutor"),
        ("n", "the name n is taken by the tutor"),
        ("relu", "the name relu is taken by the tutor"),
        ("mean", "the name mean is taken by the tutor"),
    ],
)
def test_a_name_that_can_not_be_one_is_refused(folder: Folder, key: str, message: str) -> None:
    (fault,) = folder.faults(HEAD + f"[values]\n{key} = 1\n")
    assert fault == f"small.toml:5:1: values.{key.strip(chr(39))}: {message}"
