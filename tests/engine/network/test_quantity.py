"""Which gradient is called d at a step of the backward pass."""

from __future__ import annotations

import pytest

from engine.expression.node import names
from engine.problems.course import builtin_ids
from engine.problems.reading import load


@pytest.mark.parametrize(
    ("problem", "key", "d"),
    [
        ("masha", "grad.H1", "grad.O1"),
        ("masha", "local.H1", "grad.O1"),
        ("masha", "H1", ""),
        ("batch-norm", "grad.hat.O", "grad.O"),
        ("batch-norm", "grad.var.O", "grad.hat.O"),
        ("batch-norm", "grad.mean.O", ""),
        ("batch-norm", "grad.X", ""),
        ("recurrence", "grad.Wh", ""),
    ],
)
def test_d_is_the_gradient_that_arrives_where_it_arrives_from_one_place(
    problem: str, key: str, d: str
) -> None:
    assert load(problem).solution[key].quantity.d == d


@pytest.mark.parametrize("problem", builtin_ids())
def test_no_step_that_adds_up_several_gradients_calls_one_of_them_d(problem: str) -> None:
    for step in load(problem).solution.values():
        arriving = [key for key in names(step.node) if key.startswith("grad.")]
        if len(arriving) > 1:
            assert not step.quantity.d, step.key
