"""One door to the markers: an answer to a question of either kind, with its misconceptions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.marking.formula import mark_formula
from engine.marking.mark import Mark
from engine.marking.matrix import mark_value
from engine.marking.misconceptions import Variant
from engine.marking.rubric import rubric
from engine.problems.problem import Kind, Problem


def mark_answer(
    problem: Problem,
    kind: Kind,
    key: str,
    text: str,
    *,
    given: Mapping[str, str] | None = None,
) -> Mark:
    """Mark a typed value or formula; any text gets a mark, an unknown key raises `KeyError`.

    `given` is what the learner entered for the values of earlier steps, as typed.
    """
    if kind == "formula":
        return mark_formula(problem.solution, key, text, variants=_variants(problem, key))
    return mark_value(problem, key, text, given=given)


def _variants(problem: Problem, key: str) -> Iterator[Variant]:
    """The step's misconceptions, made only when the marker looks at them."""
    yield from rubric(problem, key).variants
