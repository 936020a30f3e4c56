"""Hints: five rungs for every step of every built-in problem, none of which lies."""

from __future__ import annotations

import pytest

from engine.marking.hints import RUNGS, answer_text, hints
from engine.marking.matrix import mark_value
from engine.problems.course import builtin_ids
from engine.problems.reading import load


@pytest.mark.parametrize("name", builtin_ids())
@pytest.mark.parametrize("kind", ["value", "formula"])
def test_every_step_has_five_rungs(name: str, kind: str) -> None:
    problem = load(name)
    for key in problem.solution:
        rungs = hints(problem, key, kind)  # type: ignore[arg-type]
        assert len(rungs) == RUNGS
        assert all(rungs)
        assert len(set(rungs)) == RUNGS


@pytest.mark.parametrize("name", builtin_ids())
def test_the_answer_stands_on_the_last_rung_only(name: str) -> None:
    problem = load(name)
    for key in problem.solution:
        rungs = hints(problem, key)
        answer = answer_text(problem, key)
        assert mark_value(problem, key, answer).verdict == "right"
        assert rungs[-1].endswith(f"= {answer}")
        step = problem.solution[key]
        is_given = step.node.op == "name"  # its one number put in is the answer itself
        if step.value.size >= 4 and step.value.any() and not is_given:
            assert not any(answer in rung for rung in rungs[:3])


def test_the_rungs_lead_from_the_purpose_to_one_cell() -> None:
    rungs = hints(load("masha"), "H1")
    assert rungs[1] == "H₁ = X·W₁. Shapes: X 2x2, W₁ 2x2, H₁ 2x2."
    assert rungs[2] == "With the numbers put in: (1 2; -1 2)·(1 -1; 0.5 0)"
    assert rungs[3] == "Row 1, column 1: 1·1 + 2·0.5 = 2"
    assert rungs[4] == "H₁ = 2 -1; 0 1"


def test_a_formulas_hints_keep_the_formula_for_the_end() -> None:
    problem = load("masha")
    rungs = hints(problem, "grad.W1", "formula")
    assert all("Xᵀ" not in rung for rung in rungs[:4])
    assert rungs[4] == "∂L/∂W₁ = Xᵀ·∂L/∂H₁"
