"""Right and wrong answers to a question of any kind, as a learner would type them."""

from __future__ import annotations

import numpy as np

from engine.expression.evaluate import Array
from engine.practice.question import Question


def typed(value: Array) -> str:
    """A matrix on one line."""
    rows = np.atleast_2d(value)
    return "; ".join(" ".join(f"{cell:.10f}" for cell in row) for row in rows)


def right(question: Question) -> str:
    """The right answer."""
    if question.task is not None:
        return str(question.task.right + 1)
    if question.kind == "formula":
        return question.problem.solution.formula(question.key)
    return typed(question.problem.solution[question.key].value)


def wrong(question: Question) -> str:
    """An answer that is wrong and nothing else."""
    if question.task is not None:
        return str((question.task.right + 1) % question.task.count + 1)
    if question.kind == "formula":
        return "d + d + d + 17"
    return typed(question.problem.solution[question.key].value + 17.3)
