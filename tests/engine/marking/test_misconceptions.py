"""Misconceptions: each is recognised by the numbers that it gives, on every built-in problem."""

from __future__ import annotations

import re

import numpy as np
import pytest

from engine.language import tr, use_language
from engine.marking.matrix import mark_value
from engine.marking.misconceptions import MISCONCEPTIONS, variants
from engine.marking.rubric import rubric
from engine.problems.course import builtin_ids
from engine.problems.problem import Problem
from engine.problems.reading import load

FIXED_TAGS = [
    *("mask_missing", "mask_values", "mask_of_output_gradient", "activation_missing"),
    *("bias_missing", "gradient_only", "not_averaged", "averaged", "ascent"),
    *("learning_rate_missing", "difference_reversed", "updated_weights"),
    *("derivative_of_output", "factor_missing", "wrong_quantity", "transpose_missing"),
    *("transpose_extra", "factors_swapped", "elementwise_product", "matrix_product"),
    *("coefficient_missing", "sum_missing", "square_missing", "wrong_log_base", "sign"),
    *("answer_transposed", "decimal_point"),
]
LAYERS_OWN = ("kernel_flipped", "gradient_to_every_cell", "bias_correction_missing")


def typed(values: np.ndarray, shape: tuple[int, ...]) -> str:
    rows = values.reshape(shape or (1, 1))
    return "; ".join(" ".join(f"{cell:.10f}" for cell in row) for row in rows)


def test_the_table_has_the_fixed_tags_in_their_order_of_priority() -> None:
    ours = [kind.tag for kind in MISCONCEPTIONS]
    assert [tag for tag in ours if tag not in LAYERS_OWN] == [
        tag for tag in FIXED_TAGS if tag in ours
    ]
    assert set(LAYERS_OWN) <= set(ours)
    assert set(FIXED_TAGS) - set(ours) == {"answer_transposed", "decimal_point"}


@pytest.mark.parametrize("name", builtin_ids())
def test_each_distinguishable_misconception_of_each_step_gets_its_own_tag(name: str) -> None:
    problem = load(name)
    checked = 0
    for key in problem.solution:
        wanted = rubric(problem, key)
        table = wanted.candidates
        for place, (variant,) in enumerate(table.meanings):
            earlier = [
                table.meanings[other][0].tag
                for other in range(place)
                if np.allclose(table.values[other], table.values[place], atol=2 * wanted.half.max())
            ]
            if earlier or np.allclose(table.values[place], wanted.truth, atol=wanted.bound.max()):
                continue
            text = typed(table.values[place], wanted.step.shape)
            mark = mark_value(problem, key, text)
            assert mark.misconception is not None, (key, variant)
            assert mark.misconception.tag == variant.tag, (key, variant, mark)
            checked += 1
    assert checked


@pytest.mark.parametrize(
    ("key", "text", "tag"),
    [
        ("grad.H1", "-0.5 -1; 0 0", "mask_missing"),
        ("grad.H1", "-1 1; 0 0", "mask_values"),
        ("grad.H1", "-1 0; 0 0", "mask_values"),
        ("local.H1", "2 -1; 0 1", "mask_values"),
        ("local.H1", "2 0; 0 1", "mask_values"),
        ("O1", "2 -1; 0 1", "activation_missing"),
        ("yhat", "0; 1", "activation_missing"),
        ("new.W1", "-0.5 0; -1 0", "gradient_only"),
        ("new.W1", "0.5 -1; -0.5 0", "ascent"),
        ("new.W1", "1.5 0; 0.5 0", "wrong_quantity"),
        ("grad.yhat", "-0.5; 0", "averaged"),
        ("grad.yhat", "1; 0", "difference_reversed"),
        ("grad.yhat", "-2; 0", "coefficient_missing"),
        ("L", "0.5", "not_averaged"),
        ("local.X", "1 -1; 0.5 0", "transpose_missing"),
        ("grad.X", "-0.5 0.5; 0 0", "transpose_missing"),
        ("grad.W1", "-0.5 -1; 0 0", "wrong_quantity"),
        ("H1", "2 0; 0.5 1", "factors_swapped"),
        ("H1", "1 -2; -0.5 0", "elementwise_product"),
        ("grad.O1", "-2.5 -1; 0 0", "updated_weights"),
    ],
)
def test_the_usual_mistakes_of_the_founding_exercise_are_named(
    key: str, text: str, tag: str
) -> None:
    mark = mark_value(load("masha"), key, text)
    assert mark.misconception is not None, mark
    assert mark.misconception.tag == tag
    assert mark.verdict == "misconception"


@pytest.mark.parametrize(
    ("key", "text", "tag"),
    [
        ("grad.yhat", "3.7; -1.4", "factor_missing"),
        ("local.yhat", "0.22; 0.22", "derivative_of_output"),
        ("local.yhat", "0; 0", "derivative_of_output"),
        ("each.L", "0.57; 0.14", "wrong_log_base"),
        ("L", "0.81", "averaged"),
        ("grad.p", "-3.7; 1.4", "difference_reversed"),
        ("grad.H1", "0.37 0.73; -0.13 -0.27", "mask_missing"),
    ],
)
def test_the_usual_mistakes_of_the_classification_half_are_named(
    key: str, text: str, tag: str
) -> None:
    mark = mark_value(load("masha-logistic"), key, text)
    assert mark.misconception is not None, mark
    assert mark.misconception.tag == tag


def test_the_books_step_names_the_gradient_that_reached_the_relu() -> None:
    mark = mark_value(load("masha"), "new.W1", "1.5 0; 0.5 0")
    assert mark.misconception is not None
    assert mark.misconception.tag == "wrong_quantity"
    assert "∂L/∂O₁ was used where ∂L/∂W₁ belongs" in mark.message
    assert "transposed" in mark.message


def test_two_mistakes_at_once_are_both_named() -> None:
    problem = load("masha-logistic")
    wanted = rubric(problem, "grad.X")
    singles = wanted.candidates.values
    (first, second), values = next(
        (meaning, row)
        for meaning, row in zip(wanted.pairs.meanings, wanted.pairs.values, strict=True)
        if np.abs(singles - row).max(axis=1).min() > 0.05
    )
    mark = mark_value(problem, "grad.X", typed(values, wanted.step.shape))
    assert mark.misconception is not None
    assert mark.misconception.tag == first.tag
    assert first.message in mark.message
    assert second.message in mark.message


def test_a_variant_that_equals_the_truth_is_no_misconception() -> None:
    problem = load("masha")
    for key in problem.solution:
        wanted = rubric(problem, key)
        for row in wanted.candidates.values:
            assert np.abs(row - wanted.truth).max() > 0


def test_variants_include_those_that_only_fail_in_shape() -> None:
    problem: Problem = load("masha")
    tags = {variant.tag for variant in variants(problem.solution, "grad.O1")}
    assert "transpose_missing" in tags
    assert "factors_swapped" in tags


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_message_has_no_field_left_open(language: str) -> None:
    use_language(language)
    try:
        problem = load("masha-logistic")
        for key in problem.solution:
            for variant in variants(problem.solution, key):
                assert variant.message
                assert not re.search(r"[{}]", variant.message)
        for kind in MISCONCEPTIONS:
            assert tr(kind.message)
    finally:
        use_language("en")
