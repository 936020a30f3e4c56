"""Matrix answers: each verdict, in the order in which they are tried."""

from __future__ import annotations

import pytest

from engine.marking import entries
from engine.marking.mark import Mark
from engine.marking.matrix import mark_value
from engine.marking.typed import Matrix, read_matrix
from engine.problems.problem import Problem
from engine.problems.reading import load
from tests.engine.random_nets import random_problem


@pytest.fixture(scope="module")
def masha() -> Problem:
    return load("masha")


@pytest.fixture(scope="module")
def logistic() -> Problem:
    return load("masha-logistic")


def tag(mark: Mark) -> str | None:
    return mark.misconception and mark.misconception.tag


def test_the_right_matrix_is_right(masha: Problem) -> None:
    mark = mark_value(masha, "H1", "2 -1; 0 1")
    assert mark.verdict == "right"
    assert mark.credit == 1.0
    assert mark.cells == (("right", "right"), ("right", "right"))
    assert mark.reading == (("2", "-1"), ("0", "1"))


@pytest.mark.parametrize("text", ["2.0 -1; 0 1", "4/2 -1; 0 1", "2 −1\n0 1", "[[2, -1], [0, 1]]"])
def test_an_exact_number_may_be_typed_in_any_way(masha: Problem, text: str) -> None:
    assert mark_value(masha, "H1", text).verdict == "right"


def test_a_wrong_cell_is_shown_and_nothing_else(masha: Problem) -> None:
    mark = mark_value(masha, "H1", "2 -0.5; 0 1")
    assert mark.verdict == "wrong"
    assert mark.cells == (("right", "wrong"), ("right", "right"))
    assert mark.credit == 0.0
    assert "-1" not in mark.message


@pytest.mark.parametrize("text", ["", "   ", "_ _; _ _"])
def test_an_empty_answer_is_incomplete_and_costs_nothing(masha: Problem, text: str) -> None:
    mark = mark_value(masha, "H1", text)
    assert mark.verdict == "incomplete"
    assert mark.cells == (("blank", "blank"), ("blank", "blank"))


def test_blanks_beside_right_cells_are_incomplete(masha: Problem) -> None:
    mark = mark_value(masha, "H1", "2 _; 0 1")
    assert mark.verdict == "incomplete"
    assert mark.cells == (("right", "blank"), ("right", "right"))


def test_blanks_beside_a_coarse_cell_are_incomplete_too(logistic: Problem) -> None:
    assert mark_value(logistic, "p", "0.7; _").verdict == "incomplete"


def test_blanks_beside_a_wrong_cell_are_wrong(masha: Problem) -> None:
    mark = mark_value(masha, "H1", "2 _; 0 3")
    assert mark.verdict == "wrong"
    assert mark.cells == (("right", "blank"), ("right", "wrong"))


def test_a_misconception_shows_through_blanks(masha: Problem) -> None:
    assert tag(mark_value(masha, "grad.H1", "-0.5 -1; _ 0")) == "mask_missing"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("2 -1 0; 0 1 0", "The answer is 2x2, this is 2x3."),
        ("abc", "abc"),
        ("1/0 2; 3 4", "divides by zero"),
        ("2 -1; 0 1 5", "Row 2"),
    ],
)
def test_what_cannot_be_read_says_why(masha: Problem, text: str, part: str) -> None:
    mark = mark_value(masha, "H1", text)
    assert mark.verdict == "invalid"
    assert part.lower() in mark.message.lower()
    assert mark.cells == ()


def test_a_wrong_shape_says_if_it_is_the_transposed_answer(masha: Problem) -> None:
    problem = random_problem(0)
    right = problem.solution["grad.W1"].value.T
    turned = "; ".join(" ".join(f"{cell:.6f}" for cell in row) for row in right)
    assert right.shape[0] != right.shape[1]
    mark = mark_value(problem, "grad.W1", turned)
    assert mark.verdict == "invalid"
    assert "It is the right answer, transposed." in mark.message


