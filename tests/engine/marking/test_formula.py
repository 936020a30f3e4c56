"""Marking a typed formula: right by value, wrong by name, and never misled by equal sizes."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.expression.node import Node, name, number
from engine.expression.parse import parse
from engine.expression.printing import write
from engine.marking.formula import mark_formula, preview, same_formula
from engine.marking.mark import Mark
from engine.marking.misconceptions import variants
from tests.engine.marking.test_formula_reading import TEXTS
from tests.engine.networks import (
    biased,
    given_gradient,
    leaky,
    masha,
    masha_logistic,
    optimized,
    recurrent,
    softmax,
    strict,
)

SOLUTIONS = {
    "masha": masha(),
    "logistic": masha_logistic(),
    "strict": strict(),
    "biased": biased(),
    "recurrent": recurrent(),
    "softmax": softmax(),
    "given": given_gradient(),
    "leaky": leaky(),
    "adam": optimized("adam"),
    "nesterov": optimized("nesterov"),
    "one by one": optimized("sgd", steps=((0,), (1,))),
}


def mark(problem: str, key: str, text: str) -> Mark:
    solution = SOLUTIONS[problem]
    return mark_formula(solution, key, text, variants=variants(solution, key))


def tag(problem: str, key: str, text: str) -> str:
    named = mark(problem, key, text).misconception
    return named.tag if named else ""


# --- right, with a note --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("problem", "key", "text", "n"),
    [
        ("masha", "L", "1/4 Σ(ŷ-y)²", "n = 2"),
        ("masha", "L", "Σ(ŷ-y)²/4", "n = 2"),
        ("strict", "grad.yhat", "ŷ - y", "n = 2"),
        ("biased", "grad.yhat", "2/3 (ŷ-y)", "n = 3"),
    ],
)
def test_the_exercises_own_n_as_a_number_is_right_with_a_note(
    problem: str, key: str, text: str, n: str
) -> None:
    found = mark(problem, key, text)
    assert found.verdict == "right"
    assert n in found.message


def test_a_given_number_put_in_for_its_name_is_right_with_a_note() -> None:
    found = mark("biased", "new.b", "b - 0.5 db")
    assert found.verdict == "right"
    assert "η" in found.message
    assert tag("masha", "new.W1", "W1 - dW1") == "learning_rate_missing"


@pytest.mark.parametrize("text", ["X[1] W1", "X[[0]] @ W1", "X W1"])
def test_a_step_on_some_observations_takes_these_rows_named_or_not(text: str) -> None:
    found = mark("one by one", "H1", text)
    assert (found.verdict, found.reading) == ("right", "X[1]·W₁")
    assert mark("one by one", "H1", "X[2] W1").verdict != "right"
    assert mark("one by one", "H1@2", "X[2] W1_new").verdict == "right"


def test_notes_of_the_reading_are_part_of_the_message() -> None:
    assert "look the same" in mark("masha", "H1", "Х W1").message


# --- wrong, by name -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("problem", "key", "text", "expected"),
    [
        ("masha", "H1", "W1 X", "factors_swapped"),
        ("masha", "H1", "X ⊙ W1", "elementwise_product"),
        ("masha", "H1", "Xᵀ W1", "transpose_extra"),
        ("masha", "H1", "X W1ᵀ", "transpose_extra"),
        ("masha", "H1", "W1ᵀ Xᵀ", "answer_transposed"),
        ("masha", "H1", "-X W1", "sign"),
        ("masha", "O1", "H1", "activation_missing"),
        ("masha", "yhat", "H1 W2", "activation_missing"),
        ("masha", "L", "1/n Σ(ŷ-y)²", "coefficient_missing"),
        ("masha", "L", "1/2 Σ(ŷ-y)²", "not_averaged"),
        ("masha", "L", "0.5 mean(ŷ-y)", "square_missing"),
        ("masha", "grad.yhat", "y - ŷ", "difference_reversed"),
        ("masha", "grad.yhat", "(ŷ-y)/n", "averaged"),
        ("masha", "grad.yhat", "(ŷ-y)/2", "averaged"),
        ("masha", "grad.W2", "O1 d", "transpose_missing"),
        ("masha", "grad.W2", "d O1ᵀ", "factors_swapped"),
        ("masha", "grad.W2", "dᵀ O1", "answer_transposed"),
        ("masha", "grad.W2", "Xᵀ d", "wrong_quantity"),
        ("masha", "grad.O1", "d W2", "transpose_missing"),
        ("masha", "grad.O1", "W2ᵀ d", "factors_swapped"),
        ("masha", "grad.O1", "d ⊙ W2ᵀ", "elementwise_product"),
        ("masha", "grad.O1", "W2 dᵀ", "answer_transposed"),
        ("masha", "grad.H1", "d", "mask_missing"),
        ("masha", "grad.H1", "d W2ᵀ", "mask_missing"),
        ("masha", "grad.H1", "d ⊙ H1", "mask_values"),
        ("masha", "grad.H1", "d ⊙ [d>0]", "mask_of_output_gradient"),
        ("masha", "grad.H1", "d·[H1>0]", "matrix_product"),
        ("masha", "grad.W1", "d Xᵀ", "factors_swapped"),
        ("masha", "grad.W1", "1/n Xᵀd", "averaged"),
        ("masha", "new.W1", "W1 + γ dW1", "ascent"),
        ("masha", "new.W1", "dW1", "gradient_only"),
        ("masha", "new.W1", "W1 - γ dH1", "wrong_quantity"),
        ("strict", "grad.yhat", "2(ŷ-y)", "not_averaged"),
        ("logistic", "each.L", "y ln p + (1-y) ln(1-p)", "sign"),
        ("logistic", "each.L", "-(y lg p + (1-y) lg(1-p))", "wrong_log_base"),
        ("logistic", "L", "mean(ℓ)", "averaged"),
        ("logistic", "grad.p", "y/p - (1-y)/(1-p)", "difference_reversed"),
        ("logistic", "grad.yhat", "d", "factor_missing"),
        ("logistic", "grad.yhat", "d ŷ(1-ŷ)", "derivative_of_output"),
        ("logistic", "grad.yhat", "y - p", "sign"),
        ("biased", "yhat", "XW", "bias_missing"),
    ],
)
def test_a_mistake_is_named(problem: str, key: str, text: str, expected: str) -> None:
    found = mark(problem, key, text)
    assert found.verdict == "misconception"
    assert found.misconception is not None
    assert found.misconception.tag == expected
    assert found.message == found.misconception.message
    assert found.credit == 0


def test_the_books_own_erratum_is_recognised_as_the_gradient_that_reached_the_relu() -> None:
    found = mark("masha", "new.W1", "W1 - γ dL/dO1")
    assert found.misconception is not None
    assert found.misconception.tag == "wrong_quantity"
    assert "∂L/∂O₁" in found.message


@pytest.mark.parametrize(
    ("problem", "key", "text", "expected"),
    [
        ("masha", "H1", "-X W1", "sign"),
        ("masha", "grad.yhat", "y - ŷ", "difference_reversed"),
        ("masha", "grad.yhat", "2(ŷ - y)", "coefficient_missing"),
        ("masha", "L", "Σ(ŷ-y)²/(4n)", "coefficient_missing"),
        ("masha", "L", "Σ(ŷ-y)²/2", "not_averaged"),
        ("masha", "grad.W1", "Xᵀd/n", "averaged"),
        ("masha", "grad.O1", "W2 dᵀ", "answer_transposed"),
    ],
)
def test_a_slip_over_the_whole_formula_is_named_without_any_list_of_misconceptions(
    problem: str, key: str, text: str, expected: str
) -> None:
    found = mark_formula(SOLUTIONS[problem], key, text)
    assert found.misconception is not None
    assert found.misconception.tag == expected


@dataclass(frozen=True)
class Suspected:
    tag: str
    node: Node
    message: str = "That mistake."


def test_of_several_misconceptions_that_fit_the_written_one_comes_first() -> None:
    found = mark_formula(
        SOLUTIONS["masha"],
        "new.W1",
        "W1 + γ dW1",
        variants=[
            Suspected("by_value", name("W1") - number(-1) * name("gamma") * name("grad.W1")),
            Suspected("as_written", name("W1") + name("gamma") * name("grad.W1")),
        ],
    )
    assert found.misconception is not None
    assert found.misconception.tag == "as_written"


def test_misconceptions_are_looked_at_only_when_the_formula_is_wrong() -> None:
    def untouched() -> object:
        pytest.fail("the misconceptions were looked at")
        yield

    assert mark_formula(SOLUTIONS["masha"], "H1", "X W1", variants=untouched()).verdict == "right"


def test_a_misconception_that_cant_be_computed_is_passed_over() -> None:
    suspects = [Suspected("odd", name("nobody")), Suspected("same", name("X") + name("X"))]
    found = mark_formula(SOLUTIONS["masha"], "H1", "σ(X W1)", variants=suspects)
    assert found.verdict == "wrong"


# --- wrong in shape -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("problem", "key", "text", "parts"),
    [
        ("masha", "grad.O1", "d W1ᵀ", ("d (2x1)", "W₁ᵀ (2x2)")),
        ("masha", "new.W1", "W1 - γ dW2", ("W₁ (2x2)", "γ·∂L/∂W₂ (2x1)")),
        ("masha", "H1", "X W2", ("X·W₂ is 2x1", "H₁ is 2x2")),
        ("masha", "L", "(ŷ-y)²/(2n)", ("is 2x1", "L is a number")),
        ("masha", "grad.O1", "d", ("d is 2x1", "∂L/∂O₁ is 2x2")),
        ("logistic", "each.L", "-y·ln p", ("y (2x1)", "ln(p) (2x1)", "⊙")),
        ("biased", "grad.b", "d", ("d is 3x2", "∂L/∂b is 1x2")),
    ],
)
def test_what_doesnt_fit_is_said_with_both_shapes_and_costs_nothing(
    problem: str, key: str, text: str, parts: tuple[str, ...]
) -> None:
    found = mark(problem, key, text)
    assert found.verdict == "invalid"
    assert all(part in found.message for part in parts), found.message
    assert found.reading


@pytest.mark.parametrize(
    ("problem", "key", "text"),
    [
        ("masha", "H1", "X + W1"),
        ("masha", "grad.H1", "d O1ᵀ"),
        ("masha", "grad.W1", "X d H1"),
        ("biased", "new.W", "W - η dW·W"),
    ],
)
def test_a_formula_that_fits_only_at_the_exercises_own_sizes_is_wrong(
    problem: str, key: str, text: str
) -> None:
    found = mark_formula(SOLUTIONS[problem], key, text)
    assert found.verdict == "wrong"
    assert "happen to be equal" in found.message


def test_in_numbers_d_and_a_name_are_asked_about_where_both_meanings_fit() -> None:
    found = mark("recurrent", "grad.u", "dp2 h2")
    assert found.verdict == "invalid"
    assert "∂L/∂p₂·h₂" in found.message
    assert "d·p₂·h₂" in found.message


def test_two_readings_that_disagree_are_asked_about() -> None:
    found = mark("masha", "L", "sum(ŷ-y)^2/(2n)")
    assert found.verdict == "invalid"
    assert "(Σ(ŷ - y))²/(2·n)" in found.message
    assert "Σ((ŷ - y)²)/(2·n)" in found.message
    assert "brackets" in found.message


def test_a_text_that_cant_be_read_is_invalid_with_the_reason() -> None:
    found = mark("masha", "H1", "X W1)")
    assert (found.verdict, found.reading, found.cells) == ("invalid", "", ())
    assert ")" in found.message


def test_an_empty_text_is_incomplete() -> None:
    assert mark("masha", "H1", "  \n").verdict == "incomplete"


def test_an_unknown_key_is_the_callers_mistake() -> None:
    with pytest.raises(KeyError):
        mark_formula(SOLUTIONS["masha"], "nobody", "X W1")


def test_the_trees_of_the_misconceptions_are_never_taken_for_right() -> None:
    """But for those that are worth the same at every size: [O₁ > 0] is [H₁ > 0]."""
    same = {"[O₁ > 0]", "∂L/∂O₁ ⊙ [O₁ > 0]", "∂L/∂O₁ ⊙ [∂O₁/∂H₁ > 0]"}
    for problem in ("masha", "logistic", "strict", "biased"):
        solution = SOLUTIONS[problem]
        for key in solution:
            for variant in variants(solution, key):
                text = write(variant.node, solution.notation)
                if (
                    "rows" in variant.node.op
                    or same & {text}
                    or "select_rows" in repr(variant.node)
                ):
                    continue
                found = mark(problem, key, text)
                repeats = found.reading == solution.formula(key)
                assert found.verdict in ("misconception", "invalid") or repeats, (key, text, found)


# --- the echo -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("d", "d"),
        ("d @", ""),
        ("d @ W", ""),
        ("d @ W2", "d·W₂"),
        ("d @ W2.T *", ""),
        ("d @ W2.T * (H1", ""),
        ("d @ W2.T * (H1 > 0)", "(d·W₂ᵀ) ⊙ [H₁ > 0] with d = ∂L/∂ŷ"),
        ("d ⊙ [H1 >= 0]", "The mask is written with > here"),
        ("foo + d", "There is no foo here."),
    ],
)
def test_the_reading_is_shown_while_it_is_typed(text: str, shown: str) -> None:
    found = preview(SOLUTIONS["masha"], "grad.H1", text).text
    assert found.startswith(shown)
    assert bool(found) == bool(shown)


# --- a published formula --------------------------------------------------------------------------


def test_a_published_formula_is_the_steps_own_or_not() -> None:
    solution = SOLUTIONS["logistic"]
    y, p = name("y"), name("p")
    assert same_formula(solution, "H1", name("X") @ name("W1"))
    assert same_formula(solution, "grad.yhat", p - y)
    assert same_formula(solution, "each.L", parse("-(y*ln(p) + (1-y)*ln(1-p))", {"y", "p"}))
    assert not same_formula(solution, "each.L", parse("y*ln(p) + (1-y)*(1-p)", {"y", "p"}))
    assert not same_formula(solution, "H1", name("W1") @ name("X"))
    assert not same_formula(solution, "H1", name("nobody"))
    assert not same_formula(solution, "L", p - y)


# --- any text, and what it leaves behind ----------------------------------------------------------


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.sampled_from(["grad.yhat", "L", "grad.H1", "new.W1", "local.yhat"]))
def test_any_text_gets_a_mark_and_an_echo(text: str, key: str) -> None:
    found = mark("logistic", key, text)
    assert found.verdict in ("right", "misconception", "wrong", "invalid", "incomplete")
    assert found.message
    assert found.cells == ()
    assert isinstance(found.reading, str)
    assert isinstance(preview(SOLUTIONS["logistic"], key, text).text, str)
