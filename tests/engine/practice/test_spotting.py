"""A worked pass with one wrong step: exactly one, by a named mistake, the rest follows from it."""

from __future__ import annotations

import json

import numpy as np
import pytest

from engine.expression.evaluate import evaluate
from engine.practice.skills import UnknownSkillError
from engine.practice.spotting import Spot, spot


def _spots() -> list[Spot]:
    return [spot(None, 1 + seed % 4, seed) for seed in range(40)]


def test_exactly_one_step_does_not_follow_from_those_before_it() -> None:
    for made in _spots():
        solution = made.problem.solution
        numbers = {**solution.numbers, **made.shown}
        for key, step in solution.items():
            if key not in made.shown:
                numbers[key] = evaluate(step.node, numbers)
        follows = {
            key: np.allclose(evaluate(solution[key].node, numbers), value, rtol=0, atol=1e-9)
            for key, value in made.shown.items()
        }
        assert [key for key, fine in follows.items() if not fine] == [made.key]


def test_the_wrong_step_is_what_its_mistake_leads_to() -> None:
    for made in _spots():
        solution = made.problem.solution
        wrong = evaluate(made.mistake.node, solution.numbers)
        assert np.allclose(made.shown[made.key], wrong)
        assert not np.allclose(made.shown[made.key], solution[made.key].value, atol=1e-4)
        assert made.mistake.message


def test_a_pass_has_several_steps_that_could_be_wrong() -> None:
    assert all(len(made.shown) >= 5 for made in _spots())
    assert len({made.key for made in _spots()}) >= 6


@pytest.mark.parametrize(
    "skill", ["linear.weight_gradient", "relu.backward", "mse.loss", "logloss.gradient"]
)
def test_the_wrong_step_can_be_chosen_by_skill(skill: str) -> None:
    for seed in range(4):
        made = spot(skill, 2, seed)
        assert made.skill == skill
        assert made.problem.solution[made.key].skill == skill


def test_the_same_seed_gives_the_same_line() -> None:
    lines = [json.dumps(spot(None, 3, 9).as_json()) for _ in range(2)]
    assert lines[0] == lines[1]
    line = json.loads(lines[0])
    assert line["shown"][line["key"]] != line["answer"]


def test_a_skill_that_no_pass_can_get_wrong_is_refused() -> None:
    with pytest.raises(ValueError, match=r"no pass has a step of relu\.local"):
        spot("relu.local")
    with pytest.raises(UnknownSkillError):
        spot("relu.sideways")