def test_a_row_where_a_column_is_asked_is_read_as_that_column(logistic: Problem) -> None:
    mark = mark_value(logistic, "grad.W2", "1.5 -0.27")
    assert mark.verdict == "right"
    assert "read as that column" in mark.message


def test_a_matrix_where_a_number_is_asked_is_invalid(masha: Problem) -> None:
    mark = mark_value(masha, "L", "0.25 0; 0 0")
    assert mark.verdict == "invalid"
    assert "one number" in mark.message


# --- precision ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("0.73; 0.73", "right"),
        ("0.7311; 0.731", "right"),
        ("sigmoid(1); σ(1)", "right"),
        ("0.7; 0.7", "coarse"),
        ("0.7; 0.73", "coarse"),
        ("0.9; 0.9", "wrong"),
        ("0; 0", "wrong"),
    ],
)
def test_two_digits_are_enough_where_two_are_asked(
    logistic: Problem, text: str, verdict: str
) -> None:
    assert mark_value(logistic, "p", text).verdict == verdict


def test_a_trailing_zero_may_be_dropped(logistic: Problem) -> None:
    assert mark_value(logistic, "local.yhat", "0.2; 0.20").verdict == "right"


def test_an_exact_step_wants_the_exact_number(masha: Problem) -> None:
    assert mark_value(masha, "grad.X", "-0.5 -0.25; 0 0").verdict == "right"
    assert mark_value(masha, "grad.X", "-1/2 -1/4; 0 0").verdict == "right"
    assert mark_value(masha, "grad.X", "-0.5 -0.3; 0 0").verdict == "coarse"
    assert mark_value(masha, "grad.X", "-0.5 -0.26; 0 0").verdict == "wrong"


def test_a_cell_typed_with_more_digits_changes_nothing_for_its_neighbour(
    logistic: Problem,
) -> None:
    assert mark_value(logistic, "p", "0.7310585786; 0.73").verdict == "right"


def test_a_right_zero_is_right_though_its_relative_tolerance_is_nothing(
    logistic: Problem,
) -> None:
    mark = mark_value(logistic, "grad.H1", "0.37 0; 0 -0.27")
    assert mark.verdict == "right"


def test_rounding_in_between_is_never_called_wrong(logistic: Problem) -> None:
    mark = mark_value(logistic, "grad.yhat", "0.74; -0.28")
    assert mark.verdict == "rounded"
    assert mark.credit == 1.0


def test_the_books_signs_are_named_and_its_rounding_is_not(logistic: Problem) -> None:
    mark = mark_value(logistic, "grad.yhat", "0.74; 0.28")
    assert tag(mark) == "sign"
    assert mark.cells == (("right",), ("wrong",))
    assert tag(mark_value(logistic, "grad.p", "3.7; 1.4")) == "sign"


def test_a_small_loss_is_not_judged_by_an_absolute_tolerance(masha: Problem) -> None:
    assert mark_value(masha, "L", "0.25").verdict == "right"
    assert mark_value(masha, "L", "0.27").verdict == "wrong"


# --- errors carried forward -----------------------------------------------------------------------


def test_a_step_right_for_what_was_entered_before_is_carried(masha: Problem) -> None:
    mark = mark_value(masha, "O1", "1 2; 0 1", given={"H1": "1 2; 0 1"})
    assert mark.verdict == "carried"
    assert mark.credit == 1.0
    assert mark.carried_from == ("H1",)
    assert "H₁" in mark.message


def test_the_fault_is_named_where_it_lies_not_where_it_is_carried(masha: Problem) -> None:
    given = {"H1": "1 1; 0 1", "O1": "1 1; 0 1"}
    assert mark_value(masha, "yhat", "1.5; 1", given=given).carried_from == ("H1",)
    given = {"H1": "2 -1; 0 1", "O1": "1 1; 0 1"}
    assert mark_value(masha, "yhat", "1.5; 1", given=given).carried_from == ("O1",)


