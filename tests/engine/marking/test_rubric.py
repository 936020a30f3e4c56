"""What is worked out once for a problem is kept as long as the problem, and no longer."""

from __future__ import annotations

import gc
import weakref

from engine.marking.matrix import mark_value
from engine.marking.rubric import rubric
from engine.problems.reading import load


def test_a_problem_whose_answers_were_marked_is_not_kept_for_ever() -> None:
    problem = load("masha")
    mark_value(problem, "grad.H1", "17 17; 17 17")
    assert rubric(problem, "grad.H1") is rubric(problem, "grad.H1")
    watch = weakref.ref(problem)
    del problem
    gc.collect()
    assert watch() is None
