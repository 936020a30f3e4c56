"""Items with answers to choose from: one right, none alike, each wrong one by a named mistake."""

from __future__ import annotations

import json

import numpy as np
import pytest

from engine.practice.choices import CHOICE_SKILLS, SHAPE_SKILLS, Choice, choice, shape_choice
from engine.practice.levels import LEVELS
from engine.practice.skills import UnknownSkillError

CHOICES = [(skill, level) for skill in CHOICE_SKILLS for level in LEVELS]
SHAPES = [(skill, level) for skill in SHAPE_SKILLS for level in LEVELS]


def _right_value(made: Choice) -> np.ndarray:
    return made.item.problem.solution[made.item.key].value


@pytest.mark.parametrize(("skill", "level"), CHOICES)
def test_one_option_is_right_and_no_two_are_alike(skill: str, level: int) -> None:
    for seed in range(4):
        made = choice(skill, level, seed)
        values = [option.value for option in made.options]
        assert 3 <= len(values) <= 4
        assert sum(option.mistake is None for option in made.options) == 1
        assert np.array_equal(values[made.right], _right_value(made))
        rounded = {json.dumps(np.round(value, 4).tolist()) for value in values if value is not None}
        assert len(rounded) == len(values)


@pytest.mark.parametrize(("skill", "level"), SHAPES)
def test_one_shape_is_right_and_no_two_are_alike(skill: str, level: int) -> None:
    for seed in range(4):
        made = shape_choice(skill, level, seed)
        shapes = [option.shape for option in made.options]
        assert 3 <= len(shapes) <= 4
        assert len({*shapes}) == len(shapes)
        assert shapes[made.right] == _right_value(made).shape
        assert all(option.value is None for option in made.options)


def test_the_right_one_stands_anywhere() -> None:
    assert {choice("relu.backward", 2, seed).right for seed in range(40)} == {0, 1, 2, 3}


def test_a_forgotten_mask_is_among_what_can_be_chosen() -> None:
    made = choice("relu.backward", 1, 3)
    tags = {option.mistake.tag for option in made.options if option.mistake}
    assert "mask_missing" in tags
    assert made.question() == (
        "The gradient d = ∂L/∂O₁ reaches the ReLU. Which of these is ∂L/∂H₁?"
    )


def test_each_wrong_option_says_what_went_wrong() -> None:
    for made in (choice("linear.backward", 1, 3), shape_choice("linear.backward", 1, 3)):
        for option in made.options:
            assert option.mistake is None or option.mistake.message


def test_a_shape_is_asked_by_the_shapes_of_what_is_known() -> None:
    made = shape_choice("linear.weight_gradient", 1, 3)
    assert made.shapes()["X"] == made.item.problem.network.values["X"].shape
    assert made.item.key not in made.shapes()
    assert made.question().endswith("What shape does ∂L/∂W₁ have?")


def test_the_same_seed_gives_the_same_line() -> None:
    for make in (choice, shape_choice):
        lines = [json.dumps(make("linear.backward", 2, 5).as_json()) for _ in range(2)]
        assert lines[0] == lines[1]
        line = json.loads(lines[0])
        assert line["options"][line["right"]]["mistake"] is None
        assert line["kind"] in ("choice", "shape")


def test_a_skill_without_such_a_question_is_refused() -> None:
    with pytest.raises(ValueError, match=r"relu\.backward: expected one of"):
        shape_choice("relu.backward")
    with pytest.raises(ValueError, match=r"linear\.forward: expected one of"):
        choice("linear.forward")
    with pytest.raises(UnknownSkillError):
        choice("relu.sideways")