def test_steps_between_are_filled_in_from_the_entries(masha: Problem) -> None:
    mark = mark_value(masha, "yhat", "1.5; 1", given={"H1": "1 1; 0 1"})
    assert mark.verdict == "carried"


def test_rounded_entries_make_a_step_rounded_not_carried(logistic: Problem) -> None:
    given = {"grad.p": "3.7; -1.4", "local.yhat": "0.2; 0.2"}
    mark = mark_value(logistic, "grad.yhat", "0.74; -0.28", given=given)
    assert mark.verdict == "rounded"
    assert mark.carried_from == ()


def test_the_exact_answer_is_right_whatever_was_entered_before(masha: Problem) -> None:
    assert mark_value(masha, "O1", "2 0; 0 1", given={"H1": "9 9; 9 9"}).verdict == "right"


@pytest.mark.parametrize("entry", ["nonsense", "1 2", "0 0; 0 0", "1 _; 0 1", "1e400 0; 0 0"])
def test_an_entry_that_cannot_be_gone_on_with_is_not_used(masha: Problem, entry: str) -> None:
    mark = mark_value(masha, "O1", "7 7; 7 7", given={"H1": entry})
    assert mark.verdict == "wrong"


def test_an_entry_for_a_later_step_is_not_used(masha: Problem) -> None:
    mark = mark_value(masha, "H1", "7 7; 7 7", given={"O1": "7 7; 7 7"})
    assert mark.verdict == "wrong"


def test_a_misconception_is_found_on_the_learners_own_numbers(masha: Problem) -> None:
    given = {"grad.O1": "-3 5; 2 4"}
    assert tag(mark_value(masha, "grad.H1", "-3 5; 2 4", given=given)) == "mask_missing"


def test_each_entry_before_is_read_once_however_many_are_wrong(
    masha: Problem, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def reading(text: str, shape: tuple[int, ...]) -> Matrix:
        read.append(text)
        return read_matrix(text, shape)

    masha.remembered.pop("entries", None)
    monkeypatch.setattr(entries, "read_matrix", reading)
    given = {}
    for number, (key, step) in enumerate(masha.solution.items()):
        rows, columns = step.shape or (1, 1)
        given[key] = "; ".join([" ".join([str(31 + number)] * columns)] * rows)
    for answer in ("77; 78", "78; 77"):
        mark_value(masha, "yhat@2", answer, given=given)
    assert len(read) == len(set(read)) > 10


# --- slips ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "text", "expected"),
    [
        ("H1", "-2 1; 0 -1", "sign"),
        ("H1", "2 1; 0 1", "sign"),
        ("H1", "2 0; -1 1", "answer_transposed"),
        ("grad.X", "-5 -2.5; 0 0", "decimal_point"),
        ("yhat@2", "112.5; 47.5", "decimal_point"),
    ],
)
def test_a_slip_over_the_whole_answer_is_named(
    masha: Problem, key: str, text: str, expected: str
) -> None:
    assert tag(mark_value(masha, key, text)) == expected


def test_a_term_left_out_in_one_cell_is_pointed_at(masha: Problem) -> None:
    mark = mark_value(masha, "H1@2", "4.5 -1; 3 1")
    assert mark.verdict == "wrong"
    assert mark.cells == (("right", "right"), ("wrong", "right"))
    assert "Row 2, column 1: a term of the sum was left out" in mark.message


def test_a_digit_is_not_floored_by_its_exponent() -> None:
    from engine.marking.typed import read_number

    assert read_number("0.1667*10000").value == 1667


def test_a_larger_matrix_with_the_answer_in_its_corner_is_not_right(masha: Problem) -> None:
    assert mark_value(masha, "H1", "2 -1 0; 0 1 0; 0 0 0").verdict == "invalid"


def test_every_answer_the_tutor_shows_is_accepted_by_its_marker() -> None:
    from engine.marking.hints import answer_text

    for name in ("masha", "masha-logistic", "masha-pass-order"):
        problem = load(name)
        for key in problem.solution:
            assert mark_value(problem, key, answer_text(problem, key)).verdict == "right", key
