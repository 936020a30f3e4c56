"""The functions of `import engine`: load, solve, mark, check, train, generate.

Wherever a problem is asked for, a built-in id or the path of a problem file does as well.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from engine.problems.problem import Problem

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from engine.marking.mark import Mark
    from engine.network.check import GradientCheck
    from engine.network.solution import Solution
    from engine.network.training import Losses
    from engine.practice.mixing import Drawn
    from engine.practice.question import Asked
    from engine.problems.example import Given

ProblemLike: TypeAlias = "Problem | str | os.PathLike[str]"


class UnknownKeyError(LookupError):
    """A problem that has no quantity with that key; `key` says which, `known` what there is."""

    def __init__(self, key: str, known: Sequence[str]) -> None:
        from engine.language import tr
        from engine.problems.faults import suggestion

        self.key, self.known = key, tuple(known)
        super().__init__(tr("There is no quantity {key!r}", key=key) + suggestion(key, known))


def load_problem(
    problem: ProblemLike,
    *,
    input: ArrayLike | os.PathLike[str] | None = None,
    target: ArrayLike | os.PathLike[str] | None = None,
    seed: int | None = None,
) -> Problem:
    """The problem with that built-in id, or in the file at that path.

    An ONNX model goes with an input and a target: arrays, or paths of `.npy`, `.csv` or text files.
    What isn't given is drawn from the seed; with an input alone there is a forward pass only.

    Raises `UnknownProblemError` where neither exists and `ProblemError`, with every fault and its
    line and column, where a file can't be used; for a model `MissingPackageError` where the package
    onnx isn't installed.
    """
    from engine.problems.reading import load

    example = None
    if input is not None or target is not None or seed is not None:
        from engine.problems.example import Example

        example = Example(_given(input, "input"), _given(target, "target"), seed)
    if not isinstance(problem, Problem):
        return load(os.fspath(problem), example)
    if example is not None:
        raise ValueError("an input, a target or a seed goes with a model's path")
    return problem


def _given(array: ArrayLike | os.PathLike[str] | None, role: str) -> Given | None:
    """An array as it is, or from its file."""
    import numpy as np

    from engine.marking.matrix_file import read_given
    from engine.problems.example import Given

    if array is None:
        return None
    if isinstance(array, (str, os.PathLike)):
        return read_given(os.fspath(array))
    found = np.asarray(array)
    if found.dtype.kind not in "fiub" or not found.size:
        raise ValueError(f"the {role} must be numbers")
    return Given(found, role)


def solve(problem: ProblemLike) -> Solution:
    """Every step of every pass by key, in pass order.

    A step's `value` is an array, not rounded: shape () for a scalar, else (rows, columns).
    """
    return load_problem(problem).solution


def check_key(problem: Problem, key: str) -> None:
    """Raise `UnknownKeyError` unless the problem has a quantity with that key."""
    if key not in problem.solution:
        raise UnknownKeyError(key, [*problem.solution])


def mark(
    problem: ProblemLike, key: str, answer: str, given: Mapping[str, str] | None = None
) -> Mark:
    """Mark a typed matrix or number for the quantity `key`.

    `given` is what was entered for earlier quantities, by key, as typed: a mistake in them is
    carried forward. Any text gives a mark; raises `UnknownKeyError` for a key that isn't there.
    """
    from engine.marking.answer import mark_answer

    problem = load_problem(problem)
    check_key(problem, key)
    return mark_answer(problem, "value", key, answer, given=given)


def mark_formula(problem: ProblemLike, key: str, formula: str) -> Mark:
    """Mark a typed formula for the quantity `key`, such as ``d @ W2.T``.

    Any text gives a mark; raises `UnknownKeyError` for a key that isn't there.
    """
    from engine.marking.answer import mark_answer

    problem = load_problem(problem)
    check_key(problem, key)
    return mark_answer(problem, "formula", key, formula)


def check_gradients(problem: ProblemLike) -> GradientCheck | None:
    """Every gradient against finite differences of the loss; None without a loss.

    The result has `passed`, `max_relative_error` and the `errors` by key.
    """
    from engine.network.check import check_solution

    return check_solution(solve(problem))


def train(problem: ProblemLike, steps: int = 1000, dtype: str = "float64") -> Losses:
    """Make that many updates; the loss before each, shape (steps,).

    The array's `parameters` has each trained parameter's last value by name. `dtype` is float64 or
    float32. Raises `TrainingError` for a problem without an update or without a loss.
    """
    from engine.network.training import train_solution

    return train_solution(solve(problem), steps, dtype)


def generate(skill: str, level: int = 1, seed: int = 0, kind: Asked = "value") -> Drawn:
    """The quiz item of that skill, level (1 to 4) and seed; always the same one.

    `kind` is value, formula, choice, shape or spot; of the skills ``pass.…`` each is a whole pass.

    Raises `UnknownSkillError` for a skill that isn't there and `ValueError` for another level, or
    where the skill has no item of the kind.
    """
    from engine.practice.mixing import make

    return make(skill, level, seed, kind)
